// How the sample was read, in one line; all of it can be changed, or another file given.
import {
  Button,
  Collapse,
  Group,
  NumberInput,
  Paper,
  Select,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
} from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconAdjustments, IconRefresh } from '@tabler/icons-react'
import { useState } from 'react'
import type { Dialect } from '../../../core/dialect.ts'
import { noun } from '../../lib/numbers.ts'
import type { Draft } from './draft.ts'
import { GiveFile } from './giveFile.tsx'
import type { Sampling } from './useSample.ts'

interface ReadingProps {
  readonly draft: Draft
  readonly sampling: Sampling
}

export function Reading({ draft, sampling }: ReadingProps) {
  const what = draft.job?.problem?.details['what']
  const failed = draft.job?.state === 'sampling_failed'
  const [opened, { toggle }] = useDisclosure(failed && (what === 'encoding' || what === 'delimiters'))
  const { sample } = sampling
  return (
    <Stack gap="sm">
      <Group gap="xs" justify="space-between" align="flex-start">
        <div style={{ flex: '1 1 280px', minWidth: 0 }}>
          {sample !== undefined && (
            <>
              <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
                {sample.file}
              </Text>
              <Text size="sm" c="dimmed">
                {`${sample.whole ? '' : 'the first '}${noun(sample.records, 'record')} looked at`}
                {sample.bad > 0 && `, ${noun(sample.bad, 'record')} cannot be read`} ·{' '}
                {dialectText(sample.dialect)}
              </Text>
            </>
          )}
        </div>
        <Group gap="xs">
          <Button
            size="xs"
            variant="default"
            leftSection={<IconAdjustments size={16} aria-hidden />}
            onClick={toggle}
            aria-expanded={opened}
          >
            How it is read
          </Button>
          <GiveFile sampling={sampling} small />
          {draft.setup.source.kind !== 'upload' && (
            <Button
              size="xs"
              variant="default"
              leftSection={<IconRefresh size={16} aria-hidden />}
              onClick={() => sampling.read()}
            >
              Read it again
            </Button>
          )}
        </Group>
      </Group>
      <Collapse expanded={opened}>
        <Dialects dialect={draft.definition.dialect} read={(dialect) => sampling.read({ dialect })} />
      </Collapse>
    </Stack>
  )
}

const delimiters = [
  { value: ',', label: 'Comma ,' },
  { value: ';', label: 'Semicolon ;' },
  { value: '\t', label: 'Tab' },
  { value: '|', label: 'Pipe |' },
  { value: 'other', label: 'Something else' },
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

interface DialectsProps {
  readonly dialect: Dialect
  readonly read: (dialect: Partial<Dialect>) => void
}

/** Nothing is read anew before somebody says so: each reading proposes the mapping again. */
function Dialects({ dialect, read }: DialectsProps) {
  const [said, setSaid] = useState<Partial<Dialect>>({})
  const now = { ...dialect, ...said }
  const say = (more: Partial<Dialect>): void => setSaid({ ...said, ...more })
  const known = delimiters.some(({ value }) => value === now.delimiter)
  return (
    <Paper withBorder p="md">
      <Stack>
        <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
          <Select
            label="Characters"
            data={[...new Set([dialect.encoding, ...encodings])]}
            value={now.encoding}
            searchable
            allowDeselect={false}
            onChange={(encoding) => encoding !== null && say({ encoding })}
          />
          <Select
            label="Between columns"
            data={delimiters}
            value={known ? now.delimiter : 'other'}
            allowDeselect={false}
            onChange={(next) => next !== null && say({ delimiter: next === 'other' ? '::' : next })}
          />
          {!known && (
            <TextInput
              label="Which signs"
              value={now.delimiter}
              onChange={({ currentTarget }) => say({ delimiter: currentTarget.value })}
            />
          )}
          <Lines
            label="Header lines"
            value={now.headerLines}
            max={16}
            set={(headerLines) => say({ headerLines })}
          />
          <Lines label="Lines before it" value={now.skipLines} set={(skipLines) => say({ skipLines })} />
          <Lines
            label="Lines after the rows"
            value={now.trailerLines}
            max={100}
            set={(trailerLines) => say({ trailerLines })}
          />
        </SimpleGrid>
        <Group>
          <Button size="xs" disabled={Object.keys(said).length === 0} onClick={() => read(said)}>
            Read it this way
          </Button>
          <Text size="sm" c="dimmed">
            The columns are proposed anew.
          </Text>
        </Group>
      </Stack>
    </Paper>
  )
}

interface LinesProps {
  readonly label: string
  readonly value: number
  readonly max?: number
  readonly set: (value: number) => void
}

function Lines({ label, value, max, set }: LinesProps) {
  return <NumberInput label={label} min={0} max={max} value={value} onChange={(next) => set(Number(next))} />
}

const formats = { csv: 'CSV', json: 'JSON', jsonl: 'JSON lines', rows: 'Rows of cells' } as const

function dialectText({ format, encoding, delimiter, headerLines }: Dialect): string {
  if (format !== 'csv') return formats[format]
  const between = delimiters.find(({ value }) => value === delimiter)?.label ?? delimiter
  const header = headerLines === 0 ? 'no header' : 'with a header'
  return [formats[format], encoding.toUpperCase(), between, header].join(' · ')
}
