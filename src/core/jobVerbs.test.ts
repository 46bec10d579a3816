// What a person can do with a job, state by state (requirements BS-23, BS-24, BL-28, E9, E14, E18; design section 6).
import { describe, expect, test } from 'vitest'
import { jobMachine, type JobState } from './jobState.ts'
import { jobVerbs, possibleVerbs, whyNot, type JobFacts, type JobVerb } from './jobVerbs.ts'
import { movesFrom, statesOf } from './machine.ts'

const recurring: JobFacts = {
  state: 'draft',
  kind: 'recurring',
  source: 'folder',
  editableWhileActive: true,
  open: [],
}
const once: JobFacts = { ...recurring, kind: 'one_time', source: 'upload', editableWhileActive: false }
const running = [{ state: 'importing', trigger: 'schedule' }] as const
const queued = [{ state: 'queued', trigger: 'manual' }] as const
const undoing = [{ state: 'importing', trigger: 'undo' }] as const

const table: readonly (readonly [string, JobFacts, string])[] = [
  ['draft', recurring, 'edit rename sample activate archive'],
  ['sampling', recurring, 'rename'],
  ['sampling_failed', recurring, 'edit rename sample archive'],
  ['active', recurring, 'edit rename pause run'],
  ['paused', recurring, 'edit rename resume archive'],
  ['halted', recurring, 'edit rename resume archive'],
  ['completed', recurring, 'edit rename archive'],
  ['archived', recurring, 'rename restore'],
  // BS-23: a one-time job is not paused, and BS-24: what was uploaded is not edited once it was switched on.
  ['draft', once, 'edit rename sample activate archive'],
  ['sampling_failed', once, 'edit rename sample archive'],
  ['active', once, 'rename run'],
  ['halted', once, 'rename resume archive'],
  ['completed', once, 'rename run archive'],
  ['archived', once, 'rename restore'],
  // BL-28: beside a run that works one more may wait, not two.
  ['active', { ...recurring, open: running }, 'edit rename pause run'],
  ['active', { ...recurring, open: [...running, ...queued] }, 'edit rename pause'],
  ['active', { ...once, open: running }, 'rename'],
  ['active', { ...once, open: undoing }, 'rename run'],
  // E18: nothing that is under way goes out of the lists.
  ['paused', { ...recurring, open: running }, 'edit rename resume'],
  ['completed', { ...once, open: undoing }, 'rename run'],
]

describe('BC-02 to BC-10, BS-03 to BS-09, E9, E14, E18: what is possible', () => {
  test.each(
    table.map(([state, facts, verbs]) => [state, facts.kind, facts.open.length, facts, verbs] as const),
  )('%s, %s, %i open', (state, _kind, _open, facts, verbs) => {
    expect(possibleVerbs({ ...facts, state: state as JobState }).join(' ')).toBe(verbs)
  })

  test('what is not possible has a reason', () => {
    const all = statesOf(jobMachine).flatMap((state) =>
      [recurring, once].flatMap((facts) => jobVerbs.map((verb) => whyNot(verb, { ...facts, state }))),
    )
    expect(all.filter((why) => why !== null && why.length < 10)).toEqual([])
  })

  test('no verb is offered whose move the machine refuses', () => {
    const moveOf: Partial<Record<JobVerb, keyof typeof jobMachine.moves>> = {
      sample: 'sample',
      activate: 'activate',
      pause: 'pause',
      resume: 'resume',
      archive: 'archive',
    }
    const offered = table.flatMap(([state, facts]) =>
      possibleVerbs({ ...facts, state: state as JobState }).map((verb) => ({
        state: state as JobState,
        move: moveOf[verb],
      })),
    )
    const refused = offered.filter(
      ({ state, move }) => move !== undefined && !movesFrom(jobMachine, state).includes(move),
    )
    expect(refused).toEqual([])
  })
})
