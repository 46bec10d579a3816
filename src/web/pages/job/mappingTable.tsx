// Which column becomes what, and how its values are read.
import { Badge, Paper, Stack, Table, Text, Title } from '@mantine/core'
import type { ColumnMapping, JobDetail } from '../../../client/index.ts'
import { identifierKinds } from '../../../core/attribute.ts'
import { stepsText } from '../../../core/transform/stepText.ts'
import { noun } from '../../lib/numbers.ts'
import { words } from './setupWords.ts'

export function MappingTable({ job: { definition, mapped } }: { readonly job: JobDetail }) {
  const { columns, filters = [] } = definition.mapping
  return (
    <Paper withBorder p="md" radius="lg" component="section" aria-labelledby="mapping">
      <Stack gap="sm">
        <Title order={2} id="mapping">
          Mapping
        </Title>
        {!mapped && <Text c="dimmed">None yet: take a sample of the source, and one is proposed.</Text>}
        {mapped && (
          <Table.ScrollContainer minWidth={640} maxHeight={560}>
            <Table verticalSpacing="xs" stickyHeader>
              <Table.Thead>
                <Table.Tr>
                  {['Column', 'Becomes', 'Read as', 'Empty cell', 'Does not fit'].map((label) => (
                    <Table.Th key={label} scope="col">
                      {label}
                    </Table.Th>
                  ))}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {columns.map((column) => (
                  <Row key={column.column} column={column} />
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
        <Filters filters={filters} />
      </Stack>
    </Paper>
  )
}

const blanks = {
  ignore: 'keeps what is there',
  clear: 'clears the value',
  reject: 'fails the record',
} as const
const unfit = { fail: 'fails the record', blank: 'left blank, with a warning' } as const

function Row({ column }: { readonly column: ColumnMapping }) {
  const { target, blank, onBad, compute } = column
  const left = target.to === 'ignore'
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={500} style={{ overflowWrap: 'anywhere' }}>
        {column.column}
        {compute !== undefined && (
          <Text size="sm" c="dimmed" fw={400}>
            computed
          </Text>
        )}
      </Table.Th>
      <Table.Td>
        <Becomes target={target} />
      </Table.Td>
      <Table.Td c={left ? 'dimmed' : undefined}>{left ? '–' : readAs(column)}</Table.Td>
      <Table.Td c={left || blank === 'ignore' ? 'dimmed' : undefined}>
        {target.to === 'attribute' ? blanks[blank] : '–'}
      </Table.Td>
      <Table.Td c={left || onBad === 'fail' ? 'dimmed' : undefined}>{left ? '–' : unfit[onBad]}</Table.Td>
    </Table.Tr>
  )
}

function Becomes({ target }: Pick<ColumnMapping, 'target'>) {
  switch (target.to) {
    case 'identifier':
      return (
        <>
          {identifierKinds.find(({ kind }) => kind === target.kind)?.label ?? target.kind}{' '}
          <Badge size="sm" variant="light" tt="none">
            identifier
          </Badge>
        </>
      )
    case 'as_of':
      return <>Time of the record</>
    case 'ignore':
      return (
        <Text c="dimmed" span>
          {leftOut(target.why)}
        </Text>
      )
    case 'attribute':
      return (
        <>
          <span className="code">{target.key}</span>
          {target.write === 'set_if_empty' && (
            <Text span size="sm" c="dimmed">
              {' '}
              only if empty
            </Text>
          )}
        </>
      )
  }
}

/** The remark may say it itself. */
function leftOut(why: string | undefined): string {
  if (why === undefined) return 'left out'
  return why.startsWith('left out') ? why : `left out: ${why}`
}

const formatWords: Readonly<Record<string, string>> = {
  dateOrder: 'order',
  decimal: 'decimal sign',
  separator: 'list split at',
  timeZone: 'zone',
  country: 'country',
  trueWords: 'true is',
  falseWords: 'false is',
}

/** Type, way of writing, and steps before: `date, order dmy, after trim`. */
function readAs(column: ColumnMapping): string {
  const { target, format } = column
  const type = target.to === 'attribute' ? [words(target.clean === 'none' ? target.type : target.clean)] : []
  const written = Object.entries(format).map(
    ([name, value]) => `${formatWords[name] ?? name} ${Array.isArray(value) ? value.join('/') : value}`,
  )
  const steps = stepsText(column)
  const all = [...type, ...written, ...(steps === '' ? [] : [`after ${steps}`])]
  return all.length === 0 ? 'as it is' : all.join(', ')
}

function Filters({
  filters,
}: {
  readonly filters: NonNullable<JobDetail['definition']['mapping']['filters']>
}) {
  if (filters.length === 0) return null
  return (
    <div>
      <Text fw={600}>{noun(filters.length, 'filter')}: records that do not keep them are skipped</Text>
      <Stack gap={4} mt={4} component="ul" pl="md" m={0}>
        {filters.map(({ name, keep }) => (
          <li key={name}>
            {name}: <span className="code">{keep}</span>
          </li>
        ))}
      </Stack>
    </div>
  )
}
