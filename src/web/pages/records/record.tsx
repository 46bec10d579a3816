// One record in four parts (AL-15): what the list says, its data, and what was said while it came in and was delivered.
import { Button, Group, Tabs, Title } from '@mantine/core'
import { IconPlayerSkipForward, IconRefresh, IconSquareCheck } from '@tabler/icons-react'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { getRecords, getRunRecord, type RecordDetailView, type RecordView } from '../../../client/index.ts'
import { useAddressPart } from '../../lib/address.ts'
import { useMay, useNamespace } from '../../lib/place.ts'
import { commandOf, CopyCommand } from '../../parts/copyCommand.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { isMissing, Missing } from '../../parts/missing.tsx'
import { Page } from '../../parts/page.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { StateBadge } from '../../parts/state.tsx'
import { MovedAlert } from './leftOut.tsx'
import { RecordData } from './recordData.tsx'
import { ExportMessages, ImportMessages } from './recordMessages.tsx'
import { RecordOverview } from './recordOverview.tsx'
import { isLegal } from './selection.ts'
import { useMoves, verbs } from './useMoves.tsx'

export function RecordPage() {
  const namespace = useNamespace()
  const { run = '', record = '' } = useParams({ strict: false })
  const id = `${run}/${record}`
  const moves = useMoves(() => {})
  const { row, detail } = useRecord(namespace, run, record)
  const overview = detail.data?.overview ?? row.data
  return (
    <Page
      title={`Record ${id}`}
      above={[{ label: 'Records', to: `/n/${namespace}/records` }]}
      heading={
        <Group gap="sm">
          <Title order={1}>Record {id}</Title>
          {overview !== undefined && (
            <StateBadge of="record" state={overview.state} word={overview.word ?? undefined} />
          )}
        </Group>
      }
      actions={overview !== undefined && <Actions overview={overview} moves={moves} />}
    >
      {moves.refused !== null && <ProblemAlert error={moves.refused} />}
      {moves.moved !== null && <MovedAlert moved={moves.moved} close={moves.forget} />}
      {overview === undefined ? (
        <NotYet id={id} detail={detail} />
      ) : (
        <Parts overview={overview} detail={detail} />
      )}
      <CopyCommand command={commandOf(namespace, `records show ${id}`)} />
    </Page>
  )
}

function NotYet({ id, detail }: { readonly id: string; readonly detail: UseQueryResult<unknown, unknown> }) {
  const namespace = useNamespace()
  if (isMissing(detail.error))
    return (
      <Missing what={`record ${id}`} list={{ label: 'See all records', to: `/n/${namespace}/records` }}>
        Records are called like r1042/17. It may have been removed by retention, or be in another namespace.
      </Missing>
    )
  return (
    <Loaded query={detail} lines={8}>
      {() => null}
    </Loaded>
  )
}

/** The row of the ledger is there at once; its data are read again from what landed, which takes longer. */
function useRecord(namespace: string, run: string, record: string) {
  const id = `${run}/${record}`
  const row = useQuery({
    queryKey: ['record', namespace, id, 'row'],
    queryFn: async ({ signal }) => {
      const query = { id, dialect: 'namespace' as const }
      return (await getRecords({ path: { namespace }, query, signal })).data.records[0] ?? null
    },
    select: (found) => found ?? undefined,
  })
  const detail = useQuery({
    queryKey: ['record', namespace, id],
    queryFn: async ({ signal }) => {
      const path = { namespace, run, record: Number(record) }
      return (await getRunRecord({ path, query: { dialect: 'namespace' }, signal })).data
    },
    refetchInterval: ({ state }) => (state.data?.overview.state === 'processing' ? 3_000 : false),
  })
  return { row, detail }
}

interface ActionsProps {
  readonly overview: RecordView
  readonly moves: ReturnType<typeof useMoves>
}

const icons = { retry: IconRefresh, skip: IconPlayerSkipForward, settle: IconSquareCheck } as const

function Actions({ overview, moves }: ActionsProps) {
  const may = useMay('run')
  if (!may) return null
  return (['retry', 'skip', 'settle'] as const)
    .filter((name) => isLegal(name, overview))
    .map((name) => {
      const Icon = icons[name]
      return (
        <Button
          key={name}
          variant={overview.state === 'failed' || name !== 'retry' ? 'filled' : 'default'}
          leftSection={<Icon size={16} aria-hidden />}
          loading={moves.counting === name}
          onClick={() => void moves.move(name, { ids: [overview.id] })}
        >
          {verbs[name]}
        </Button>
      )
    })
}

const tabs = [
  { tab: 'overview', label: 'Overview' },
  { tab: 'data', label: 'Data', Part: RecordData },
  { tab: 'import', label: 'Import messages', Part: ImportMessages },
  { tab: 'export', label: 'Export messages', Part: ExportMessages },
] as const

interface PartsProps {
  readonly overview: RecordView
  readonly detail: UseQueryResult<RecordDetailView, unknown>
}

function Parts({ overview, detail }: PartsProps) {
  const [tab, setTab] = useAddressPart('tab')
  const shown = tabs.find((one) => one.tab === tab) ?? tabs[0]
  return (
    <Tabs
      value={shown.tab}
      onChange={(next) => setTab(next === tabs[0].tab || next === null ? undefined : next, { replace: true })}
      keepMounted={false}
    >
      <Tabs.List style={{ flexWrap: 'nowrap', overflowX: 'auto', overflowY: 'hidden' }}>
        {tabs.map(({ tab: value, label }) => (
          <Tabs.Tab key={value} value={value}>
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map((one) => (
        <Tabs.Panel key={one.tab} value={one.tab} pt="lg">
          {'Part' in one ? (
            <Loaded query={detail} lines={8}>
              {(found) => <one.Part detail={found} />}
            </Loaded>
          ) : (
            <RecordOverview overview={overview} line={detail.data?.data?.line ?? overview.line} />
          )}
        </Tabs.Panel>
      ))}
    </Tabs>
  )
}
