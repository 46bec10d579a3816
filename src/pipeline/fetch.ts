// The fetching stage: the source is landed, byte for byte; after that nothing reads the source any more.
import { randomUUID } from 'node:crypto'
import { landContent, type LandedContent } from '../blobs/land.ts'
import { landingBytes, readLanding, type LandingManifest } from '../blobs/landing.ts'
import { compileMapping } from '../core/compileMapping.ts'
import { problem, failure } from '../core/problems.ts'
import { SluiceError, type Problem } from '../core/problem.ts'
import { ordinaryTriggers } from '../core/triggers.ts'
import { endFetch, noteFetch, removeLandings, type FetchNote } from '../db/fetches.ts'
import { insertLanding } from '../db/imports.ts'
import type { RunClaim } from '../db/leases.ts'
import { writeLog } from '../db/log.ts'
import { moveRun } from '../db/moves.ts'
import { noteProgress, type Run } from '../db/runs.ts'
import { partFileName, partToRead } from '../formats/containers/partToRead.ts'
import type { Part } from '../formats/containers/kind.ts'
import { unpackPart } from '../formats/containers/unpack.ts'
import { columnsOf } from '../formats/detect.ts'
import { peek } from '../formats/peek.ts'
import { chooseFile } from './chooseFile.ts'
import type { OpenSource, PipelineContext } from './context.ts'
import { RunMoved } from './runMoved.ts'

/** Whether a run reads its source itself, and has written nothing yet: then an attempt fetches (again). */
export function fetchesItself(run: Run): boolean {
  if (run.total !== null || !ordinaryTriggers.some((trigger) => trigger === run.trigger)) return false
  return run.manifest === null || run.fetched !== null
}

const showMs = 400

interface Landed {
  readonly id: string
  readonly fileName: string
  readonly content: LandedContent
}

/**
 * Lands what the run reads and moves it on: to validating, or to skipped where there is nothing new or the very same
 * was imported before. Answers whether it is validating now. Throws the refusals of the source, for the engine to judge.
 */
export async function fetchSource(
  context: PipelineContext,
  claim: RunClaim,
  run: Run,
  signal: AbortSignal,
): Promise<boolean> {
  const fetch = new Fetch(context, claim, run)
  const done = new AbortController()
  const showing = fetch.show(done.signal)
  try {
    return await fetch.run(signal)
  } catch (error) {
    // A process that leaves has not failed: the next one fetches again.
    if (!signal.aborted || signal.reason instanceof RunMoved) await fetch.failed(error).catch(() => {})
    throw error
  } finally {
    done.abort()
    await showing
  }
}

class Fetch {
  readonly #context: PipelineContext
  readonly #claim: RunClaim
  readonly #run: Run
  #note: FetchNote
  /** Bytes that came, and that will come where it is known. */
  #bytes = 0
  #bytesTotal: number | null = null

  constructor(context: PipelineContext, claim: RunClaim, run: Run) {
    this.#context = context
    this.#claim = claim
    this.#run = run
    this.#note = {
      status: 'fetching',
      startedAt: this.#now(),
      endedAt: null,
      file: null,
      bytes: null,
      problem: null,
      columns: null,
      landings: [],
    }
  }

  async run(signal: AbortSignal): Promise<boolean> {
    await clearFetch(this.#context, this.#claim, this.#run)
    await this.#write({})
    const { source, db } = this.#context
    const choice = await chooseFile(db, this.#run, await source.find(this.#run, signal))
    if ('nothing' in choice) return this.#nothing(choice.nothing)
    const opened = await source.open(this.#run, choice.file)
    try {
      this.#bytesTotal = opened.file.version?.bytes ?? null
      await this.#write({ file: opened.file.path })
      await this.#context.at?.('fetching')
      const landed = await this.#land(opened, signal)
      await this.#context.at?.('landed')
      return await this.#hand(landed, signal)
    } finally {
      await opened.close()
    }
  }

  /** Shows now and then how far it is. */
  async show(done: AbortSignal): Promise<void> {
    const { clock, db } = this.#context
    for (;;) {
      await clock.pause(showMs, done).catch(() => {})
      if (done.aborted) return
      const bytes = { bytes: this.#bytes, ...(this.#bytesTotal !== null && { bytesTotal: this.#bytesTotal }) }
      const progress = { stage: 'fetching', done: 0, total: null, ...bytes } as const
      await noteProgress(db.pool, this.#run, progress).catch(() => {})
    }
  }

  /** The fetch has its own status; what the problem means for the run is the engine's business. */
  async failed(error: unknown): Promise<void> {
    await forgetLandings(this.#context, this.#claim, this.#run, this.#note.landings)
    await this.#write({ status: 'failed', endedAt: this.#now(), problem: problemOf(error), landings: [] })
  }

  async #nothing(found: Problem): Promise<false> {
    await this.#write({ status: 'fetched', endedAt: this.#now() })
    await moveRun(this.#context.db.pool, this.#claim, 'skip', { problem: found }, this.#claim.attempt)
    return false
  }

  async #land(opened: OpenSource, signal: AbortSignal): Promise<Landed> {
    const { file } = opened
    const whole = await this.#landOne(file.name, { source: this.#counted(opened, signal), signal })
    const info = whole.content.contents
    if (info === null) return whole
    const { source } = this.#run.setup
    const part = partToRead(file.name, info, source.kind === 'folder' ? source.part : null)
    const inside = unpackPart(landingBytes(this.#context.store, whole.content.manifest), part.name, signal)
    const fileName = partFileName(file.name, info, part)
    return this.#landOne(fileName, { source: inside, signal }, { part, container: whole.id })
  }

  async #landOne(
    fileName: string,
    { source, signal }: { readonly source: AsyncIterable<Uint8Array>; readonly signal: AbortSignal },
    of: { readonly part: Part; readonly container: string } | null = null,
  ): Promise<Landed> {
    const { store, db } = this.#context
    const { namespace } = this.#run
    const id = randomUUID()
    const key = landingKey(namespace.name, id)
    const startedAt = this.#now()
    // Written down first: whoever comes after a crash knows what to clear away.
    await this.#write({ landings: [...this.#note.landings, id] })
    const content = await landContent(store, { key, source, part: of?.part.name, signal })
    const { manifest, contents } = content
    try {
      await insertLanding(db.pool, namespace.id, {
        id,
        fileName,
        blobKey: key,
        manifest,
        startedAt,
        ...(contents === null ? {} : { contents }),
        ...(of === null ? {} : { part: { container: of.container, name: of.part.name, noun: of.part.noun } }),
      })
    } catch (error) {
      await store.remove(key)
      throw error
    }
    return { id, fileName, content }
  }

  async *#counted(opened: OpenSource, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    for await (const block of opened.content(signal)) {
      signal.throwIfAborted()
      this.#bytes += block.length
      yield block
    }
  }

  /** The landing becomes what the run reads. */
  async #hand({ id, fileName, content }: Landed, signal: AbortSignal): Promise<boolean> {
    const { db } = this.#context
    const { job, definition, definitionHash, settings } = this.#run
    const { manifest } = content
    const header = await this.#header(fileName, manifest, signal)
    const note: FetchNote = {
      ...this.#note,
      status: 'fetched',
      endedAt: this.#now(),
      bytes: this.#bytes,
      columns: header === null || sameColumns(header, definition.columns) ? null : header,
    }
    const state = await db.transaction((client) =>
      endFetch(client, this.#claim, {
        note,
        landingId: id,
        contentSha256: manifest.contentSha256,
        job,
        definitionHash,
        again: settings['again'] === true || settings['dryRun'] === true,
      }),
    )
    if (state === null) throw new RunMoved()
    this.#note = note
    if (note.columns !== null) await this.#tellColumns(note.columns)
    return state === 'validating'
  }

  /** The columns of the file; throws `header.changed` where one is gone that the mapping reads. Null: it has no header. */
  async #header(
    fileName: string,
    manifest: LandingManifest,
    signal: AbortSignal,
  ): Promise<readonly string[] | null> {
    const { dialect, mapping, columns: known } = this.#run.definition
    if (dialect.format !== 'csv' && dialect.format !== 'rows') return null
    const head = await peek(readLanding(this.#context.store, manifest, 0, signal))
    await head.close()
    const columns = columnsOf(head.sample, dialect)
    const gone = known.filter((column) => !columns.includes(column))
    if (gone.length === 0) return columns
    try {
      compileMapping(mapping, columns, { file: fileName })
      return columns
    } catch (error) {
      if (!(error instanceof SluiceError)) throw error
      throw failure(
        'header.changed',
        { file: fileName, gone: listed(gone), new: newOnes(columns, known) },
        { cause: error },
      )
    }
  }

  async #tellColumns(columns: readonly string[]): Promise<void> {
    const known = this.#run.definition.columns
    const more = columns.filter((column) => !known.includes(column))
    const gone = known.filter((column) => !columns.includes(column))
    const texts = [
      ...(more.length === 0 ? [] : [`new ${listed(more)}, left out`]),
      ...(gone.length === 0 ? [] : [`missing ${listed(gone)}, which the mapping does not read`]),
    ]
    // Another order of the same columns is nobody's business.
    if (texts.length === 0) return
    const { namespaceId, runId, job } = this.#run
    const details = { detail: texts.join('; ') }
    await writeLog(this.#context.db.pool, {
      namespaceId,
      job: job.id,
      run: runId,
      kind: 'columns_differ',
      details,
    })
  }

  async #write(changes: Partial<FetchNote>): Promise<void> {
    this.#note = { ...this.#note, ...changes }
    if (!(await noteFetch(this.#context.db.pool, this.#claim, this.#note))) throw new RunMoved()
  }

  #now(): string {
    return new Date(this.#context.clock.now()).toISOString()
  }
}

/** Removes what an earlier attempt landed, of a run that wrote nothing: a worker that died leaves it behind. */
export async function clearFetch(context: PipelineContext, claim: RunClaim, run: Run): Promise<void> {
  if (run.fetched !== null) await forgetLandings(context, claim, run, run.fetched.landings)
}

async function forgetLandings(
  { store, db }: PipelineContext,
  claim: RunClaim,
  { namespace }: Run,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return
  const gone = await db.transaction((client) => removeLandings(client, claim, ids))
  for (const id of gone) await store.remove(landingKey(namespace.name, id))
}

/** Null: a person stopped it. */
function problemOf(error: unknown): Problem | null {
  if (error instanceof RunMoved) return null
  return error instanceof SluiceError ? error.problem : problem('internal', { detail: String(error) })
}

function landingKey(namespace: string, id: string): string {
  return `landings/${namespace}/${id}`
}

function sameColumns(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((column, i) => column === b[i])
}

function newOnes(columns: readonly string[], known: readonly string[]): string {
  const more = columns.filter((column) => !known.includes(column))
  return more.length === 0 ? '' : `; new ${listed(more)}`
}

/** The first few, for a sentence. */
function listed(columns: readonly string[]): string {
  const shown = columns.slice(0, 5).join(', ')
  return columns.length > 5 ? `${shown} and ${columns.length - 5} more` : shown
}
