// Where each value of a profile came from: its stamp names the record, the record its run, file and line.
import { identifierKinds, type Attribute } from '../core/attribute.ts'
import { recordName, runName } from '../core/names.ts'
import { microsToIso, type StampEntry } from '../core/stamp.ts'
import type { Namespace } from '../db/imports.ts'
import type { ProfileDetail } from '../db/read/profiles.ts'
import { filesOfRuns } from '../db/read/sources.ts'
import { typedCell } from './cells.ts'
import type { ApiContext } from './context.ts'
import type { ProfileDetailView } from './profileViews.ts'

type Source = ProfileDetailView['createdBy']

/** The stamp of one value; null: it was never asserted. */
function entryOf({ stamp, by }: ProfileDetail, key: string, hasValue: boolean): StampEntry | null {
  const own = by?.[key]
  if (own !== undefined) return own
  return hasValue ? [stamp.asOf, stamp.run, stamp.ordinal] : null
}

export async function detailView(
  context: ApiContext,
  namespace: Namespace,
  attributes: readonly Attribute[],
  detail: ProfileDetail,
  withLines: boolean,
): Promise<ProfileDetailView> {
  const cells = attributes.map((attribute, i) => ({ attribute, text: detail.cells[i] ?? null }))
  const asserted = cells.map(({ attribute, text }) => entryOf(detail, attribute.key, text !== null))
  const kinds = detail.identifiers.map(({ kind }) => identifierKinds.find((k) => k.id === kind)!)
  // Only single identifiers carry a stamp: a profile may have many of the other kinds, from many records.
  const linked = kinds.map((kind) => (kind.single ? entryOf(detail, `@${kind.id}`, true) : null))
  const created: StampEntry = [detail.stamp.asOf, detail.created.run, detail.created.ordinal]
  const sources = await sourcesOf(context, namespace, [...asserted, ...linked, created], withLines)
  const sourceOf = (entry: StampEntry | null): Source | null =>
    entry === null ? null : { ...sources.get(recordName(entry[1], entry[2]))!, asOf: microsToIso(entry[0]) }
  return {
    id: detail.id,
    createdAt: detail.created_at,
    updatedAt: detail.updated_at,
    createdBy: { ...sourceOf(created)!, asOf: detail.created_at },
    identifiers: detail.identifiers.map(({ value, given }, i) => ({
      kind: kinds[i]!.kind,
      label: kinds[i]!.label,
      value,
      given,
      source: sourceOf(linked[i]!),
    })),
    attributes: cells
      .map(({ attribute: { key, label, type }, text }, i) => ({
        key,
        label,
        type,
        value: typedCell(type, text),
        source: sourceOf(asserted[i]!),
      }))
      .filter(({ value, source }) => value !== null || source !== null),
  }
}

/** Run, file and line of each record, by record name. */
async function sourcesOf(
  context: ApiContext,
  namespace: Namespace,
  entries: readonly (StampEntry | null)[],
  withLines: boolean,
): Promise<ReadonlyMap<string, Source>> {
  const records = new Map<string, { run: number; ordinal: number }>()
  for (const entry of entries)
    if (entry !== null) records.set(recordName(entry[1], entry[2]), { run: entry[1], ordinal: entry[2] })
  const places = [...records.values()]
  const files = await filesOfRuns(context.database.pool, namespace, [
    ...new Set(places.map(({ run }) => run)),
  ])
  const lines = await context.linesOf(namespace, withLines ? places : [])
  return new Map(
    [...records].map(([name, { run }]) => [
      name,
      {
        record: name,
        run: runName(run),
        file: files.get(run) ?? null,
        line: lines.get(name) ?? null,
        asOf: '',
      },
    ]),
  )
}
