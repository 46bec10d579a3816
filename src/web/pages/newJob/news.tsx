// What is different from the last such file, and what will go wrong or could be done better.
import { Alert, Badge, Button, Group, Spoiler, Stack, Text } from '@mantine/core'
import { useNamespace } from '../../lib/place.ts'
import { Go } from '../../parts/go.tsx'
import { adviceOf } from '../../parts/reading/advice.ts'
import type { MappingState } from './mappingState.ts'

const words = {
  new: 'New',
  gone: 'Gone',
  renamed: 'Renamed',
  changed: 'Changed',
  left: 'Not taken over',
} as const

export function News({ state }: { readonly state: MappingState }) {
  const { sample } = state
  const namespace = useNamespace()
  if (sample === undefined) return null
  const { mappingFrom, news, warnings } = sample
  const open = warnings.filter(({ column, text }) => isOpen(column, text, state))
  return (
    <>
      {mappingFrom !== null && (
        <Alert color="cyan" title="Such a file was imported before">
          <Stack gap="xs">
            <Text size="sm">
              The columns are treated as in <Go to={`/n/${namespace}/runs/${mappingFrom}`}>{mappingFrom}</Go>
              {news.length === 0 ? '; the file has the same ones.' : ', except for these:'}
            </Text>
            <Spoiler maxHeight={160} showLabel="Show all" hideLabel="Show less">
              <Stack gap={4}>
                {news.map(({ kind, column, text }) => (
                  <Group key={`${kind} ${column}`} gap="xs">
                    <Badge variant="outline" tt="none" color="gray">
                      {words[kind]}
                    </Badge>
                    <Text size="sm">
                      <strong>{column}</strong> {text}
                    </Text>
                  </Group>
                ))}
              </Stack>
            </Spoiler>
          </Stack>
        </Alert>
      )}
      {open.length > 0 && (
        <Alert color="orange" title="Look at these">
          <Stack gap="xs">
            {open.map(({ column, text }) => (
              <Warning key={`${column} ${text}`} column={column} text={text} state={state} />
            ))}
          </Stack>
        </Alert>
      )}
    </>
  )
}

interface WarningProps {
  readonly column: string | null
  readonly text: string
  readonly state: MappingState
}

function Warning({ column, text, state }: WarningProps) {
  const { text: said, mend } = adviceOf(text)
  return (
    <Group gap="xs" justify="space-between" align="flex-start">
      <Text size="sm" style={{ flex: '1 1 320px' }}>
        {column !== null && <strong>{column}: </strong>}
        {said}
      </Text>
      {mend !== null && (
        <Button size="compact-sm" variant="default" onClick={() => state.say(mend.flags)}>
          {mend.label}
        </Button>
      )}
    </Group>
  )
}

/** Values that do not fit a column are no matter any more once they are left out, or the column is. */
function isOpen(column: string | null, text: string, { mapping }: MappingState): boolean {
  const mapped = mapping.columns.find((one) => one.column === column)
  if (mapped === undefined) return true
  if (mapped.target.to === 'ignore') return false
  return !(text.includes('--on-bad-value') && mapped.onBad === 'blank')
}
