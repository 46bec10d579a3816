// Explains one record: read, mapped and checked again from the landing, held against the ledger, the changes and the profiles.
import type { BlobStore } from '../blobs/store.ts'
import type { MappedAttribute } from '../core/mapped.ts'
import { compileMapping } from '../core/compileMapping.ts'
import type { RawRecord } from '../core/dialect.ts'
import { traceChecks } from '../core/explain/checks.ts'
import type { DecisionFacts, Explained, LaterFacts, RowFacts, RunFacts } from '../core/explain/explained.ts'
import { decidedThen, nobody } from '../core/explain/decision.ts'
import { laterOf, undoneBy } from '../core/explain/later.ts'
import { traceMapping } from '../core/explain/traceMapping.ts'
import { stateBefore } from '../core/history.ts'
import type { ImportDefinition } from '../core/job.ts'
import { parseRecordName, type RecordKey } from '../core/origin.ts'
import { changed, type PreparedRecord } from '../core/prepared.ts'
import { settledStates } from '../core/machine.ts'
import { recordMachine } from '../core/record.ts'
import { SluiceError } from '../core/problem.ts'
import type { Attribute } from '../core/attribute.ts'
import { listAttributes } from '../db/attributes.ts'
import type { Database } from '../db/client.ts'
import type { Namespace } from '../db/imports.ts'
import { accountOf, changesBy, firstAbout, nextRun, rowsOfRecord, runFacts } from '../db/read/explain.ts'
import { loadPastProfile, type LoadedProfile } from '../db/read/history.ts'
import { findRun, readRun, type Run } from '../db/runs.ts'
import { lastLine } from '../formats/lines.ts'
import type { ProfileEndpoint } from './context.ts'
import { decideNow } from './decideNow.ts'
import { mapperOf } from './mapperOf.ts'
import { prepare } from './prepare.ts'
import { endOf, recordsAt, shownBytesOf } from './recordAt.ts'
import { indexKey, readIndex } from './recordIndex.ts'

export interface ExplainContext {
  readonly db: Database
  readonly store: BlobStore
  readonly profiles: ProfileEndpoint
}

/** What is read again of a record. */
interface Reading {
  readonly raw: RawRecord
  readonly bytes: Uint8Array
  readonly lastLine: number
  readonly columns: readonly string[]
}

const empty = {
  otherRuns: new Map<number, RunFacts>(),
  alsoHere: [],
  place: null,
  dialect: null,
  raw: null,
  bytes: new Uint8Array(),
  columns: [],
  traces: [],
  checks: [],
  rows: [],
  decided: null,
  now: null,
  later: null,
  firstHere: null,
}

/** One record of a run; undefined where the namespace has no such run. Writes nothing. */
export async function explainRecord(
  context: ExplainContext,
  namespace: Namespace,
  asked: RecordKey,
): Promise<Explained | undefined> {
  const { pool } = context.db
  // A row of a processing run is its account of another one, which is the record.
  const key = (await accountOf(pool, namespace, asked)) ?? asked
  // None of them waits for another: on a busy machine every question in turn is a wait of its own.
  const [found, rows, attributes, run] = await Promise.all([
    runFacts(pool, namespace, [key.run]),
    rowsOfRecord(pool, namespace, key),
    listAttributes(pool, namespace.id),
    findRun(pool, { namespaceId: namespace.id, runId: key.run }),
  ])
  const facts = found.get(key.run)
  if (facts === undefined || run === undefined) return undefined
  const base: Explained = { ...empty, key, run: facts, file: facts.file, rows }
  // The list of a mirror names profiles too: there is no line to read, nor is there of an undo.
  const isRead = facts.trigger !== 'undo' && facts.trigger !== 'mirror'
  const [past, reading] = await Promise.all([
    pastOf(context, namespace, attributes, rows),
    isRead ? readAgain(context, run, key.ordinal) : undefined,
  ])
  if (facts.trigger === 'undo') {
    const decided = past === undefined || rows[0] === undefined ? null : undoneBy(past, attributes, rows[0])
    return withRuns(context, namespace, { ...base, decided })
  }
  if (reading === undefined) return withRuns(context, namespace, base)
  const prepared = withOrigin(reading.record, rows[0], await originAsOf(context, namespace, rows[0]))
  const decided = await decisions(context, namespace, run, prepared, { attributes, rows, past })
  return withRuns(context, namespace, {
    ...base,
    ...readFacts(run.definition, reading, prepared, run.fileName),
    ...decided,
  })
}

/** A record of a file that nobody imported: what would happen. `asOf`: now, in microseconds. */
export async function explainStranger(
  context: ExplainContext,
  namespace: Namespace,
  definition: ImportDefinition,
  reading: Reading & { readonly file: string | null },
  asOf: number,
): Promise<Explained> {
  const { pool } = context.db
  const outside = { file: reading.file ?? '' }
  const mapper = compileMapping(definition.mapping, definition.columns, outside)
  const prepared = prepare(reading.raw, mapper, asOf)
  const runId = await nextRun(pool, namespace)
  const asked = { namespace, runId, asOf, policy: definition.policy, mapper }
  const now = await decideNow(context, asked, prepared, await listAttributes(pool, namespace.id))
  return withRuns(context, namespace, {
    ...empty,
    key: null,
    run: null,
    file: reading.file,
    ...readFacts(definition, reading, prepared, outside.file),
    now,
  })
}

function readFacts(definition: ImportDefinition, reading: Reading, prepared: PreparedRecord, file: string) {
  const { raw, bytes, lastLine, columns } = reading
  const traces = traceMapping(definition.mapping, columns, raw, { file })
  const { line, offset, length } = raw
  return {
    place: { line, lastLine, offset, length },
    dialect: definition.dialect,
    raw,
    bytes,
    columns,
    traces,
    checks: traceChecks(definition.mapping, raw, prepared, traces),
  }
}

/** Reads the record again as its run did; undefined where the landing or its index is gone, or never had it. */
async function readAgain(
  { db, store }: ExplainContext,
  run: Run,
  ordinal: number,
): Promise<
  (Reading & { readonly record: PreparedRecord; readonly attributes: readonly MappedAttribute[] }) | undefined
> {
  const key = indexKey(run.namespaceId, run.runId)
  if ((await store.size(key)) === undefined) return undefined
  const columns = [...run.definition.columns]
  try {
    const raw = (await recordsAt({ db, store }, run, await readIndex(store, key), [ordinal], columns)).get(
      ordinal,
    )
    if (raw === undefined) return undefined
    const mapper = mapperOf(run)
    const record = prepare(raw, mapper, run.asOf)
    const bytes = await shownBytesOf(store, run, raw)
    const whole = bytes.length >= raw.length
    return {
      raw,
      bytes,
      lastLine: whole ? lastLine(raw, bytes, run.definition.dialect) : await endOf(store, run, raw),
      columns,
      record,
      attributes: mapper.attributes,
    }
  } catch (error) {
    if (error instanceof SluiceError && /^(blob|landing)\./.test(error.problem.code)) return undefined
    throw error
  }
}

/** A retried record plans with the stamp of its first appearance. */
function withOrigin(record: PreparedRecord, row: RowFacts | undefined, asOf: number | null): PreparedRecord {
  const first = row?.origin === null || row?.origin === undefined ? undefined : parseRecordName(row.origin)
  return first === undefined || asOf === null
    ? record
    : changed(record, { origin: { ...first, asOf, from: first } })
}

async function originAsOf(
  { db }: ExplainContext,
  namespace: Namespace,
  row: RowFacts | undefined,
): Promise<number | null> {
  const first = row?.origin === null || row?.origin === undefined ? undefined : parseRecordName(row.origin)
  if (first === undefined) return null
  const facts = await runFacts(db.pool, namespace, [first.run])
  if (!facts.has(first.run)) return null
  return (await readRun(db.pool, { namespaceId: namespace.id, runId: first.run })).asOf
}

/** The profile a record went to, with its past; of retries, the first that has one. */
async function pastOf(
  { db }: ExplainContext,
  namespace: Namespace,
  attributes: readonly Attribute[],
  rows: readonly RowFacts[],
): Promise<LoadedProfile | undefined> {
  const profile = rows.find((row) => row.profile !== null)?.profile ?? null
  return profile === null ? undefined : loadPastProfile(db.pool, namespace, attributes, profile)
}

interface Known {
  readonly attributes: readonly Attribute[]
  readonly rows: readonly RowFacts[]
  readonly past: LoadedProfile | undefined
}

async function decisions(
  context: ExplainContext,
  namespace: Namespace,
  run: Run,
  record: PreparedRecord,
  { attributes, rows, past }: Known,
): Promise<Pick<Explained, 'decided' | 'now' | 'later' | 'firstHere'>> {
  const { pool } = context.db
  const mapper = mapperOf(run)
  const asked = { namespace, runId: run.runId, asOf: run.asOf, policy: run.definition.policy, mapper }
  const row = rows[0]
  const wrote = row?.settledAs ?? row
  const [now, changes] = await Promise.all([
    decideNow(context, asked, record, attributes),
    wrote === undefined ? [] : changesBy(pool, namespace, wrote),
  ])
  if (row === undefined || wrote === undefined) return { decided: null, now, later: null, firstHere: null }
  // Nothing is decided about a record that waits.
  if (!settledStates(recordMachine).includes(row.state))
    return { decided: null, now, later: null, firstHere: null }
  const change = changes.find(({ profileId }) => profileId === row.profile)
  const own = row.profile === past?.id ? past : undefined
  const held =
    row.outcome === 'created' || own === undefined
      ? nobody
      : stateBefore(own, { ...row, run: wrote.run, ordinal: wrote.ordinal })
  const planned = { record, attributes: mapper.attributes, slots: mapper.identifiers }
  const decided: DecisionFacts = decidedThen(planned, row, change?.before ?? null, held)
  const firstHere =
    row.reason === 'duplicate_in_file' && row.profile !== null
      ? await firstAbout(pool, namespace, row.run, row.profile)
      : null
  const later =
    own === undefined ? null : await laterFacts(context, namespace, attributes, own, decided, record, row)
  return { decided, now, later, firstHere }
}

/** Merges upon merges are followed so far. */
const mergesMax = 20

async function laterFacts(
  { db }: ExplainContext,
  namespace: Namespace,
  attributes: readonly Attribute[],
  past: LoadedProfile,
  decided: DecisionFacts,
  { origin }: PreparedRecord,
  row: RowFacts,
): Promise<LaterFacts> {
  let present: LoadedProfile | undefined = past
  for (let merges = 0; present?.gone?.into != null && merges < mergesMax; merges++)
    present = await loadPastProfile(db.pool, namespace, attributes, present.gone.into)
  return laterOf(past, present, decided, origin ?? row)
}

/** Adds the runs that rows and stamps speak of. */
async function withRuns(
  { db }: ExplainContext,
  namespace: Namespace,
  explained: Explained,
): Promise<Explained> {
  const ids = new Set<number>()
  for (const row of explained.rows) {
    ids.add(row.run)
    const first = row.origin === null ? undefined : parseRecordName(row.origin)
    if (first !== undefined) ids.add(first.run)
  }
  for (const { values } of [explained.decided, explained.now].filter((one) => one !== null))
    for (const { held } of values) if (held !== null) ids.add(held[1])
  for (const { by } of explained.later?.values ?? []) if (by !== null) ids.add(by[1])
  if (explained.later?.gone) ids.add(explained.later.gone.run)
  if (explained.run?.revertedBy != null) ids.add(explained.run.revertedBy)
  return { ...explained, otherRuns: await runFacts(db.pool, namespace, [...ids]) }
}
