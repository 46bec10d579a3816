// What is different from the last such file, and what will go wrong or could be done better.
import { Alert, Badge, Group, List, Spoiler, Stack, Text } from '@mantine/core'
import { useNamespace } from '../../lib/place.ts'
import { Go } from '../../parts/go.tsx'
import type { MappingState } from './mappingState.ts'

const words = {
  new: 'New',
  gone: 'Gone',
  renamed: 'Renamed',
  changed: 'Changed',
  left: 'Not taken over',
} as const

export function News({ state: { sample } }: { readonly state: MappingState }) {
  const namespace = useNamespace()
  if (sample === undefined) return null
  const { mappingFrom, news, warnings } = sample
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
      {warnings.length > 0 && (
        <Alert color="orange" title="Look at these">
          <List size="sm" spacing={4}>
            {warnings.map(({ column, text }) => (
              <List.Item key={`${column} ${text}`}>
                {column !== null && <strong>{column}: </strong>}
                {text}
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
    </>
  )
}
