// A run that is held: why, what it would do, and the two buttons with their consequences.
import { Alert, Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getApprovalsOptions } from '../../../client/@tanstack/react-query.gen.ts'
import type { RunView } from '../../../client/index.ts'
import { adviceFor } from '../../../core/problems.ts'
import { adviceHere } from '../../lib/advice.ts'
import { noun } from '../../lib/numbers.ts'
import { useMay } from '../../lib/place.ts'
import { useAsk, type Question } from '../../parts/asking.tsx'
import type { useMove } from './moves.ts'
import { Plan } from './plan.tsx'
import { heldOf, undoOf } from './stored.ts'
import { changesOf, UndoPlan } from './undoPlan.tsx'

interface DecisionProps {
  readonly view: RunView
  readonly move: ReturnType<typeof useMove>
}

export function Decision({ view, move }: DecisionProps) {
  const { run, counters } = view
  const held = heldOf(view)
  const undo = undoOf(view)
  return (
    <Paper withBorder p="md" radius="lg" component="section" aria-labelledby="decision">
      <Stack>
        <Title order={2} id="decision">
          {undo === null ? 'If it is released' : `Undoing ${run.reverts ?? ''} would do this`}
        </Title>
        {undo === null && held !== null && (
          <Plan namespace={run.namespace} plan={held.plan} absent={held.absent} total={counters.total ?? 0} />
        )}
        <UndoPlan view={view} />
        <Buttons view={view} move={move} />
      </Stack>
    </Paper>
  )
}

/** Every limit that the run passes, each with what to do about it. */
export function Trips({ view }: { readonly view: RunView }) {
  const trips = heldOf(view)?.trips ?? []
  return trips.map((trip) => (
    <Alert key={trip.code + trip.message} color="orange" title={trip.message} role="alert">
      {adviceHere({ code: trip.code, advice: adviceFor(trip) })}
    </Alert>
  ))
}

/** Four eyes: whether the viewer may release it, though they may release others. */
function useOwn({ run }: RunView): boolean {
  const waits = run.state === 'held' && run.reverts === null
  const query = getApprovalsOptions({ path: { namespace: run.namespace }, query: { limit: 500 } })
  const { data } = useQuery({ ...query, enabled: waits })
  return data?.approvals.find(({ id }) => id === run.id)?.why === 'own'
}

function Buttons({ view, move }: DecisionProps) {
  const ask = useAsk()
  const may = useMay('approve')
  const own = useOwn(view)
  if (!may)
    return <Text c="dimmed">It waits for somebody who may approve: an owner, an admin or an approver.</Text>
  const undo = undoOf(view) !== null
  return (
    <Stack gap="xs">
      {own && (
        <Text>
          You asked for it, and of this job nobody approves their own: somebody else has to release it. You
          can drop it.
        </Text>
      )}
      <Group>
        {!own && (
          <Button onClick={() => ask(release(view, move))}>{undo ? 'Undo it now' : 'Release the run'}</Button>
        )}
        <Button variant="default" onClick={() => ask(drop(view, move))}>
          {undo ? 'Leave everything as it is' : 'Drop the run'}
        </Button>
      </Group>
    </Stack>
  )
}

const noted = 'Why, for whoever looks at the log of the run later. It may be left empty.'

function release(view: RunView, move: DecisionProps['move']): Question {
  const { run, counters } = view
  const stored = undoOf(view)
  const act: Question['act'] = (note) => move.mutateAsync({ move: 'release', note })
  if (stored !== null)
    return {
      title: `Undo ${run.reverts ?? 'it'} now?`,
      body: `${noun(changesOf(stored), 'profile')} would change${stored.profilesKept === 0 ? '' : `; of ${noun(stored.profilesKept, 'profile')} something stays`}. The undo is a run of its own, and can be undone itself.`,
      yes: 'Undo it now',
      note: noted,
      act,
    }
  const failed = Object.entries(heldOf(view)?.plan.counters ?? {})
    .filter(([key]) => key.startsWith('failed.'))
    .reduce((sum, [, records]) => sum + records, 0)
  const fails = failed === 0 ? '' : `; ${noun(failed, 'record')} would fail and go to the error file`
  return {
    title: `Release ${run.id}?`,
    body: `It goes ahead with its ${noun(counters.total ?? 0, 'record')}${fails}. It is planned once more first: where the counts have moved by more than 1 %, it is held again. What it writes can be undone.`,
    yes: 'Release the run',
    note: noted,
    act,
  }
}

function drop(view: RunView, move: DecisionProps['move']): Question {
  const undo = undoOf(view) !== null
  return {
    title: undo ? 'Leave everything as it is?' : `Drop ${view.run.id}?`,
    body: undo
      ? 'Nothing is undone. You can have it worked out again at any time.'
      : 'Nothing of it is imported: it has not written anything yet. The same file can be imported again later.',
    yes: undo ? 'Leave it' : 'Drop the run',
    danger: !undo,
    note: noted,
    act: (note) => move.mutateAsync({ move: 'drop', note }),
  }
}
