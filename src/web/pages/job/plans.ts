// What a typed job file would change, worked out by the same pure plan as `sluice job plan`; and doing it.
import {
  patchJob,
  postJobActivate,
  postJobPause,
  postJobResume,
  type JobChangesInput,
  type JobDetail,
} from '../../../client/index.ts'
import type { DefinitionChange } from '../../../core/definitionDiff.ts'
import { SluiceError } from '../../../core/problem.ts'
import { adviceFor, definitionOf, failure } from '../../../core/problems.ts'
import { Refusal } from '../../lib/queries.ts'
import { loadJobFiles } from './files.ts'
import { asSeen } from './useJob.ts'

export interface TextPlan {
  /** The job it was worked out against. */
  readonly seen: JobDetail
  /** Another name; null: it keeps its own. */
  readonly name: string | null
  /** Whether a new version comes of it. */
  readonly isNew: boolean
  readonly changes: readonly DefinitionChange[]
  readonly move: 'activate' | 'resume' | 'pause' | null
  readonly note: string | null
  readonly order: JobChangesInput
}

/** Throws a `Refusal` that says what is wrong with the text; `faultLine` finds where. */
export async function planText(text: string, form: 'yaml' | 'json', seen: JobDetail): Promise<TextPlan> {
  const [{ jobsFromYaml, definitionAfter }, { planJob }] = await Promise.all([
    loadJobFiles(),
    import('../../../core/jobPlan.ts'),
  ])
  try {
    const [file, second] = jobsFromYaml(text, `the ${form.toUpperCase()}`)
    if (second !== undefined)
      throw failure('jobfile.invalid', {
        file: `the ${form.toUpperCase()}`,
        line: 1,
        at: 1,
        detail: 'several jobs stand in it, and this is the page of one',
      })
    const plan = planJob(file!, seen)
    const name = file!.name === seen.job ? null : file!.name
    const definition = definitionAfter(file!, seen.definition)
    const changed = plan.what === 'change' ? { setup: file!.setup, definition } : {}
    return {
      seen,
      name,
      isNew: plan.what === 'change',
      changes: plan.changes,
      move: plan.move,
      note: plan.note,
      order: { ...changed, ...(name === null ? {} : { name }) },
    }
  } catch (error) {
    throw asRefusal(error)
  }
}

function asRefusal(error: unknown): unknown {
  if (!(error instanceof SluiceError)) return error
  const { problem } = error
  const { title } = definitionOf(problem.code)
  const { code, message: detail } = problem
  const place = { line: problem.details?.['line'] }
  return Object.assign(
    new Refusal({ code, title, detail, advice: adviceFor(problem), status: 400 }, { cause: error }),
    place,
  )
}

/** The line something is wrong with, from 1; undefined: it is not about one. */
export function faultLine(error: unknown): number | undefined {
  const line = typeof error === 'object' && error !== null && 'line' in error ? error.line : undefined
  return typeof line === 'number' ? line : undefined
}

export interface Applied {
  /** What the job is called now. */
  readonly name: string
  /** Somebody else has to approve the change first. */
  readonly waits: boolean
}

/** Does what was planned, only if nobody changed the job meanwhile (412 `job.changed`). */
export async function applyPlan(namespace: string, { seen, order, move }: TextPlan): Promise<Applied> {
  const path = { namespace, job: seen.id }
  let after = seen
  if (Object.keys(order).length > 0)
    after = (await patchJob({ path, body: order, headers: asSeen(seen) })).data
  if (move === 'activate') await postJobActivate({ path, body: {} })
  if (move === 'resume') await postJobResume({ path, body: {} })
  if (move === 'pause') await postJobPause({ path, body: { running: 'finish' } })
  return { name: after.job, waits: after.awaiting !== null && after.version === seen.version }
}
