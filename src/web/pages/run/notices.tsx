// What else there is to know about a run: the problem it has, and the runs it belongs to.
import { Alert, Code, Group, List, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react'
import { Fragment, type ReactNode } from 'react'
import type { RunView } from '../../../client/index.ts'
import { runMachine } from '../../../core/run.ts'
import { adviceHere } from '../../lib/advice.ts'
import { count, noun } from '../../lib/numbers.ts'
import { Go } from '../../parts/go.tsx'
import { toneColours } from '../../parts/state.tsx'
import { When } from '../../parts/when.tsx'
import { Trips } from './decision.tsx'
import { recordsOf, runPage } from './links.ts'
import { heldOf, lateColumns } from './stored.ts'

export function Notices({ view }: { readonly view: RunView }) {
  const { run } = view
  return (
    <>
      {run.state === 'held' && heldOf(view) !== null ? <Trips view={view} /> : <RunProblem view={view} />}
      <Relations view={view} />
      <Mended view={view} />
      <Waiting view={view} />
      {lateColumns(view).length > 0 && (
        <Alert color="orange" title="Columns that were not imported" icon={<IconAlertTriangle aria-hidden />}>
          These appear only later in the file, and nobody had mapped them: {lateColumns(view).join(', ')}.
        </Alert>
      )}
    </>
  )
}

function RunProblem({ view: { run } }: { readonly view: RunView }) {
  const { problem } = run
  // Why a run did not take place stands among its relations where it is another run.
  if (problem === null) return null
  return (
    <Alert
      color={toneColours[runMachine.states[run.state].tone]}
      title={problem.message}
      icon={<IconAlertTriangle aria-hidden />}
      role="alert"
    >
      <Stack gap={6}>
        <Text>{adviceHere(problem)}</Text>
        <Code style={{ alignSelf: 'flex-start' }}>{problem.code}</Code>
        <Attempts attempts={run.attempts} zone={run.zone} told={problem.message} />
      </Stack>
    </Alert>
  )
}

interface AttemptsProps {
  readonly zone: string | null
  readonly attempts: RunView['run']['attempts']
  /** What stands above them already. */
  readonly told: string
}

function Attempts({ attempts, zone, told }: AttemptsProps) {
  if (attempts.length === 0 || (attempts.length === 1 && attempts[0]?.problem.message === told)) return null
  return (
    <List size="sm" type="ordered" withPadding={false} aria-label="Attempts that failed">
      {attempts.map(({ at, stage, problem }) => (
        <List.Item key={at}>
          <When at={at} zone={zone} />, while {stage}
          {problem.message !== told && `: ${problem.message}`}
        </List.Item>
      ))}
    </List>
  )
}

/** Runs that this one follows from, and that follow from it. */
function Relations({ view: { run } }: { readonly view: RunView }) {
  const link = (name: string): ReactNode => <Go to={runPage(run.namespace, name)}>{name}</Go>
  const links = (names: readonly string[]): ReactNode =>
    names.map((name, i) => (
      <Fragment key={name}>
        {i > 0 && ', '}
        {link(name)}
      </Fragment>
    ))
  const said: [key: string, words: ReactNode][] = []
  const say = (key: string, if_: unknown, words: ReactNode): void => {
    if (if_ !== null && if_ !== false) said.push([key, words])
  }
  say(
    'redoes',
    run.redoes,
    <>
      It undoes {link(run.reverts ?? '')}, so that {link(run.redoes ?? '')} stands again.
    </>,
  )
  say('reverts', run.redoes === null && run.reverts, <>It takes {link(run.reverts ?? '')} back.</>)
  say('revertedBy', run.revertedBy, <>It was undone by {link(run.revertedBy ?? '')}.</>)
  say(
    'parents',
    run.parents.length > 0,
    <>
      {run.trigger === 'process' ? 'It processes records of ' : 'It retries records of '}
      {links(run.parents)}.
    </>,
  )
  say('children', run.children.length > 0, <>Records of it were retried in {links(run.children)}.</>)
  say(
    'mirrors',
    run.mirrors,
    <>It deletes people whom the file of {link(run.mirrors ?? '')} does not have any more.</>,
  )
  say('mirroredBy', run.mirroredBy, <>{link(run.mirroredBy ?? '')} deletes who is missing from the file.</>)
  say(
    'skippedFor',
    run.skippedFor,
    <>The same import was done by {link(run.skippedFor ?? '')} already, so this run did nothing.</>,
  )
  if (run.seen !== null) say('seen', run.seen.with ?? run.seen.before, <Seen seen={run.seen} link={link} />)
  if (said.length === 0) return null
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start">
      <IconInfoCircle size={18} aria-hidden style={{ flex: 'none', marginTop: 3 }} />
      <Stack gap={2}>
        {said.map(([key, words]) => (
          <Text key={key} component="div">
            {words}
          </Text>
        ))}
      </Stack>
    </Group>
  )
}

interface SeenProps {
  readonly seen: NonNullable<RunView['run']['seen']>
  readonly link: (name: string) => ReactNode
}

/** Which lines were left out because they had been delivered before, or why none. */
function Seen({ seen: { with: base, why, before }, link }: SeenProps) {
  if (base !== null) return <>Lines that {link(base)} had delivered were left out.</>
  if (before === null) return null
  const none = 'No line was left out: '
  if (why === 'changed')
    return (
      <>
        {none}the mapping, dialect or write mode changed since {link(before)}.
      </>
    )
  if (why === 'under_way')
    return (
      <>
        {none}
        {link(before)}, the run before, has not ended.
      </>
    )
  return (
    <>
      {none}
      {link(before)}, the run before, ended midway.
    </>
  )
}

/** Of a run that retried records: how many of them do not fail any more. */
function Mended({ view: { run, counters } }: { readonly view: RunView }) {
  if (run.trigger !== 'retry' || !run.settled || run.dryRun || run.skippedFor !== null) return null
  if (counters.new > 0 || counters.read === 0) return null
  const same = counters.skipped['unchanged_correction'] ?? 0
  const left = counters.failed.total + same
  const rest = same === 0 ? '' : ` (${count(same)} had not been changed)`
  return (
    <Alert
      color={left === 0 ? 'green' : 'orange'}
      title={`${count(counters.read - left)} of ${noun(counters.read, 'record')} mended`}
    >
      {left === 0
        ? 'None of them fails any more.'
        : `${count(left)} still fail${left === 1 ? 's' : ''}${rest}.`}
    </Alert>
  )
}

/** Records that were not settled when the run ended. */
function Waiting({ view: { run, counters } }: { readonly view: RunView }) {
  const open = counters.new + counters.retry
  if (!run.settled || open === 0) return null
  return (
    <Alert color="blue" title={`${noun(open, 'record')} wait to be processed`}>
      They are processed by a run of their own, when they are due or when somebody asks for it:{' '}
      <Go to={recordsOf(run.namespace, run.id, { state: 'new,retry' })}>see them</Go>.
    </Alert>
  )
}
