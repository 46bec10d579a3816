// What is about the whole mapping: filters, columns that are computed, a sign that clears, extra checks.
import {
  Accordion,
  ActionIcon,
  Button,
  Checkbox,
  Group,
  NativeSelect,
  Paper,
  Stack,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import type { ColumnMapping } from '../../../core/mapping.ts'
import type { Compute, Filter, Step } from '../../../core/transform/stepSchema.ts'
import { noun } from '../../lib/numbers.ts'
import { ColumnDetails } from './columnDetails.tsx'
import type { OfRows } from './mappingState.ts'
import { Fold } from './choice.tsx'
import { stepForms } from './stepForms.ts'
import { StepFields } from './stepList.tsx'

export function MoreMapping(props: OfRows) {
  const { mapping, set } = props.state
  const { filters = [], checks, clearToken } = mapping
  const computed = mapping.columns.filter(({ compute }) => compute !== undefined)
  const other = [...(clearToken === undefined ? [] : ['a clear sign']), ...checks]
  return (
    <Accordion variant="separated" multiple>
      <Fold
        value="filters"
        title="Filters"
        said={filters.length === 0 ? 'all records' : noun(filters.length, 'filter')}
      >
        <Filters {...props} filters={filters} />
      </Fold>
      <Fold
        value="computed"
        title="Computed columns"
        said={computed.length === 0 ? '' : noun(computed.length, 'column')}
      >
        <ComputedColumns {...props} computed={computed} />
      </Fold>
      <Fold value="other" title="Clearing and checks" said={other.join(', ')}>
        <TextInput
          label="A cell with exactly this text clears the value"
          placeholder="none"
          maw={320}
          value={clearToken ?? ''}
          onChange={({ currentTarget: { value } }) =>
            set({ ...mapping, clearToken: value === '' ? undefined : value })
          }
        />
        <Checkbox
          label="Check what Blueshift would refuse as well"
          checked={checks.includes('blueshift')}
          onChange={({ currentTarget }) =>
            set({ ...mapping, checks: currentTarget.checked ? ['blueshift'] : [] })
          }
        />
      </Fold>
    </Accordion>
  )
}

function Filters({ filters, state, rows, tools }: OfRows & { readonly filters: readonly Filter[] }) {
  const put = (next: readonly Filter[]): void =>
    state.set({ ...state.mapping, filters: next.length === 0 ? undefined : [...next] })
  const column = JSON.stringify(state.columns[0] ?? '')
  const first = {
    name: `filter ${filters.length + 1}`,
    keep: `record[${column}] != ""`,
    onError: 'fail',
  } as const
  return (
    <>
      <Text size="sm" c="dimmed">
        Records for which the expression is true go on; the others are skipped and counted under its name.
      </Text>
      {filters.map((filter, at) => (
        <OneFilter
          key={at}
          filter={filter}
          kept={
            tools === null || rows.length === 0
              ? null
              : tools.keptBy(filter, state.mapping, state.columns, rows)
          }
          rows={rows.length}
          change={(next) => put(filters.map((one, i) => (i === at ? next : one)))}
          remove={() => put(filters.filter((_, i) => i !== at))}
        />
      ))}
      <Group>
        <Button size="xs" variant="default" onClick={() => put([...filters, first])}>
          Add a filter
        </Button>
      </Group>
    </>
  )
}

interface OneFilterProps {
  readonly filter: Filter
  /** Of the rows of the sample; a text says what is wrong with the expression. */
  readonly kept: number | string | null
  readonly rows: number
  readonly change: (filter: Filter) => void
  readonly remove: () => void
}

function OneFilter({ filter, kept, rows, change, remove }: OneFilterProps) {
  return (
    <Paper withBorder p="sm" radius="md">
      <Group align="flex-start" wrap="nowrap">
        <Stack gap="xs" style={{ flex: 1 }}>
          <TextInput
            label="Name"
            maxLength={60}
            value={filter.name}
            onChange={({ currentTarget }) => change({ ...filter, name: currentTarget.value })}
          />
          <Textarea
            label="Keep a record when"
            description={'CEL, for example record["country"] == "AT" && profile.email != ""'}
            classNames={{ input: 'code' }}
            autosize
            minRows={1}
            value={filter.keep}
            error={typeof kept === 'string' ? kept : undefined}
            onChange={({ currentTarget }) => change({ ...filter, keep: currentTarget.value })}
          />
          <NativeSelect
            label="A record it cannot decide about"
            data={[
              { value: 'fail', label: 'fails' },
              { value: 'skip', label: 'is skipped' },
            ]}
            value={filter.onError}
            onChange={({ currentTarget }) =>
              change({ ...filter, onError: currentTarget.value as Filter['onError'] })
            }
          />
          {typeof kept === 'number' && (
            <Text size="sm" c="dimmed" role="status">
              Keeps {kept} of the {noun(rows, 'row')} of the sample.
            </Text>
          )}
        </Stack>
        <ActionIcon variant="subtle" color="gray" aria-label={`Remove ${filter.name}`} onClick={remove}>
          <IconX size={16} aria-hidden />
        </ActionIcon>
      </Group>
    </Paper>
  )
}

const computes = ['join', 'copy', 'constant', 'cel'] as const

function ComputedColumns(props: OfRows & { readonly computed: readonly ColumnMapping[] }) {
  const { state, computed } = props
  const add = (): void => {
    const name = nameOf(computed.length + 1, (one) =>
      state.mapping.columns.some(({ column }) => column === one),
    )
    const target = { to: 'attribute', key: name, type: 'text', clean: 'none', write: 'set' } as const
    const compute = { join: { from: state.columns.slice(0, 2), with: ' ' } }
    state.change(name, { column: name, compute, target, format: {}, blank: 'ignore', onBad: 'fail' })
  }
  return (
    <>
      <Text size="sm" c="dimmed">
        A value that is in no column of the file: several columns joined, always the same, or an expression.
      </Text>
      {computed.map((column) => (
        <Computed key={column.column} {...props} column={column} />
      ))}
      <Group>
        <Button size="xs" variant="default" onClick={add}>
          Add a computed column
        </Button>
      </Group>
    </>
  )
}

function nameOf(at: number, taken: (name: string) => boolean): string {
  const name = `computed_${at}`
  return taken(name) ? nameOf(at + 1, taken) : name
}

function Computed({ column, ...of }: OfRows & { readonly column: ColumnMapping }) {
  const { state } = of
  const step = column.compute as Step
  const kind = Object.keys(column.compute ?? {})[0]!
  const set = (compute: Step): void => state.change(column.column, { ...column, compute: compute as Compute })
  return (
    <Paper withBorder p="sm" radius="md">
      <Stack gap="xs">
        <Group justify="space-between">
          <NativeSelect
            aria-label={`How ${column.column} is made`}
            data={computes.map((name) => ({ value: name, label: stepForms[name]!.label }))}
            value={kind}
            onChange={({ currentTarget }) => set(stepForms[currentTarget.value]!.first)}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Remove ${column.column}`}
            onClick={() => state.change(column.column, null)}
          >
            <IconX size={16} aria-hidden />
          </ActionIcon>
        </Group>
        <StepFields step={step} columns={state.columns} onChange={set} />
        <ColumnDetails column={column} {...of} />
      </Stack>
    </Paper>
  )
}
