// Which step shows what.
import type { ComponentType } from 'react'
import { ColumnsStep } from './columns.tsx'
import { FinishStep } from './finish.tsx'
import { RulesStep } from './rules.tsx'
import { ScheduleStep } from './schedule.tsx'
import { SourceStep } from './source.tsx'
import type { StepKey } from './steps.ts'
import { TryStep } from './tryOut.tsx'
import type { StepProps } from './stepProps.ts'

interface StepBody {
  readonly Body: ComponentType<StepProps>
  /** Its last line is its own: there is nothing to go on to. */
  readonly endsItself: boolean
}

export const bodies: Readonly<Record<StepKey, StepBody>> = {
  source: { Body: SourceStep, endsItself: false },
  columns: { Body: ColumnsStep, endsItself: false },
  schedule: { Body: ScheduleStep, endsItself: false },
  rules: { Body: RulesStep, endsItself: false },
  try: { Body: TryStep, endsItself: false },
  finish: { Body: FinishStep, endsItself: true },
}
