// Skip what was delivered before (BL-20): while a run is validated, lines of the run before it pass unread.
import { readLanding, type LandingManifest } from '../blobs/landing.ts'
import type { BlobStore } from '../blobs/store.ts'
import { emptyBits, hasBit, setBit } from '../core/bits.ts'
import type { CutSettings } from '../core/job.ts'
import { HashTable, LineHasher, lineKeyOf } from '../core/lineHash.ts'
import type { Seen } from '../core/seen.ts'
import type { Database } from '../db/client.ts'
import { readRun, type Run } from '../db/runs.ts'
import { fixSeen, lineKey, readSeen, undelivered } from '../db/seen.ts'
import type { LineFilter } from '../formats/lineFilter.ts'
import { readRecords } from '../formats/reader.ts'
import { eachLine, inSlice, linesKept, linesKey, LineSink, loadLines } from './lineStore.ts'

export interface SeenContext {
  readonly db: Database
  readonly store: BlobStore
}

/** How files are read whose lines are only hashed. */
export interface Reading {
  readonly signal: AbortSignal
  readonly onBlock: () => void
}

/** What validation needs while it reads. */
export interface SeenLines {
  readonly filter: LineFilter
  /** Called now and then: waits while the disk is behind. */
  drained(): Promise<void>
  /** The whole file was read. */
  end(): Promise<void>
  /** It was not. */
  abandon(reason: Error): Promise<void>
}

/**
 * Whether a run leaves out what was delivered before. A retry is of records that someone wants to be done again. Who
 * deletes must look at everybody: a person may have come back since, and a mirror asks of every line whom it is about.
 */
export function skipsSeen(run: Run): boolean {
  const { mode } = run.definition.policy
  const deletes = mode === 'delete' || mode === 'mirror'
  return run.settings['skipSeen'] === true && run.trigger !== 'retry' && !deletes
}

/** Decides with which run the lines are compared, and gets them. */
export async function openSeen(
  { db, store }: SeenContext,
  run: Run,
  { compareLines }: CutSettings,
  reading: Reading,
): Promise<SeenLines> {
  const { signal } = reading
  const key = lineKeyOf(await lineKey(db.pool, run.namespaceId))
  const seen = await fixSeen(db.pool, run)
  const own = linesKey(run.namespaceId, run.runId)
  if (seen.base === null) return recorded(new LineSink(store, own), new LineHasher(key), null)
  const base = await readRun(db.pool, { namespaceId: run.namespaceId, runId: seen.base })
  const total = base.total ?? 0
  const lines = linesKey(base.namespaceId, base.runId)
  if ((await linesKept(store, lines)) < total) await writeLines(store, base, new LineHasher(key), reading)
  const counts = await delivered(db, base, seen, total)
  const of = Math.max(1, Math.ceil(total / compareLines))
  if (of === 1) {
    const table = new HashTable(total)
    await loadLines(store, lines, table, { number: 0, of }, counts, signal)
    return recorded(new LineSink(store, own), new LineHasher(key), table)
  }
  await writeLines(store, run, new LineHasher(key), reading)
  return decided(await compared(store, own, { lines, total, counts, of }, signal))
}

/** A run that delivers nothing is nobody's base. */
export function forgetLines(store: BlobStore, run: Run): Promise<void> {
  return store.remove(linesKey(run.namespaceId, run.runId))
}

/** What is kept for the run before the base serves nobody any more: an undo would be answered from the landing. */
export async function forgetOlderLines({ db, store }: SeenContext, run: Run): Promise<void> {
  const base = (await readSeen(db.pool, run))?.base ?? null
  if (base === null) return
  const older = (await readSeen(db.pool, { namespaceId: run.namespaceId, runId: base }))?.base ?? null
  if (older !== null) await store.remove(linesKey(run.namespaceId, older))
}

/** Which records of the base count: one bit each. */
async function delivered(
  db: Database,
  base: Run,
  { carried }: Seen,
  total: number,
): Promise<(ordinal: number) => boolean> {
  const not = emptyBits(total + 1)
  // Of a person's lines the last one wins, unless each has a time: leaving out some of them would change who is last.
  const several = base.definition.mapping.columns.some(({ target }) => target.to === 'as_of')
  await db.withClient((client) =>
    undelivered(client, base, { carried, several }, (ordinals) => {
      for (const ordinal of ordinals) setBit(not, ordinal)
    }),
  )
  return (ordinal) => ordinal <= total && !hasBit(not, ordinal)
}

/** Hashes are taken while the file is read, and asked of a table where there is one. */
function recorded(sink: LineSink, hasher: LineHasher, table: HashTable | null): SeenLines {
  // The record whose hash the hasher holds: asked about twice where its first line is not all of it.
  let hashed = 0
  let hashedTo = 0
  const isKnown = (): boolean => table !== null && table.has(hasher.a, hasher.b, hasher.c, hasher.d)
  const filter: LineFilter = {
    knows(bytes, from, to, ordinal) {
      if (table === null) return false
      hasher.hash(bytes, from, to)
      hashed = ordinal
      hashedTo = to - from
      if (!isKnown()) return false
      sink.put(ordinal, hasher)
      return true
    },
    passes(bytes, from, to, ordinal) {
      const again = hashed === ordinal && hashedTo === to - from
      if (!again) hasher.hash(bytes, from, to)
      sink.put(ordinal, hasher)
      return !again && isKnown()
    },
  }
  return {
    filter,
    drained: () => sink.drained(),
    end: () => sink.end(),
    abandon: (reason) => sink.abandon(reason),
  }
}

/** Compared beforehand: one bit a record. */
function decided(bits: Uint8Array): SeenLines {
  const nothing = async (): Promise<void> => {}
  const filter: LineFilter = {
    knows: () => false,
    passes: (_bytes, _from, _to, ordinal) => hasBit(bits, ordinal),
  }
  return { filter, drained: nothing, end: nothing, abandon: nothing }
}

/** Reads a landing only to hash its lines; nothing is taken apart. */
async function writeLines(
  store: BlobStore,
  run: Run,
  hasher: LineHasher,
  { signal, onBlock }: Reading,
): Promise<void> {
  const sink = new LineSink(store, linesKey(run.namespaceId, run.runId))
  const filter: LineFilter = {
    knows: () => false,
    passes(bytes, from, to, ordinal) {
      hasher.hash(bytes, from, to)
      sink.put(ordinal, hasher)
      return true
    },
  }
  try {
    const content = readLanding(store, run.manifest as LandingManifest, 0, signal)
    const columns = [...run.definition.columns]
    for await (const _ of readRecords(content, run.definition.dialect, { columns, filter, signal })) {
      onBlock()
      await sink.drained()
    }
  } catch (error) {
    await sink.abandon(error as Error)
    throw error
  }
  await sink.end()
}

interface Base {
  readonly lines: string
  readonly total: number
  readonly counts: (ordinal: number) => boolean
  readonly of: number
}

/** Which records of a file are lines of the base, slice by slice: the table never grows with the files. */
async function compared(store: BlobStore, own: string, base: Base, signal: AbortSignal): Promise<Uint8Array> {
  const bits = emptyBits((await linesKept(store, own)) + 1)
  for (let number = 0; number < base.of; number++) {
    const slice = { number, of: base.of }
    // By chance a slice has a little more than its share; what does not fit is imported, which is never wrong.
    const table = new HashTable(Math.ceil((base.total / base.of) * 1.02) + 1_000)
    await loadLines(store, base.lines, table, slice, base.counts, signal)
    await eachLine(
      store,
      own,
      (ordinal, a, b, c, d) => {
        if (inSlice(a, slice) && table.has(a, b, c, d)) setBit(bits, ordinal)
      },
      signal,
    )
  }
  return bits
}
