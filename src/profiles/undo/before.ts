// What an undo writes down about a profile: what it replaced, so that it can be undone, and what it had to keep.
import type { Before } from '../../core/changeSet.ts'
import { fromCopy } from '../../core/copyText.ts'
import { problem } from '../../core/problems.ts'
import type { Problem } from '../../core/problem.ts'
import type { StampEntry } from '../../core/stamp.ts'
import type { Standing } from '../../core/undo.ts'
import type { IdentifierChanges } from './identifiers.ts'
import type { Walked } from './walk.ts'

/** One note for all attributes that stay because of the same run. */
export function attributeNotes({ newer, unclear }: Walked): Problem[] {
  const notes: Problem[] = []
  for (const [code, kept] of [
    ['undo.value_newer', newer],
    ['undo.value_unclear', unclear],
  ] as const) {
    const byRun = new Map<number, string[]>()
    for (const [key, run] of kept) byRun.set(run, [...(byRun.get(run) ?? []), key])
    for (const [run, keys] of byRun) notes.push(problem(code, { attributes: keys.join(', '), by: `r${run}` }))
  }
  return notes
}

/** What the undo replaced, so that it can be undone; null: nothing. */
export function beforeOf(
  standing: Standing,
  { values, stamp, by, moved }: Walked,
  identifiers: IdentifierChanges | undefined,
  touched: boolean,
  cell: (key: string) => string | undefined,
): Before | null {
  const lists = listsOf(identifiers)
  const own: StampEntry = [standing.stamp.asOf, standing.stamp.run, standing.stamp.ordinal]
  // The stamp of an identifier alone says nothing without a change of its own.
  const isMoved =
    [...moved.keys()].some((key) => !key.startsWith('@')) || own.some((part, i) => part !== stamp[i])
  if (values.size === 0 && !isMoved && lists === null && !touched) return null
  const a: Record<string, string | null> = {}
  for (const key of values.keys()) a[key] = fromCopy(cell(key)!)
  const b: Record<string, StampEntry | null> = { ...standing.by }
  const wb: Record<string, StampEntry | null> = { ...by }
  for (const [key, { from, to }] of moved) {
    if (from === null) b[key] = null
    if (to === null) wb[key] = null
  }
  return {
    ...(values.size > 0 ? { a } : {}),
    s: own,
    ...(Object.keys(b).length > 0 ? { b } : {}),
    w: stamp,
    wb,
    ...lists,
  }
}

function listsOf(identifiers: IdentifierChanges | undefined): Partial<Before> | null {
  if (identifiers === undefined) return null
  const { added, removed, blocked, unblocked, moved } = identifiers
  if (added.length + removed.length + blocked.length + unblocked.length + moved.length === 0) return null
  return {
    ...(added.length > 0 ? { added } : {}),
    ...(removed.length > 0 ? { removed } : {}),
    ...(blocked.length > 0 ? { blocked } : {}),
    ...(unblocked.length > 0 ? { unblocked } : {}),
  }
}
