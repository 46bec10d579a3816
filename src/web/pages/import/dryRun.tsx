// What an import would do, tried without writing: how many of each, and the first differences.
import { Alert, Paper, Progress, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRunOptions } from '../../../client/@tanstack/react-query.gen.ts'
import type { RunView } from '../../../client/index.ts'
import { adviceHere } from '../../lib/advice.ts'
import { useNamespace } from '../../lib/place.ts'
import { Loaded } from '../../parts/loaded.tsx'
import { Plan } from '../run/plan.tsx'
import '../run/run.css'
import { dryRunOf, mirrorOf } from '../run/stored.ts'

/** Follows the dry run `run` until it is done. */
export function DryRun({ run }: { readonly run: string }) {
  const namespace = useNamespace()
  const query = useQuery({
    ...getRunOptions({ path: { namespace, run } }),
    refetchInterval: ({ state }) => (state.data?.run.settled === true ? false : 500),
  })
  return (
    <Paper withBorder p="md" radius="lg" aria-live="polite">
      <Loaded query={query}>
        {(view) => (view.run.settled ? <Result view={view} /> : <Working view={view} />)}
      </Loaded>
    </Paper>
  )
}

function Working({ view: { run, counters } }: { readonly view: RunView }) {
  const share = counters.total === null || counters.total === 0 ? 0 : (100 * counters.read) / counters.total
  return (
    <Stack gap="xs">
      <Text fw={600}>Trying it: nothing is written</Text>
      <Progress value={share} animated aria-label="Dry run" />
      <Text size="sm" c="dimmed">
        {run.label}
      </Text>
    </Stack>
  )
}

function Result({ view }: { readonly view: RunView }) {
  const namespace = useNamespace()
  const plan = dryRunOf(view)
  const { problem } = view.run
  return (
    <Stack>
      <Text fw={600}>Dry run: nothing was written</Text>
      {problem !== null && (
        <Alert color="red" title={problem.message}>
          {adviceHere(problem)}
        </Alert>
      )}
      {plan !== null && (
        <Plan namespace={namespace} plan={plan} absent={mirrorOf(view)} total={view.counters.total ?? 0} />
      )}
    </Stack>
  )
}
