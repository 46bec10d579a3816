// Why a run exists.

export const triggers = {
  manual: 'a person started it',
  schedule: 'its schedule was due',
  activation: 'its job was switched on',
  file: 'a file arrived',
  after: 'another job ended',
  retry: 'it retries records of an earlier run',
  process: 'it processes records that waited',
  mirror: 'it deletes who is missing from a mirrored file',
  undo: 'it takes an earlier run back',
} as const satisfies Readonly<Record<string, string>>

export type Trigger = keyof typeof triggers

/** Runs that count for last five runs, medians, error windows and what follows a job: retries and undos do not. */
export const ordinaryTriggers: readonly Trigger[] = ['manual', 'schedule', 'activation', 'file', 'after']

export function isOrdinary(trigger: string): boolean {
  return (ordinaryTriggers as readonly string[]).includes(trigger)
}
