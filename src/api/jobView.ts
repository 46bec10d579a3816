// A job as the API answers and `--json` prints it.
import { z } from 'zod'
import { connectorOf } from '../connectors/registry.ts'
import { approvalSchema, strictest } from '../core/approval.ts'
import { activities, activityOf } from '../core/jobActivity.ts'
import { importDefinitionSchema } from '../core/job.ts'
import { jobSetupSchema, type JobSetup } from '../core/jobSetup.ts'
import { jobMachine, type JobState } from '../core/jobState.ts'
import { jobVerbs, possibleVerbs, whyNot, type JobFacts } from '../core/jobVerbs.ts'
import type { Mapping } from '../core/mapping.ts'
import { openQuestions } from '../core/mappingFlags.ts'
import { statesOf } from '../core/machine.ts'
import { runName } from '../core/names.ts'
import type { VendorDialect } from '../core/namespaceSettings.ts'
import type { Problem } from '../core/problem.ts'
import { adviceFor } from '../core/problems.ts'
import { percentOf } from '../core/queue.ts'
import { laneRunStates, runMachine, type RunState } from '../core/run.ts'
import { jobWord } from '../core/vendorDialects.ts'
import type { JobSample } from '../db/jobs.ts'
import type { JobRow } from '../db/read/jobs.ts'
import { problemView, problemViewSchema } from './runView.ts'
import { runIdText } from './runId.ts'

const jobState = z.enum(statesOf(jobMachine) as [JobState, ...JobState[]])
const runState = z.enum(statesOf(runMachine) as [RunState, ...RunState[]])

export const jobViewSchema = z
  .object({
    id: z.string().meta({ description: 'For example j12; a name does as well.' }),
    job: z.string(),
    description: z.string(),
    state: jobState,
    label: z.string().meta({ description: 'The state in words.' }),
    word: z
      .string()
      .nullable()
      .meta({ description: 'The state in the words of the dialect that was asked for.' }),
    stateAt: z.string(),
    next: z.string().meta({ description: 'What a person does next.' }),
    problem: problemViewSchema.nullable(),
    moves: z.array(z.enum(jobVerbs)).meta({ description: 'What a person can do with it now.' }),
    activity: z
      .object({
        what: z.enum(activities),
        position: z.int().nullable().meta({ description: 'In the queue of its lane; 1: the next one.' }),
        percent: z
          .number()
          .nullable()
          .meta({ description: 'How far the run that works is in its stage; null: not known yet.' }),
        run: runIdText.nullable().meta({ description: 'The run it is about; null: none is under way.' }),
        until: z.string().nullable(),
        reason: z
          .string()
          .nullable()
          .meta({ description: 'schedule, retry, waiting_for_file, after, held…' }),
      })
      .nullable()
      .meta({ description: 'Null: it is not active and nothing of it is under way.' }),
    kind: z.enum(['one_time', 'recurring']),
    type: z.literal('import'),
    provider: z
      .object({ kind: z.string(), title: z.string() })
      .meta({ description: 'Where records come from.' }),
    authorization: z
      .string()
      .nullable()
      .meta({ description: 'The connection it uses; sources of today need none.' }),
    lane: z.string(),
    versions: z.int(),
    runs: z.int(),
    lastRun: runIdText.nullable(),
    nextRun: z.string().nullable().meta({ description: 'When its schedule is due next.' }),
    zone: z
      .string()
      .meta({ description: 'The time zone of its schedule; its own, or that of the namespace.' }),
    lastRuns: z
      .array(
        z.object({
          run: runIdText,
          state: runState,
          label: z.string(),
          tone: z.enum(['waiting', 'active', 'good', 'warn', 'bad', 'stopped']),
          reason: z.string().nullable().meta({ description: 'Why it did not end well, in one sentence.' }),
          at: z.string(),
        }),
      )
      .meta({ description: 'The last five, newest first; retries and undos are none of them.' }),
    createdAt: z.string(),
    createdBy: z.string().nullable(),
    updatedAt: z.string(),
    updatedBy: z.string().nullable(),
    activatedAt: z.string().nullable(),
  })
  .meta({ id: 'JobView' })
export type JobView = z.infer<typeof jobViewSchema>

export const jobDetailSchema = jobViewSchema
  .extend({
    version: z.int().meta({ description: 'The newest; also the ETag.' }),
    setup: jobSetupSchema,
    definition: importDefinitionSchema,
    approval: approvalSchema.meta({
      description:
        'What of it needs somebody else: the stricter of what it says and what its namespace says.',
    }),
    mapped: z.boolean().meta({ description: 'False: its mapping is still to be made.' }),
    awaiting: z
      .object({
        id: z.string().meta({ description: 'Such as a12.' }),
        kind: z.enum(['activation', 'edit']),
        requestedBy: z.string(),
        since: z.string(),
        says: z.array(z.string()).meta({ description: 'What would change, line by line.' }),
      })
      .nullable()
      .meta({ description: 'What was asked for and waits for somebody else to approve it.' }),
    sample: z
      .object({
        file: z.string(),
        records: z.int(),
        at: z.string(),
        questions: z
          .array(z.object({ question: z.string(), flags: z.array(z.string()) }))
          .meta({ description: 'What it left open; flags of sluice job edit that answer it.' }),
      })
      .nullable()
      .meta({ description: 'The file its mapping was proposed from.' }),
    warnings: z
      .array(problemViewSchema)
      .meta({ description: 'It works, but look at these: it is due before its runs are usually over.' }),
    cannot: z
      .array(z.object({ move: z.enum(jobVerbs), why: z.string() }))
      .meta({ description: 'What is not possible now, and why.' }),
  })
  .meta({ id: 'JobDetail' })
export type JobDetail = z.infer<typeof jobDetailSchema>

/** What decides what a person can do. */
export function factsOf(
  { state, kind, open }: Pick<JobFacts, 'state' | 'kind' | 'open'>,
  { source }: JobSetup,
): JobFacts {
  const { editableWhileActive } = connectorOf(source).capabilities
  return { state, kind, source: source.kind, editableWhileActive, open }
}

/** `dialect`: whose words stand beside ours. */
export function jobView(row: JobRow, dialect: VendorDialect = 'sluice'): JobView {
  const setup = jobSetupSchema.parse(row.setup ?? {})
  const { label } = jobMachine.states[row.state]
  return {
    id: `j${row.id}`,
    job: row.name,
    description: setup.description,
    state: row.state,
    label,
    word: dialect === 'sluice' ? null : jobWord(dialect, row.state, isBusy(row)),
    stateAt: row.state_at,
    next: nextStep(row),
    problem: row.problem === null ? null : problemView(row.problem),
    moves: possibleVerbs(factsOf(row, setup)),
    activity: activity(row, setup),
    kind: row.kind,
    type: 'import',
    provider: { kind: setup.source.kind, title: connectorOf(setup.source).title },
    authorization: null,
    lane: setup.lane,
    versions: row.versions,
    runs: row.runs,
    lastRun: row.last_run === null ? null : runName(row.last_run),
    nextRun: row.state === 'active' ? row.next_due : null,
    zone: row.zone,
    lastRuns: row.recent.map(recentView),
    createdAt: row.created_at,
    createdBy: row.created_by,
    updatedAt: row.updated_at,
    updatedBy: row.updated_by,
    activatedAt: row.activated_at,
  }
}

/** A run of it is under way. */
function isBusy({ open }: JobRow): boolean {
  return open.some(({ state }) => laneRunStates.includes(state))
}

/** What is to be done about its problem; where it has none, what its state calls for (BC-10). */
function nextStep({ state, problem, open }: JobRow): string {
  const held = open.find((run) => run.state === 'held')
  if (held !== undefined) return `${runMachine.states.held.next} It is ${runName(held.id)}.`
  const needsOne = state === 'halted' || state === 'sampling_failed'
  return needsOne && problem !== null ? adviceFor(problem) : jobMachine.states[state].next
}

function activity({ state, next_due: nextDue, open }: JobRow, setup: JobSetup): JobView['activity'] {
  const { source, after } = setup
  const arrives = source.kind === 'folder' && source.onArrival
  const found = activityOf({
    state,
    nextDue,
    starts: arrives ? 'waiting_for_file' : after === null ? null : 'after',
    open: open.map(({ progress, ...run }) => ({ ...run, percent: percentOf(progress, run.state) })),
  })
  return found === null ? null : { ...found, run: found.run === null ? null : runName(found.run) }
}

function recentView({ id, state, problem, at }: JobRow['recent'][number]): JobView['lastRuns'][number] {
  const { label, tone } = runMachine.states[state]
  return { run: runName(id), state, label, tone, reason: problem?.message ?? null, at }
}

function sampleView({ file, records, at, questions }: JobSample, mapping: Mapping) {
  const open = openQuestions(questions, mapping)
  return {
    file,
    records,
    at,
    questions: open.map(({ question, flags }) => ({ question, flags: [...flags] })),
  }
}

interface Around {
  readonly warning: Problem | null
  readonly awaiting: JobDetail['awaiting']
}

export function jobDetail(
  row: JobRow,
  { setup, definition }: Pick<JobDetail, 'setup' | 'definition'>,
  { warning, awaiting }: Around,
): JobDetail {
  const facts = factsOf(row, setup)
  return {
    ...jobView(row),
    version: row.versions,
    setup,
    definition,
    approval: strictest(setup.approval, row.approval),
    warnings: warning === null ? [] : [problemView(warning)],
    mapped: definition.mapping.columns.length > 0,
    awaiting,
    sample: row.sample === null ? null : sampleView(row.sample, definition.mapping),
    cannot: jobVerbs.flatMap((move) => {
      const why = whyNot(move, facts)
      return why === null ? [] : [{ move, why }]
    }),
  }
}
