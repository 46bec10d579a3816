// Four eyes: what of a job needs somebody else than who asked for it (design sections 6 and 12). Pure.
import { z } from 'zod'
import { isOrdinary } from './triggers.ts'

/**
 * none: who may do it does it. changes: switching the job on, changing it, and releasing a run of it that is held each
 * need somebody else. every_run: that, and every run is held before it writes.
 */
export const approvalModes = ['none', 'changes', 'every_run'] as const
export type ApprovalMode = (typeof approvalModes)[number]
export const approvalSchema = z.enum(approvalModes)

/** The one that asks for the most: of what a job says and what its namespace says. */
export function strictest(...modes: readonly ApprovalMode[]): ApprovalMode {
  return approvalModes[Math.max(0, ...modes.map((mode) => approvalModes.indexOf(mode)))]!
}

/** Days after which a request for a change is over: the job and the reasons are others by then. */
export const requestDays = 30

/**
 * Whether a run waits for somebody before it writes. What waited before and is processed now was approved when it
 * landed; who is missing from a mirrored file was approved with the file; undos are for people who are looking.
 */
export function holdsRun(mode: ApprovalMode, trigger: string): boolean {
  return mode === 'every_run' && (isOrdinary(trigger) || trigger === 'retry')
}

/** Whether releasing a held run needs somebody else: by the version it runs with, or by what the job is now. */
export function releaseNeedsOther(modes: readonly ApprovalMode[], trigger: string): boolean {
  return trigger !== 'undo' && modes.some((mode) => mode !== 'none')
}

/** The person behind a name that is kept as `by`: `token nightly of ada@example.com` acts for Ada. */
export function personIn(by: string): string {
  if (!by.startsWith('token ')) return by
  // A token without an owner was made at the machine itself.
  return / of ([^\s@]+@[^\s@]+)$/.exec(by)?.[1] ?? localPerson
}

/** Whoever is at the machine. */
export const localPerson = 'local'

/** Whether one of those who asked for something is the person that now decides. Null: nobody, a schedule did. */
export function isOwn(requesters: readonly (string | null)[], person: ReadonlySet<string>): boolean {
  return requesters.some((by) => by !== null && person.has(personIn(by)))
}
