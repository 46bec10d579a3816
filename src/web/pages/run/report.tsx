// What a run reports besides its numbers: what a dry run would have done, and what an undo kept.
import { Paper, Stack, Title } from '@mantine/core'
import type { RunView } from '../../../client/index.ts'
import { Plan } from './plan.tsx'
import { dryRunOf, lostOf, mirrorOf, undoOf } from './stored.ts'
import { UndoPlan } from './undoPlan.tsx'

export function Report({ view }: { readonly view: RunView }) {
  const { run, counters } = view
  const plan = dryRunOf(view)
  const undo = undoOf(view)
  // Of an undo that is done the numbers say it all, unless something stayed.
  const told = undo !== null && (run.state !== 'completed' || undo.profilesKept + lostOf(view).length > 0)
  if (plan === null && !told) return null
  return (
    <Paper withBorder p="md" radius="lg" component="section" aria-labelledby="report">
      <Stack>
        <Title order={2} id="report">
          {plan !== null ? 'What it would do' : titleOf(view)}
        </Title>
        {plan !== null && (
          <Plan namespace={run.namespace} plan={plan} absent={mirrorOf(view)} total={counters.total ?? 0} />
        )}
        {told && <UndoPlan view={view} />}
      </Stack>
    </Paper>
  )
}

function titleOf({ run }: RunView): string {
  const target = run.reverts ?? 'the run'
  return run.state === 'completed' ? `What undoing ${target} did` : `What undoing ${target} would do`
}
