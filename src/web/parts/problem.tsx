// A refusal or problem as people read it: what happened, and what to do next.
import { Alert, Button, Code, Group, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { adviceHere } from '../lib/advice.ts'
import { refusalOf } from '../lib/queries.ts'

interface ProblemProps {
  readonly error: unknown
  /** Tries again what failed. */
  readonly again?: (() => void) | undefined
}

/** For anything the API refused or did not answer. */
export function ProblemAlert({ error, again }: ProblemProps) {
  const { problem } = refusalOf(error)
  const { code, title, detail } = problem
  const advice = adviceHere(problem)
  return (
    <Alert
      color={code === 'offline' ? 'gray' : 'red'}
      title={title}
      icon={<IconAlertTriangle aria-hidden />}
      role="alert"
    >
      <Stack gap={6}>
        <Text>{detail}</Text>
        {advice !== '' && <Text>{advice}</Text>}
        <Group gap="sm">
          {again !== undefined && (
            <Button size="xs" variant="default" onClick={again}>
              Try again
            </Button>
          )}
          <Code>{code}</Code>
        </Group>
      </Stack>
    </Alert>
  )
}
