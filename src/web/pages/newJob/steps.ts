// The steps of setting up a job, in their order.

export const steps = [
  { key: 'source', label: 'Source', about: 'Where records come from' },
  { key: 'columns', label: 'Columns', about: 'What each column becomes' },
  { key: 'schedule', label: 'Schedule', about: 'When it runs' },
  { key: 'rules', label: 'Rules', about: 'How it writes, and whom it tells' },
  { key: 'try', label: 'Try', about: 'What it would change' },
  { key: 'finish', label: 'Finish', about: 'Look it over' },
] as const

export type StepKey = (typeof steps)[number]['key']

/** The step of an address; what is none is the first. */
export function stepOf(text: unknown): StepKey {
  return steps.find(({ key }) => key === text)?.key ?? 'source'
}

/** Its place, from 0. */
export function placeOf(step: StepKey): number {
  return steps.findIndex(({ key }) => key === step)
}
