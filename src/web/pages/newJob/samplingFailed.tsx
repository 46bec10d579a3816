// A sample that was not understood: what is wrong, and which of mapping, encoding, delimiters and file to change (BC-08).
import { Alert, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { adviceHere } from '../../lib/advice.ts'
import type { Draft } from './draft.ts'

const changes: Readonly<Record<string, string>> = {
  mapping: 'Change what the columns become, below.',
  encoding: 'Change the characters under "How it is read", or give another file.',
  delimiters: 'Change what stands between the columns under "How it is read", or give another file.',
  file: 'Give another file, or change the source; then read it again.',
}

export function SamplingFailed({ draft: { job } }: { readonly draft: Draft }) {
  const problem = job?.problem
  if (problem == null) return null
  const what = changes[String(problem.details['what'])]
  return (
    <Alert color="red" role="alert" icon={<IconAlertTriangle aria-hidden />} title={problem.message}>
      <Stack gap={6}>
        <Text size="sm">{adviceHere(problem)}</Text>
        {what !== undefined && (
          <Text size="sm" fw={600}>
            {what}
          </Text>
        )}
      </Stack>
    </Alert>
  )
}
