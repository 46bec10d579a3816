// Says how a file is to be read, where it was not understood by itself.
import { Button, Group, NumberInput, Paper, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Dialect } from '../../../core/dialect.ts'
import { delimiters, encodingsWith } from './dialect.ts'

interface DialectFormProps {
  /** As it was read. */
  readonly dialect: Dialect
  /** It is being read. */
  readonly busy?: boolean
  /** With what was changed. */
  readonly read: (said: Partial<Dialect>) => void
}

/** Nothing is read anew before somebody says so: each reading proposes the columns again. */
export function DialectForm({ dialect, busy = false, read }: DialectFormProps) {
  const [said, setSaid] = useState<Partial<Dialect>>({})
  const now = { ...dialect, ...said }
  const say = (more: Partial<Dialect>): void => setSaid({ ...said, ...more })
  const submit = (): void => {
    read(said)
    setSaid({})
  }
  const isTable = now.format === 'csv' || now.format === 'rows'
  return (
    <Paper withBorder p="md">
      <Stack>
        <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
          {now.format !== 'rows' && (
            <Select
              label="Characters"
              data={encodingsWith(dialect.encoding)}
              value={now.encoding}
              searchable
              allowDeselect={false}
              onChange={(encoding) => encoding !== null && say({ encoding })}
            />
          )}
          {now.format === 'csv' && <Signs now={now} say={say} />}
          {isTable && <Lines now={now} say={say} />}
        </SimpleGrid>
        <Group>
          <Button size="xs" disabled={Object.keys(said).length === 0} loading={busy} onClick={submit}>
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

interface SayProps {
  readonly now: Dialect
  readonly say: (said: Partial<Dialect>) => void
}

function Signs({ now, say }: SayProps) {
  const isKnown = delimiters.some(({ value }) => value === now.delimiter)
  return (
    <>
      <Select
        label="Between columns"
        data={[...delimiters, { value: 'other', label: 'Something else' }]}
        value={isKnown ? now.delimiter : 'other'}
        allowDeselect={false}
        onChange={(next) => next !== null && say({ delimiter: next === 'other' ? '::' : next })}
      />
      {!isKnown && (
        <TextInput
          label="Which signs"
          maxLength={16}
          value={now.delimiter}
          error={now.delimiter === '' ? 'One sign at least.' : undefined}
          onChange={({ currentTarget }) => say({ delimiter: currentTarget.value })}
        />
      )}
      <Select
        label="Around values"
        data={[
          { value: '"', label: 'Double quotes "' },
          { value: "'", label: "Single quotes '" },
          { value: '', label: 'Nothing: quotes are text' },
        ]}
        value={now.quote}
        allowDeselect={false}
        onChange={(quote) => quote !== null && say({ quote, escape: quote })}
      />
      <Select
        label="Rows with too few or too many values"
        data={[
          { value: 'quarantine', label: 'are set aside' },
          { value: 'pad', label: 'are filled up or kept' },
        ]}
        value={now.onBad}
        allowDeselect={false}
        onChange={(onBad) => onBad !== null && say({ onBad })}
      />
    </>
  )
}

function Lines({ now, say }: SayProps) {
  return (
    <>
      <NumberInput
        label="Header lines"
        description="0: the file has none"
        min={0}
        max={16}
        allowDecimal={false}
        value={now.headerLines}
        onChange={(lines) => say({ headerLines: Number(lines) })}
      />
      <NumberInput
        label="Lines before it"
        description="Left out"
        min={0}
        allowDecimal={false}
        value={now.skipLines}
        onChange={(lines) => say({ skipLines: Number(lines) })}
      />
      <NumberInput
        label="Lines after the rows"
        description="Totals, left out"
        min={0}
        max={100}
        allowDecimal={false}
        value={now.trailerLines}
        onChange={(lines) => say({ trailerLines: Number(lines) })}
      />
    </>
  )
}
