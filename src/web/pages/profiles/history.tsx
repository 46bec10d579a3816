// Every value a profile had: who set it, when, from which file and line, and what it replaced.
import { Alert, Badge, Button, Group, NativeSelect, Stack, Table, Text } from '@mantine/core'
import { useInfiniteQuery, useQueries, useQuery } from '@tanstack/react-query'
import { getAttributesOptions } from '../../../client/@tanstack/react-query.gen.ts'
import { getProfileHistory, type HistoryView, type Writer } from '../../../client/index.ts'
import { useAddressPart } from '../../lib/address.ts'
import { count } from '../../lib/numbers.ts'
import { useNamespace } from '../../lib/place.ts'
import { valueText } from '../../lib/values.ts'
import { Go } from '../../parts/go.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { When } from '../../parts/when.tsx'
import { RecordsSkeleton } from '../records/skeleton.tsx'

type Moment = HistoryView['moments'][number]

/** Pages without the lines of files come at once; the lines are read from what landed, and come after. */
function useHistory(id: number, attribute: string | undefined) {
  const namespace = useNamespace()
  const ask = async (
    cursor: string | undefined,
    lines: boolean,
    signal: AbortSignal,
  ): Promise<HistoryView> => {
    const query = {
      limit: 50,
      lines: String(lines),
      ...(attribute === undefined ? {} : { attribute }),
      ...(cursor === undefined ? {} : { cursor: Number(cursor) }),
    }
    return (await getProfileHistory({ path: { namespace, profile: id }, query, signal })).data
  }
  const pages = useInfiniteQuery({
    queryKey: ['profileHistory', namespace, id, attribute ?? null],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => ask(pageParam, false, signal),
    getNextPageParam: ({ next }) => next ?? undefined,
  })
  const cursors =
    pages.data?.pages.map((_, at, all) => (at === 0 ? undefined : (all[at - 1]!.next ?? undefined))) ?? []
  const lined = useQueries({
    queries: cursors.map((cursor) => ({
      queryKey: ['profileHistoryLines', namespace, id, attribute ?? null, cursor ?? null],
      queryFn: ({ signal }: { signal: AbortSignal }) => ask(cursor, true, signal),
      staleTime: 60_000,
    })),
  })
  const lines = new Map(
    lined.flatMap(({ data }) => data?.moments ?? []).map(({ by }) => [by.record, by.line] as const),
  )
  return { pages, lines }
}

export function History({ id }: { readonly id: number }) {
  const [attribute, setAttribute] = useAddressPart('attribute')
  const { pages: history, lines } = useHistory(id, attribute)
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = history
  const moments = data?.pages.flatMap((page) => page.moments) ?? []
  return (
    <Stack gap="sm">
      <AttributeChoice value={attribute} choose={setAttribute} />
      {error !== null && <ProblemAlert error={error} again={() => void history.refetch()} />}
      {data === undefined && error === null && <RecordsSkeleton />}
      {data?.pages[0]?.cut === true && (
        <Alert color="gray">Only the newest changes of this profile are shown: it has very many.</Alert>
      )}
      {data !== undefined && moments.length === 0 && (
        <Text c="dimmed">Nothing is known about this: no change is kept.</Text>
      )}
      {moments.length > 0 && <Moments moments={moments} profile={id} lines={lines} />}
      {hasNextPage && (
        <Button
          variant="default"
          loading={isFetchingNextPage}
          onClick={() => void fetchNextPage()}
          style={{ alignSelf: 'center' }}
        >
          Show older
        </Button>
      )}
    </Stack>
  )
}

interface ChoiceProps {
  readonly value: string | undefined
  readonly choose: (value: string | undefined) => void
}

function AttributeChoice({ value, choose }: ChoiceProps) {
  const namespace = useNamespace()
  const { data } = useQuery({ ...getAttributesOptions({ path: { namespace } }), staleTime: 30_000 })
  const names = [
    ...(data?.identifiers ?? []).map(({ kind, label }) => ({ value: kind, label })),
    ...(data?.attributes ?? []).map(({ key, label }) => ({ value: key, label })),
  ]
  const known = names.filter((one, at) => names.findIndex((other) => other.value === one.value) === at)
  return (
    <NativeSelect
      aria-label="Attribute"
      w={260}
      data={[{ value: '', label: 'Every attribute and identifier' }, ...known]}
      value={value ?? ''}
      onChange={({ currentTarget }) => choose(currentTarget.value === '' ? undefined : currentTarget.value)}
    />
  )
}

interface MomentsProps {
  readonly moments: readonly Moment[]
  readonly profile: number
  readonly lines: ReadonlyMap<string, number | null>
}

function Moments({ moments, profile, lines }: MomentsProps) {
  return (
    <Table.ScrollContainer minWidth={760}>
      <Table verticalSpacing={7} fz="sm" layout="fixed" aria-label="History">
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={170}>When</Table.Th>
            <Table.Th w="18%">What</Table.Th>
            <Table.Th>Value</Table.Th>
            <Table.Th>Replaced</Table.Th>
            <Table.Th w="26%">By</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {moments.map((moment) => (
            <Row
              key={`${moment.profile} ${moment.by.record} ${moment.what} ${moment.attribute ?? moment.identifier} ${valueText(moment.value)}`}
              moment={moment}
              profile={profile}
              line={lines.get(moment.by.record) ?? null}
            />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

const whatWords: Readonly<Record<Moment['what'], string>> = {
  set: '',
  added: 'added',
  removed: 'removed',
  moved: 'came along with a merge',
  restored: 'profile restored',
}

interface RowProps {
  readonly moment: Moment
  readonly profile: number
  readonly line: number | null
}

function Row({ moment, profile, line }: RowProps) {
  const { label, what, value, replaced, at, by, stands, first } = moment
  const shown = what === 'removed' ? replaced : value
  return (
    <Table.Tr>
      <Table.Td>
        <When at={at} />
      </Table.Td>
      <Table.Td>
        {label}
        <Group gap={4} mt={2}>
          {stands && (
            <Badge size="xs" color="green" variant="light" tt="none">
              stands
            </Badge>
          )}
          {first && (
            <Badge size="xs" variant="default" tt="none">
              first
            </Badge>
          )}
          {whatWords[what] !== '' && (
            <Badge size="xs" variant="default" tt="none">
              {whatWords[what]}
            </Badge>
          )}
        </Group>
      </Table.Td>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>
        {shown === null ? <i>none</i> : valueText(shown)}
      </Table.Td>
      <Table.Td style={{ overflowWrap: 'anywhere' }} c="dimmed">
        {what === 'removed' || replaced === null ? '–' : valueText(replaced)}
      </Table.Td>
      <Table.Td>
        <By by={by} line={line} />
        <Text size="xs" c="dimmed">
          <How moment={moment} profile={profile} />
        </Text>
      </Table.Td>
    </Table.Tr>
  )
}

interface ByProps {
  readonly by: Writer
  readonly line: number | null
}

function By({ by: { record, file, job }, line }: ByProps) {
  const namespace = useNamespace()
  const place = file ?? job
  return (
    <>
      <Go to={`/n/${namespace}/records/${record}`} size="sm" className="numbers">
        {record}
      </Go>
      {place !== null && (
        <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {place}
          {line !== null && `, line ${count(line)}`}
        </Text>
      )}
    </>
  )
}

/** What is to be said where the record did not simply write its own value. */
function How({
  moment: { how, asserted, from, profile: where },
  profile,
}: {
  readonly moment: Moment
  readonly profile: number
}) {
  const said: string[] = []
  if (how === 'undone') said.push('put back by an undo')
  if (how === 'merged' && from !== null) said.push(`merged from profile ${from}`)
  if (how === 'confirmed' && asserted !== null) said.push(`confirmed later by ${asserted.record}`)
  if (where !== profile) said.push(`of profile ${where}, merged since`)
  return said.join(' · ')
}
