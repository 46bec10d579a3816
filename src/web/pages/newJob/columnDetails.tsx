// The settings of one column beside what it becomes: empty cells, what does not fit, how values are written, steps.
import { NativeSelect, SimpleGrid, Stack, Table, Text, TextInput } from '@mantine/core'
import type { ColumnFormat, ColumnMapping } from '../../../core/mapping.ts'
import type { OfRows } from './mappingState.ts'
import { StepList } from './stepList.tsx'

interface DetailsProps extends OfRows {
  readonly column: ColumnMapping
}

export function ColumnDetails({ column, state, rows, tools }: DetailsProps) {
  const change = (more: Partial<ColumnMapping>): void => state.change(column.column, { ...column, ...more })
  return (
    <Stack gap="md" pt="md">
      <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
        <Key column={column} change={change} />
        <Blanks column={column} change={change} />
        <Format column={column} change={change} />
      </SimpleGrid>
      <StepList
        steps={column.steps ?? []}
        columns={state.columns}
        onChange={(steps) => change({ steps: steps.length === 0 ? undefined : steps })}
      />
      {tools !== null && rows.length > 0 && (
        <Change found={tools.mapColumn(column, state.columns, rows.slice(0, 5))} />
      )}
    </Stack>
  )
}

interface PartProps {
  readonly column: ColumnMapping
  readonly change: (more: Partial<ColumnMapping>) => void
}

function Key({ column: { column, target }, change }: PartProps) {
  if (target.to !== 'attribute') return null
  const fits = /^[a-z][a-z0-9_]{0,59}$/.test(target.key)
  return (
    <>
      <TextInput
        label="Attribute"
        classNames={{ input: 'code' }}
        aria-label={`Key of ${column}`}
        value={target.key}
        error={fits ? undefined : 'Small letters, digits and _, a letter first.'}
        onChange={({ currentTarget }) => change({ target: { ...target, key: currentTarget.value } })}
      />
      <NativeSelect
        label="A person who has a value"
        data={[
          { value: 'set', label: 'gets the newer one' },
          { value: 'set_if_empty', label: 'keeps it' },
        ]}
        value={target.write}
        onChange={({ currentTarget }) =>
          change({ target: { ...target, write: currentTarget.value as typeof target.write } })
        }
      />
    </>
  )
}

function Blanks({ column: { target, blank, onBad }, change }: PartProps) {
  return (
    <>
      {target.to === 'attribute' && (
        <NativeSelect
          label="An empty cell"
          data={[
            { value: 'ignore', label: 'changes nothing' },
            { value: 'clear', label: 'clears the value' },
            { value: 'reject', label: 'fails the record' },
          ]}
          value={blank}
          onChange={({ currentTarget }) => change({ blank: currentTarget.value as typeof blank })}
        />
      )}
      <NativeSelect
        label="A value that does not fit"
        data={[
          { value: 'fail', label: 'fails the record' },
          { value: 'blank', label: 'is left out, with a warning' },
        ]}
        value={onBad}
        onChange={({ currentTarget }) => change({ onBad: currentTarget.value as typeof onBad })}
      />
    </>
  )
}

const open = { value: '', label: 'as it is recognised' }

function Format({ column, change }: PartProps) {
  const { target, format } = column
  const type = target.to === 'attribute' ? target.type : target.to === 'as_of' ? 'timestamp' : null
  const set = (more: Partial<ColumnFormat>): void => {
    const next = Object.entries({ ...format, ...more }).filter(
      ([, value]) => value !== '' && value !== undefined,
    )
    change({ format: Object.fromEntries(next) })
  }
  return (
    <>
      {(type === 'date' || type === 'timestamp') && (
        <NativeSelect
          label="Dates in numbers"
          data={[
            open,
            { value: 'dmy', label: 'day first: 31/12/2025' },
            { value: 'mdy', label: 'month first: 12/31/2025' },
            { value: 'ymd', label: 'year first: 2025/12/31' },
          ]}
          value={format.dateOrder ?? ''}
          onChange={({ currentTarget }) => set({ dateOrder: currentTarget.value as 'dmy' })}
        />
      )}
      {type === 'timestamp' && (
        <TextInput
          label="Time zone of times without one"
          placeholder="UTC"
          value={format.timeZone ?? ''}
          onChange={({ currentTarget }) => set({ timeZone: currentTarget.value })}
        />
      )}
      {(type === 'integer' || type === 'number') && (
        <NativeSelect
          label="Decimal sign"
          data={[
            open,
            { value: '.', label: 'a point: 1,234.50' },
            { value: ',', label: 'a comma: 1.234,50' },
          ]}
          value={format.decimal ?? ''}
          onChange={({ currentTarget }) => set({ decimal: currentTarget.value as '.' })}
        />
      )}
      <OtherFormats column={column} set={set} />
    </>
  )
}

interface OtherFormatsProps {
  readonly column: ColumnMapping
  readonly set: (more: Partial<ColumnFormat>) => void
}

function OtherFormats({ column: { target, format }, set }: OtherFormatsProps) {
  const isPhone =
    (target.to === 'attribute' && target.clean === 'phone') ||
    (target.to === 'identifier' && target.kind === 'phone')
  return (
    <>
      {target.to === 'attribute' && target.type === 'text_list' && (
        <TextInput
          label="Between values"
          maxLength={8}
          placeholder=";"
          value={format.separator ?? ''}
          onChange={({ currentTarget }) => set({ separator: currentTarget.value })}
        />
      )}
      {isPhone && (
        <TextInput
          label="Country of numbers without a code"
          maxLength={2}
          placeholder="DE"
          value={format.country ?? ''}
          onChange={({ currentTarget }) => set({ country: currentTarget.value.toUpperCase() })}
        />
      )}
    </>
  )
}

type Found = ReturnType<NonNullable<OfRows['tools']>['mapColumn']>

/** What becomes of the first values: the same code as in an import. */
function Change({ found }: { readonly found: Found }) {
  if (typeof found === 'string')
    return (
      <Text size="sm" c="var(--mantine-color-error)" role="alert">
        {found}
      </Text>
    )
  return (
    <Table.ScrollContainer minWidth={320}>
      <Table verticalSpacing={4} fz="sm" maw={760} aria-label="The first values before and after">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>In the file</Table.Th>
            <Table.Th>Becomes</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {found.map(({ before, after, failed }, i) => (
            <Table.Tr key={i}>
              <Table.Td className="code" c={before === null ? 'dimmed' : undefined}>
                {before ?? '–'}
              </Table.Td>
              <Table.Td
                className={failed === null ? 'code' : undefined}
                c={failed === null ? undefined : 'var(--mantine-color-error)'}
              >
                {failed ?? after ?? (
                  <Text span c="dimmed" size="sm">
                    nothing
                  </Text>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
