// The page of a run: what it does, what became of every record, why some failed, and what can be done about it.
import './run.css'
import { Alert, Grid, Group, Stack, Text, Title } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import type { RunView } from '../../../client/index.ts'
import { runMachine } from '../../../core/run.ts'
import { triggers } from '../../../core/triggers.ts'
import { useLiveState } from '../../lib/live.ts'
import { useNamespace } from '../../lib/place.ts'
import { refusalOf } from '../../lib/queries.ts'
import { Loaded } from '../../parts/loaded.tsx'
import { isMissing, Missing } from '../../parts/missing.tsx'
import { Page } from '../../parts/page.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { StateBadge } from '../../parts/state.tsx'
import { When } from '../../parts/when.tsx'
import { Actions } from './actions.tsx'
import { Causes } from './causes.tsx'
import { Decision } from './decision.tsx'
import { Facts } from './facts.tsx'
import { Files } from './files.tsx'
import { FixRows } from './fixRows.tsx'
import { useMove } from './moves.ts'
import { Notices } from './notices.tsx'
import { NowPanel } from './nowPanel.tsx'
import { Numbers } from './numbers.tsx'
import { Report } from './report.tsx'
import { RunTabs } from './tabs.tsx'
import { useRun, useRunName } from './useRun.ts'

export function RunPage() {
  const name = useRunName()
  const namespace = useNamespace()
  const query = useRun(name)
  if (query.data !== undefined) return <Shown view={query.data} query={query} />
  return (
    <Page title={`Run ${name}`} above={[{ label: 'Runs', to: `/n/${namespace}/runs` }]}>
      {isMissing(query.error) ? (
        <Missing what={`run ${name}`} list={{ label: 'See all runs', to: `/n/${namespace}/runs` }}>
          Runs are called like r1042. It may be in another namespace.
        </Missing>
      ) : (
        <Loaded query={query} lines={8}>
          {() => null}
        </Loaded>
      )}
    </Page>
  )
}

interface ShownProps {
  readonly view: RunView
  readonly query: UseQueryResult<RunView, unknown>
}

function Shown({ view, query }: ShownProps) {
  const { run } = view
  const move = useMove(view)
  return (
    <Page
      title={`${run.id} · ${run.job}`}
      heading={<Heading view={view} />}
      above={[{ label: 'Runs', to: `/n/${run.namespace}/runs` }]}
      actions={
        <>
          <Actions view={view} move={move} />
          <FixRows view={view} />
        </>
      }
    >
      <Connection query={query} />
      {move.error !== null && <ProblemAlert error={move.error} />}
      <Grid gap="xl">
        <Grid.Col span={{ base: 12, lg: 8 }}>
          <Stack gap="lg">
            <Notices view={view} />
            {run.skippedFor === null && <NowPanel view={view} />}
            {run.state === 'held' ? <Decision view={view} move={move} /> : <Results view={view} />}
            <Causes view={view} />
            <RunTabs view={view} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 4 }}>
          <Stack gap="xl" component="aside" aria-label="About this run">
            <Files view={view} />
            <Facts view={view} />
          </Stack>
        </Grid.Col>
      </Grid>
    </Page>
  )
}

/** A run that wrote nothing has a report of what it would have done; before the first record there is nothing to show. */
function Results({ view }: { readonly view: RunView }) {
  const { run, counters } = view
  const nothing = counters.read === 0 && (run.settled || counters.total === null)
  return (
    <>
      {!nothing && <Numbers view={view} />}
      <Report view={view} />
    </>
  )
}

function Heading({ view: { run, words } }: { readonly view: RunView }) {
  const why = (triggers as Readonly<Record<string, string>>)[run.trigger]
  return (
    <Stack gap={6} maw={860} miw={0} style={{ flex: '1 1 420px' }}>
      <Group gap="sm" align="center">
        <Title order={1} className="run-title">
          {run.reverts === null ? run.job : `Undo of ${run.reverts}`}{' '}
          <Text span inherit c="dimmed" fw={400}>
            {run.reverts === null ? `#${run.number}` : run.job}
          </Text>
        </Title>
        <span role="status">
          <StateBadge of="run" state={run.state} label={run.label} dryRun={run.dryRun} />
        </span>
        {words !== null && words.state !== run.label && (
          <Text c="dimmed" size="sm">
            {words.vendor}: {words.state}
          </Text>
        )}
      </Group>
      <Text>{leadOf(run)}</Text>
      <Text c="dimmed" size="sm">
        {run.id} · {run.startedAt === null ? 'created' : 'started'}{' '}
        <When at={run.startedAt ?? run.createdAt} zone={run.zone} />
        {why !== undefined && ` · ${why}`}
        {run.by !== null && ` (${run.by})`}
      </Text>
    </Stack>
  )
}

/** What the state means, and what a person does next (BC-10). */
function leadOf({ state, next, dryRun, trigger }: RunView['run']): string {
  if (dryRun && state === 'skipped')
    return trigger === 'undo' ? 'A dry run: nothing was undone.' : 'A dry run: nothing was written.'
  if (trigger === 'undo' && (state === 'fetching' || state === 'validating'))
    return 'What the undo would change is being worked out; nothing is written yet.'
  if (trigger === 'undo' && state === 'held')
    return 'Nothing is undone yet: look at what would change, then say whether to do it.'
  if (trigger === 'undo' && state === 'importing') return 'Profiles get back what they had.'
  const { doc } = runMachine.states[state]
  return next === 'No action required.' ? doc : `${doc} ${next}`
}

/** Says so when what is shown may be old. It heals by itself. */
function Connection({
  query: { fetchStatus, failureCount, failureReason, error },
}: Pick<ShownProps, 'query'>) {
  // The frame of the app says so where the stream of news broke off.
  const said = useLiveState() === 'lost'
  const lost = fetchStatus === 'paused' || failureCount > 0 || error !== null
  if (!lost) return null
  if (error !== null && refusalOf(error).problem.status !== 0) return <ProblemAlert error={error} />
  if (said) return null
  const reason = failureReason === null ? null : refusalOf(failureReason).problem.detail
  return (
    <Alert color="gray" role="status" title="The connection is lost">
      {reason} What you see is as of the last answer; it is tried again by itself.
    </Alert>
  )
}
