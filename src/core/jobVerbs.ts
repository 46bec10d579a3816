// What a person can do with a job now, and why not the rest. Routes, commands and answers read it from here.
import { jobMachine, type JobState } from './jobState.ts'
import { ordinaryTriggers } from './triggers.ts'
import type { RunState } from './run.ts'
import type { Source } from './setup/source.ts'

export const jobVerbs = [
  'edit',
  'rename',
  'sample',
  'activate',
  'pause',
  'resume',
  'run',
  'archive',
  'restore',
] as const
export type JobVerb = (typeof jobVerbs)[number]

export type JobKind = 'one_time' | 'recurring'

/** What decides it. */
export interface JobFacts {
  readonly state: JobState
  readonly kind: JobKind
  readonly source: Source['kind']
  /** E9: jobs with such a source can be changed after they were switched on. */
  readonly editableWhileActive: boolean
  /** Its runs that have not ended. */
  readonly open: readonly { readonly state: RunState; readonly trigger: string }[]
}

type Why = (facts: JobFacts) => string | null

/** Null: it can; else why not, as the end of a sentence. */
const rules: Readonly<Record<JobVerb, Why>> = {
  // LY-18: name and description can always be changed.
  rename: () => null,
  edit: ({ state, editableWhileActive }) => {
    if (state === 'sampling') return 'its sample is being read'
    if (state === 'archived') return 'it must be restored first'
    if (state === 'draft' || state === 'sampling_failed' || editableWhileActive) return null
    return 'a job for files that are given by hand can be changed only before it is activated; its name and description always'
  },
  sample: ({ state }) =>
    legal('sample', state) ? null : 'a sample is only taken before a job is activated; edit it instead',
  activate: ({ state }) => (legal('activate', state) ? null : activateAdvice(state)),
  pause: ({ state, kind }) => {
    if (!legal('pause', state)) return 'only an active job can be paused'
    // BS-23.
    return kind === 'recurring' ? null : 'it runs only once; stop its run instead'
  },
  resume: ({ state }) => (legal('resume', state) ? null : 'only a paused or halted job can be resumed'),
  run: (facts) => whyNoRun(facts),
  archive: ({ state, open }) => {
    if (state === 'active') return 'pause it first; of a job that runs once, stop or drop its run'
    if (!legal('archive', state)) return 'it is not in the lists or still sampling'
    return open.length === 0 ? null : 'it still has a run that has not ended; stop that, or wait'
  },
  restore: ({ state }) => (state === 'archived' ? null : 'it was not archived'),
}

function legal(move: keyof typeof jobMachine.moves, state: JobState): boolean {
  return jobMachine.moves[move].from.includes(state)
}

function activateAdvice(state: JobState): string {
  if (state === 'sampling_failed')
    return 'its sample was not understood; sample it again, or edit its mapping'
  if (state === 'paused' || state === 'halted') return 'it was activated before; resume it'
  if (state === 'archived') return 'it must be restored first'
  return state === 'sampling' ? 'its sample is being read' : 'it was activated before'
}

/** Run now (BL-02, BL-28): beside a run that works one more may wait, of a recurring job. */
function whyNoRun({ state, kind, open }: JobFacts): string | null {
  const mine = open.filter(({ trigger }) => (ordinaryTriggers as readonly string[]).includes(trigger))
  if (state === 'paused' || state === 'halted') return 'resume it first'
  if (state === 'completed' && kind === 'recurring')
    return 'its schedule has come to its end; make a new job, for example from its file'
  if (state !== 'active' && state !== 'completed') return 'activate it first'
  if (kind === 'one_time' && mine.length > 0) return 'it is running'
  return mine.some((run) => run.state === 'queued') ? 'a run of it is waiting already' : null
}

/** Why a verb is impossible now, as the end of a sentence; null: it is possible. */
export function whyNot(verb: JobVerb, facts: JobFacts): string | null {
  return rules[verb](facts)
}

/** What a person can do now. */
export function possibleVerbs(facts: JobFacts): JobVerb[] {
  return jobVerbs.filter((verb) => whyNot(verb, facts) === null)
}
