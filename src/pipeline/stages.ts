// Which stage a claimed run is to do: the same for imports, retries and undos.
import type { RunState } from '../core/run.ts'

/** What can be done with a run that was claimed, by the state it is in. */
export interface Stages {
  begin(): Promise<void>
  /** Where fetching is a stage of its own; what was landed before is validated at once. */
  fetch?(): Promise<void>
  validate(): Promise<void>
  finish(): Promise<void>
  endStopped(): Promise<void>
}

/** Does the stage of this state; what it moves to is the stage's affair. */
export function takeStage(stages: Stages, state: RunState): Promise<void> {
  switch (state) {
    case 'queued':
    case 'retry_wait':
      return stages.begin()
    case 'fetching':
      return stages.fetch === undefined ? stages.validate() : stages.fetch()
    case 'validating':
      return stages.validate()
    case 'processing':
      return stages.finish()
    case 'stopping':
      return stages.endStopped()
    default:
      throw new Error(`no stage to do in state ${state}`)
  }
}
