// A corrected error file before it is imported: whose records it corrects, how many were changed, and what a spreadsheet did.
import { readLanding, type LandingManifest } from '../blobs/landing.ts'
import { compileMapping } from '../core/compileMapping.ts'
import type { Dialect, RawRecord } from '../core/dialect.ts'
import { runColumn } from '../core/errorColumns.ts'
import { runName, runNumber } from '../core/names.ts'
import { failure } from '../core/problems.ts'
import type { Namespace } from '../db/imports.ts'
import { findLanding } from '../db/read/sources.ts'
import { findRunIds, readRun, type Run } from '../db/runs.ts'
import { detectErrorFile } from '../formats/errorFileDialect.ts'
import { peek } from '../formats/peek.ts'
import { Corrections } from './corrections.ts'
import { customerColumns } from './errorFile.ts'
import { createManglingCheck, type Mangled } from './mangling.ts'
import { landingRecords, type SourceContext } from './landingRecords.ts'

/** Larger files are looked at by their beginning; the import itself looks at every row. */
const lookBytes = 32 << 20

export interface CorrectionsLook {
  /** Oldest first; the last one's mapping is used. */
  readonly parents: readonly Run[]
  readonly reading: { readonly dialect: Dialect; readonly columns: string[] }
  /** False: only the beginning was looked at. */
  readonly whole: boolean
  readonly records: number
  readonly changed: number
  readonly unchanged: number
  /** Rows that cannot be used, by problem code. */
  readonly refused: Readonly<Record<string, number>>
  /** Columns that changed in most rows although nothing was wrong with them: a spreadsheet's work. */
  readonly mangled: readonly Mangled[]
}

/**
 * Looks at an upload. Null: it is no error file. Throws `corrections.none`, `corrections.undone`,
 * `corrections.several_jobs`, `corrections.columns_missing`, and what a mapping that does not fit throws.
 */
export async function lookAtCorrections(
  context: SourceContext,
  namespace: Namespace,
  landingId: string,
  hints: Partial<Dialect>,
): Promise<CorrectionsLook | null> {
  const landing = await findLanding(context.db.pool, namespace, landingId)
  if (landing === undefined) throw failure('not_found', { noun: 'upload', id: landingId })
  const manifest = landing.manifest as LandingManifest
  const { sample, whole, close } = await peek(readLanding(context.store, manifest))
  await close()
  const reading = detectErrorFile(sample, hints, whole)
  if (reading === null) return null
  const parents = await parentsOf(context, namespace, manifest, reading)
  const child = childOf(parents.at(-1)!, manifest, reading)
  requireColumns(child, parents)
  return { parents, reading, ...(await lookAtRows(context, child, parents)) }
}

type Reading = CorrectionsLook['reading']

/** The parent as a child of it would be, so that rows are judged as the child will judge them. */
function childOf(parent: Run, manifest: LandingManifest, reading: Reading): Run {
  const definition = { ...parent.definition, ...reading, breaker: null }
  return { ...parent, runId: 0, manifest, definition }
}

async function* beginning(
  { store }: SourceContext,
  run: Pick<Run, 'manifest' | 'definition'>,
): AsyncGenerator<readonly RawRecord[]> {
  const columns = [...run.definition.columns]
  for await (const block of landingRecords(store, run as Run, { columns })) {
    yield block
    if (block.at(-1)!.offset > lookBytes) return
  }
}

async function parentsOf(
  context: SourceContext,
  namespace: Namespace,
  manifest: LandingManifest,
  reading: Reading,
): Promise<Run[]> {
  const named = new Set<number>()
  const at = reading.columns.indexOf(runColumn)
  const definition = reading as Run['definition']
  for await (const block of beginning(context, { manifest, definition }))
    for (const { cells } of block) {
      const id = runNumber((cells?.[at] ?? '').trim().toLowerCase())
      if (id !== undefined) named.add(id)
    }
  const { pool } = context.db
  const ids = (await findRunIds(pool, namespace.id, [...named])).sort((a, b) => a - b)
  if (ids.length === 0) throw failure('corrections.none')
  const parents: Run[] = []
  for (const runId of ids) parents.push(await readRun(pool, { namespaceId: namespace.id, runId }))
  const jobs = new Map(parents.map(({ job, runId }) => [job.id, `${job.name} (${runName(runId)})`]))
  const undone = parents.find(({ state, trigger }) => state === 'reverted' && trigger === 'manual')
  if (undone !== undefined) throw failure('corrections.undone', { run: runName(undone.runId) })
  if (jobs.size > 1) throw failure('corrections.several_jobs', { jobs: [...jobs.values()].join(', ') })
  return parents
}

/** A column that the mapping reads must not have been removed. */
function requireColumns(child: Run, parents: readonly Run[]): void {
  const { columns, mapping } = child.definition
  const parent = parents.at(-1)!
  const used = new Set(
    mapping.columns.filter(({ target }) => target.to !== 'ignore').map(({ column }) => column),
  )
  const missing = customerColumns(parent).filter((column) => used.has(column) && !columns.includes(column))
  const run = runName(parent.runId)
  if (missing.length > 0) throw failure('corrections.columns_missing', { columns: missing.join(', '), run })
  compileMapping(mapping, columns)
}

async function lookAtRows(
  context: SourceContext,
  child: Run,
  parents: readonly Run[],
): Promise<Omit<CorrectionsLook, 'parents' | 'reading'>> {
  const source = new Corrections(context, child)
  const mangling = createManglingCheck(context, child, parents)
  const counts = { records: 0, changed: 0, unchanged: 0 }
  const refused: Record<string, number> = {}
  let end = 0
  for await (const block of source.records({ columns: [...child.definition.columns] })) {
    counts.records += block.length
    const changed: RawRecord[] = []
    for (const raw of block) {
      const lineage = source.lineageOf(raw.ordinal)
      if (lineage?.failed) refused[lineage.failed.code] = (refused[lineage.failed.code] ?? 0) + 1
      else if (lineage?.skipped) counts.unchanged++
      else if (lineage !== null) changed.push(raw)
    }
    counts.changed += changed.length
    await mangling.add(changed)
    const last = block.at(-1)!
    end = last.offset + last.length
    if (last.offset > lookBytes) break
  }
  const whole = end >= (child.manifest as LandingManifest).contentBytes || end <= lookBytes
  return { ...counts, refused, whole, mangled: mangling.report() }
}
