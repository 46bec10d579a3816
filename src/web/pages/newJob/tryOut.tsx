// The whole file, tried without writing: what would be made, changed and refused.
import { Alert, Button, Group, Paper, Progress, Stack, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { IconTestPipe } from '@tabler/icons-react'
import { getRunOptions, postJobRunMutation } from '../../../client/@tanstack/react-query.gen.ts'
import type { RunView } from '../../../client/index.ts'
import type { StoredAbsent, StoredPlan } from '../../../core/storedReports.ts'
import { adviceHere } from '../../lib/advice.ts'
import { useAddressPart } from '../../lib/address.ts'
import { bytes, count, noun } from '../../lib/numbers.ts'
import { useMay, useNamespace } from '../../lib/place.ts'
import { Loaded } from '../../parts/loaded.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { When } from '../../parts/when.tsx'
import { Causes } from '../run/causes.tsx'
import { Plan } from '../run/plan.tsx'
import '../run/run.css'
import type { StepProps } from './stepProps.ts'

export function TryStep({ draft }: StepProps) {
  const namespace = useNamespace()
  const may = useMay('run')
  const [run, setRun] = useAddressPart('run')
  const start = useMutation({
    ...postJobRunMutation(),
    onSuccess: ({ run: begun }) => begun !== null && setRun(begun, { replace: true }),
  })
  const { job } = draft
  if (job === null) return null
  const tryIt = (): void => start.mutate({ path: { namespace, job: job.id }, body: { dryRun: true } })
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="center">
        <Text maw={640}>
          Reads the whole file and works out what would happen, without writing anything. The file can still
          be imported afterwards. You can also go on without.
        </Text>
        {may && (
          <Button
            variant={run === undefined ? 'light' : 'default'}
            leftSection={<IconTestPipe size={18} aria-hidden />}
            loading={start.isPending}
            onClick={tryIt}
          >
            {run === undefined ? 'Try it' : 'Try it again'}
          </Button>
        )}
      </Group>
      {!draft.isNew && draft.changed && (
        <Alert color="orange" title="Your changes are not saved yet">
          A try shows the job as it is saved.
        </Alert>
      )}
      {start.error !== null && <ProblemAlert error={start.error} />}
      {run !== undefined && <Tried key={run} run={run} job={job.job} />}
    </Stack>
  )
}

function Tried({ run, job }: { readonly run: string; readonly job: string }) {
  const namespace = useNamespace()
  const query = useQuery({
    ...getRunOptions({ path: { namespace, run } }),
    refetchInterval: ({ state }) => (state.data?.run.settled === true || state.error !== null ? false : 600),
  })
  return (
    <Loaded query={query}>
      {(view) => {
        if (view.run.job !== job || !view.run.dryRun) return null
        return view.run.settled ? <Result view={view} /> : <Working view={view} />
      }}
    </Loaded>
  )
}

function Working({ view: { run } }: { readonly view: RunView }) {
  const { progress, label, waits } = run
  const { bytes: done = 0, bytesTotal = 0 } = progress ?? {}
  return (
    <Paper withBorder p="md" role="status">
      <Stack gap="xs">
        <Text fw={600}>{label}</Text>
        <Progress
          value={bytesTotal > 0 ? (100 * done) / bytesTotal : 0}
          animated
          aria-label="How far the try is"
        />
        <Text size="sm" c="dimmed" className="numbers">
          {waits ??
            (progress === null || progress.done === undefined
              ? 'It begins in a moment.'
              : `${noun(progress.done, 'record')}, ${bytes(done)} of ${bytes(bytesTotal)}`)}
        </Text>
      </Stack>
    </Paper>
  )
}

function Result({ view }: { readonly view: RunView }) {
  const { run, counters } = view
  const plan = run.validation?.['dryRun'] as StoredPlan | undefined
  if (plan === undefined)
    return (
      <Alert
        color={run.problem === null ? 'gray' : 'red'}
        title={run.problem?.message ?? run.label}
        role="alert"
      >
        {run.problem === null ? 'It did not come to its end. Try it again.' : adviceHere(run.problem)}
      </Alert>
    )
  const absent = (run.validation?.['mirror'] as StoredAbsent | undefined) ?? null
  return (
    <Stack gap="lg" aria-live="polite">
      <Text c="dimmed" size="sm">
        {run.file?.name}, {count(counters.total ?? 0)} records, tried <When at={run.endedAt} ago />
      </Text>
      <Plan namespace={run.namespace} plan={plan} absent={absent} total={counters.total ?? 0} />
      <Causes view={view} />
    </Stack>
  )
}
