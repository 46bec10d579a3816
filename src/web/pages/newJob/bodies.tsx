// Which step shows what.
import type { ComponentType } from 'react'
import { ColumnsStep } from './columns.tsx'
import { FinishStep } from './finish.tsx'
import { RulesStep } from './rules.tsx'
import { ScheduleStep } from './schedule.tsx'
import { SourceStep } from './source.tsx'
import type { StepKey } from './steps.ts'
import { TryStep } from './tryOut.tsx'
import type { StepProps } from './wizard.tsx'

interface StepBody {
  readonly Body: ComponentType<StepProps>
  /** It ends with a button of its own instead of going on. */
  readonly hasOwnButton: boolean
}

export const bodies: Readonly<Record<StepKey, StepBody>> = {
  source: { Body: SourceStep, hasOwnButton: false },
  columns: { Body: ColumnsStep, hasOwnButton: false },
  schedule: { Body: ScheduleStep, hasOwnButton: false },
  rules: { Body: RulesStep, hasOwnButton: false },
  try: { Body: TryStep, hasOwnButton: false },
  finish: { Body: FinishStep, hasOwnButton: true },
}
