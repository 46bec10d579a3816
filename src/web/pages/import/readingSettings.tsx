// How the file is read, in one line; everything about it can be changed.
import { Button, Collapse, Group, NumberInput, Paper, Select, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconAdjustments } from '@tabler/icons-react'
import type { Dialect } from '../../../core/dialect.ts'
import type { PreviewState } from './usePreview.ts'

const delimiters = [
  { value: ',', label: 'Comma ,' },
  { value: ';', label: 'Semicolon ;' },
  { value: '\t', label: 'Tab' },
  { value: '|', label: 'Pipe |' },
]
const encodings = [
  'utf-8',
  'windows-1252',
  'iso-8859-1',
  'iso-8859-15',
  'utf-16le',
  'utf-16be',
  'cp850',
  'shift_jis',
]

interface ReadingProps {
  readonly state: PreviewState
  readonly dialect: Dialect
}

export function ReadingSettings({ state, dialect }: ReadingProps) {
  const [opened, { toggle }] = useDisclosure()
  return (
    <Stack gap="sm">
      <Group gap="sm">
        <Text>{dialectText(dialect)}</Text>
        {dialect.format !== 'rows' && (
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<IconAdjustments size={16} aria-hidden />}
            onClick={toggle}
            aria-expanded={opened}
          >
            Read it differently
          </Button>
        )}
        {state.inspection.isFetching && (
          <Text size="sm" c="dimmed" role="status">
            Reading it again …
          </Text>
        )}
      </Group>
      <Collapse expanded={opened}>
        <Paper withBorder p="md">
          <Settings state={state} dialect={dialect} />
        </Paper>
      </Collapse>
    </Stack>
  )
}

function Settings({ state: { hints, setHints }, dialect }: ReadingProps) {
  const say = (said: Partial<Dialect>): void => setHints({ ...hints, ...said })
  return (
    <Group align="flex-start" gap="md">
      <Select
        label="Characters"
        data={[...new Set([dialect.encoding, ...encodings])]}
        value={dialect.encoding}
        allowDeselect={false}
        onChange={(encoding) => encoding !== null && say({ encoding })}
      />
      {dialect.format === 'csv' && (
        <>
          <Select
            label="Between columns"
            data={delimiters}
            value={dialect.delimiter}
            allowDeselect={false}
            onChange={(delimiter) => delimiter !== null && say({ delimiter })}
          />
          <NumberInput
            label="Lines of header"
            description="0: the file has none"
            min={0}
            max={16}
            value={dialect.headerLines}
            onChange={(lines) => say({ headerLines: Number(lines) })}
          />
          <NumberInput
            label="Lines before it"
            description="Left out"
            min={0}
            value={dialect.skipLines}
            onChange={(lines) => say({ skipLines: Number(lines) })}
          />
          <NumberInput
            label="Lines after the rows"
            description="Totals, left out"
            min={0}
            max={100}
            value={dialect.trailerLines}
            onChange={(lines) => say({ trailerLines: Number(lines) })}
          />
        </>
      )}
    </Group>
  )
}

const formats = { csv: 'CSV', json: 'JSON', jsonl: 'JSON lines', rows: 'Rows of cells' } as const

function dialectText({ format, encoding, delimiter, headerLines, skipLines }: Dialect): string {
  if (format !== 'csv') return formats[format]
  const between = delimiters.find(({ value }) => value === delimiter)?.label ?? delimiter
  return [
    formats[format],
    encoding.toUpperCase(),
    between,
    headerLines === 0 ? 'no header' : 'with a header',
    ...(skipLines > 0 ? [`${skipLines} lines before it`] : []),
  ].join(' · ')
}
