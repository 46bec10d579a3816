// What applying a job file would change: pure, so that the plan that is shown is the plan that is done.
import { diffDefinitions, type DefinitionChange } from './definitionDiff.ts'
import type { ImportDefinition } from './job.ts'
import { definitionAfter, type JobFile } from './jobFile.ts'
import { stableJson } from './stableJson.ts'
import type { JobSetup } from './jobSetup.ts'
import type { JobState } from './jobState.ts'
import { diffSetups } from './setupDiff.ts'

/** The job as it is. */
export interface PlannedOver {
  readonly state: JobState
  readonly setup: JobSetup
  readonly definition: ImportDefinition
}

export interface JobPlan {
  readonly name: string
  /** create: there is none of this name; change: it gets a new version; keep: nothing about it changes. */
  readonly what: 'create' | 'change' | 'keep'
  readonly changes: readonly DefinitionChange[]
  /** What is done after that, so that it is as active as the file says; null: nothing. */
  readonly move: 'activate' | 'resume' | 'pause' | null
  /** Why it cannot become as active as the file says; null: it can. */
  readonly note: string | null
}

/** `before`: null where there is no job of this name. */
export function planJob(file: JobFile, before: PlannedOver | null): JobPlan {
  const { name, active } = file
  if (before === null)
    return { name, what: 'create', changes: [], move: active === true ? 'activate' : null, note: null }
  const definition = definitionAfter(file, before.definition)
  const changes = [...diffDefinitions(before.definition, definition), ...diffSetups(before.setup, file.setup)]
  // The differences are for people; whether there are any is a matter of the data.
  const same = stableJson([before.definition, before.setup]) === stableJson([definition, file.setup])
  return {
    name,
    what: same ? 'keep' : 'change',
    changes,
    ...activityPlan(active, before.state),
  }
}

function activityPlan(active: boolean | null, state: JobState): Pick<JobPlan, 'move' | 'note'> {
  const still = { move: null, note: null }
  if (active === null) return still
  if (!active) return state === 'active' ? { move: 'pause', note: null } : still
  switch (state) {
    case 'active':
      return still
    case 'draft':
    case 'sampling_failed':
      return { move: 'activate', note: null }
    case 'paused':
      return { move: 'resume', note: null }
    case 'halted':
      return { move: null, note: 'it is halted: see its problem, then resume it by hand' }
    case 'sampling':
      return { move: null, note: 'its sample is being read; apply the file again afterwards' }
    case 'completed':
      return { move: null, note: 'it is completed: run it by hand, or make a job of another name' }
    case 'archived':
      return { move: null, note: 'it is archived: restore it first' }
  }
}
