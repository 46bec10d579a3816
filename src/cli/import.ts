// `sluice import`: preview → question → progress → receipt, file by file.
import { writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import type { AttributesView, ImportAnswer, RunView, UploadView } from '../client/types.gen.ts'
import { jobNameOf } from '../core/jobSetup.ts'
import { applyFlags, applyFlagsToProposal } from '../core/mappingFlags.ts'
import type { Mapping } from '../core/mapping.ts'
import { failure } from '../core/problems.ts'
import type { Proposal } from '../core/proposal.ts'
import { inspectAll, inspectSample, type InspectReport } from '../formats/inspect.ts'
import { inflate } from '../formats/compression.ts'
import type { Client } from './client.ts'
import { exits } from './exit.ts'
import { plural, size } from './format.ts'
import type { Host } from './host.ts'
import { runId } from './ids.ts'
import { countryOf, dialectHints, policyOf } from './importFlags.ts'
import type { ImportOptions } from './importOptions.ts'
import { landedParts } from './importParts.ts'
import { fromMemory, printMemory, refuseLoss, type FromMemory } from './memory.ts'
import { correctionsIn, orderCorrections } from './corrections.ts'
import { deletes, deletingQuestion } from './deleting.ts'
import { orderImport, sayWhat, unfinishedOf, type ImportOrder } from './orderImport.ts'
import { withLookups } from './lookups.ts'
import { printChanges, printPreview } from './preview.ts'
import { requireTransform } from './transformPreview.ts'
import { live, progressLine, speedometer } from './progress.ts'
import { Cancelled, confirm, settle } from './questions.ts'
import { followMirror, printRun } from './runCommands.ts'
import { withClient } from './session.ts'
import { sourcesOf, type FileSource } from './sources.ts'
import { canAsk, color, note, print } from './terminal.ts'
import { watchRun } from './watch.ts'

/** What stays the same for every file of the command. */
export interface Session {
  readonly host: Host
  readonly client: Client
  /** Where earlier runs are looked up: the same, but for a try. */
  readonly home: Client
  readonly options: ImportOptions
  readonly attributes: AttributesView['attributes']
  readonly json: boolean
  /** Mappings that were settled before, by the name of the source. */
  readonly settled?: ReadonlyMap<string, Mapping>
  /** Somebody who wants to know, instead of a last question and a receipt. */
  readonly witness?: Witness
}

export interface Witness {
  /** Before it is ordered. */
  ordered(order: ImportOrder, shown: Shown): void
  ended(view: RunView): Promise<void>
  /** Ctrl-C before anything was ordered; the process ends afterwards. */
  left(): Promise<void>
}

/** What a preview showed, and what was settled. */
export interface Shown {
  readonly source: FileSource
  readonly report: InspectReport
  readonly upload: UploadView
  readonly mapping: Mapping
}

/** The exit code is the gravest of all files. */
export async function importFiles(host: Host, command: Command, args: string[]): Promise<number> {
  const options = await withLookups(command.opts<ImportOptions>())
  const json = options.json === true
  policyOf(options)
  unfinishedOf(options)
  requireOneMapping(options)
  const sources = await sourcesOf(args)
  // Nobody should wait for an upload to learn that a question cannot be asked.
  if (options.yes !== true && options.dryRun !== true && (json || !canAsk()))
    throw failure('usage.no_terminal')
  return withClient(host, options, async (client) => {
    const { attributes } = await client.get('/attributes')
    const session = { host, client, home: client, options, attributes, json }
    let worst: number = exits.ok
    for (const source of sources) worst = Math.max(worst, await importSource(session, source))
    return worst
  })
}

/** Throws where two flags say what columns become, and where --mapping-from names no run. */
export function requireOneMapping({ mapping, mappingFrom }: ImportOptions): void {
  if (mappingFrom === undefined) return
  if (mapping !== undefined)
    throw failure('usage.unknown', {
      detail: '--mapping and --mapping-from both say what columns become; keep one.',
      command: 'sluice import',
    })
  runId(mappingFrom)
}

/** A workbook or an archive is as many imports as there are parts to take. */
export async function importSource(session: Session, source: FileSource): Promise<number> {
  const { client, options } = session
  const send = (one: FileSource): Promise<UploadView> => sendFile(session, one)
  let worst: number = exits.ok
  try {
    const parts = await leavable(session, () => landedParts({ client, options, send }, source))
    for (const part of parts) worst = Math.max(worst, await importFile(session, part))
    return worst
  } catch (error) {
    if (!(error instanceof Cancelled)) throw error
    print('Nothing was imported.')
    return exits.stopped
  }
}

async function importFile(session: Session, source: FileSource): Promise<number> {
  const { client, options, json } = session
  const { report, upload, before } = await leavable(session, () => takeIn(session, source))
  const columns = report.columns.map(({ column }) => column)
  // In a throw-away namespace there is nothing to correct.
  const corrections =
    session.witness === undefined ? await correctionsIn(client, upload, columns, options) : null
  if (corrections !== null)
    return follow(session, () => orderCorrections(client, source.name, upload, corrections, options))
  const memory = await memoryOf(session, source, report)
  const proposal = memory?.proposal ?? report.proposal
  const { mapping, open } = await mappingFor(session, source, proposal)
  requireTransform({ name: source.name, columns, mapping })
  if (!json) {
    const shown = { ...report, proposal }
    printPreview({ name: source.name, bytes: bytesOf(upload), report: shown, mapping })
    // What is remembered stands or is asked, whatever the beginning of the file suggested.
    if (before !== null && memory === null) printChanges(before, proposal.mapping)
    if (memory !== null) printMemory(memory, policyOf(options))
    print()
  }
  if (memory !== null && options.yes === true) refuseLoss(memory)
  return follow(session, async () => {
    const settled = await settle(
      { ...proposal, mapping, ambiguities: open },
      session.attributes,
      options.yes === true,
    )
    if (options.saveMapping !== undefined) await saveMapping(options.saveMapping, settled.mapping)
    const shown = { source, report, upload, mapping: settled.mapping }
    const order = orderFor(session, shown, memory)
    if (options.yes !== true && options.dryRun !== true && session.witness === undefined) {
      const size = report.whole ? plural(report.records, 'record') : 'the whole file'
      await confirm(deletes(order) ? await deletingQuestion(session, order, size) : `Import ${size}?`)
    }
    session.witness?.ordered(order, shown)
    return orderImport(client, order, options)
  })
}

/** Orders the import, unless the person says no, and follows it to its end. */
async function follow(session: Session, order: () => Promise<ImportAnswer>): Promise<number> {
  const { host, client, json } = session
  try {
    const answer = await order()
    if (!json) sayWhat(answer)
    const view = await watchRun(host, client, answer.run, json)
    await (session.witness?.ended(view) ?? printResult(session, view))
    return await followMirror(session, view)
  } catch (error) {
    if (!(error instanceof Cancelled)) throw error
    print('Nothing was imported.')
    return exits.stopped
  }
}

/** A sheet has no size of its own. */
function bytesOf({ originalBytes, part }: UploadView): number | null {
  return part === null || part.noun === 'file' ? originalBytes : null
}

/** Before the import is ordered, Ctrl-C simply leaves: an upload that breaks off leaves nothing behind. */
async function leavable<T>({ witness }: Session, work: () => Promise<T>): Promise<T> {
  const leave = (): void => {
    note('\nNothing was imported.')
    const gone = witness?.left() ?? Promise.resolve()
    void gone.catch(() => {}).finally(() => process.exit(exits.stopped))
  }
  process.once('SIGINT', leave)
  try {
    return await work()
  } finally {
    process.off('SIGINT', leave)
  }
}

interface TakenIn {
  readonly report: InspectReport
  readonly upload: UploadView
  /** The mapping its beginning suggested, where the whole file was read as well. */
  readonly before: Mapping | null
}

/** Uploads the file while its columns are looked at; what is landed already is looked at there. */
async function takeIn(session: Session, source: FileSource): Promise<TakenIn> {
  const { options, attributes } = session
  const country = countryOf(options)
  const shape = {
    hints: { ...(await dialectHints(options)), ...source.hints },
    attributes,
    ...(country === undefined ? {} : { country }),
  }
  if (source.landed !== undefined) {
    const upload = source.landed
    const open = (): Promise<AsyncIterable<Uint8Array>> =>
      session.client.download('/uploads/{upload}/content', { upload: upload.id })
    return { ...(await look(open, shape, session, source, upload.contentBytes)), upload }
  }
  const open = async (): Promise<AsyncIterable<Uint8Array>> => (await inflate(source.open())).content
  const [looked, upload] = await bothOrNeither(
    look(open, shape, session, source, source.bytes ?? 0),
    sendFile(session, source),
  )
  return { ...looked, upload }
}

/** The first failure counts; the other's is not lost on the process. */
async function bothOrNeither<A, B>(a: Promise<A>, b: Promise<B>): Promise<[A, B]> {
  b.catch(() => {})
  const first = await a
  return [first, await b]
}

type Shape = Parameters<typeof inspectSample>[1]

/**
 * Files up to this size are looked at whole before the question. Of larger ones the beginning makes the proposal and
 * validation holds it against the whole file, before anything is written (`mapping.misled`): a full look takes several
 * seconds for a million rows.
 */
const lookWholeBytes = 32 << 20

/** Types hold for the whole file, unless a mapping file says them. */
async function look(
  open: () => Promise<AsyncIterable<Uint8Array>>,
  shape: Shape,
  session: Session,
  source: FileSource,
  bytes: number,
): Promise<{ report: InspectReport; before: Mapping | null }> {
  const sample = await inspectSample(await open(), shape)
  if (sample.records === 0) throw failure('breaker.empty')
  // Only a header line names all columns at once; JSON keys and padded fields may appear anywhere.
  const { format, onBad } = sample.dialect
  const named = (format === 'csv' || format === 'rows') && onBad === 'quarantine'
  if (sample.whole || isGiven(session, source) || (named && bytes > lookWholeBytes))
    return { report: sample, before: null }
  const report = await inspectAll(await open(), sample, shape)
  return { report, before: sample.proposal.mapping }
}

async function sendFile({ client, json }: Session, source: FileSource): Promise<UploadView> {
  const screen = live(json)
  const speed = speedometer()
  let sent = 0
  const stream = source.open()
  stream.on('data', (block: Buffer) => {
    sent += block.length
  })
  stream.pause()
  const timer = setInterval(
    () => screen.show([progressLine(color.bold('Reading'), sent, source.bytes, speed(sent), size)]),
    150,
  )
  try {
    return await client.upload(source.name, stream)
  } finally {
    clearInterval(timer)
    screen.clear()
  }
}

/** Proposal, mapping a person names, flags, in this order; the last one wins. */
async function mappingFor(session: Session, source: FileSource, proposal: Proposal) {
  const { options, attributes } = session
  const given = session.settled?.get(source.name) ?? (await givenMapping(session))
  if (given === null) {
    const { mapping, ambiguities } = applyFlagsToProposal(proposal, options, attributes)
    return { mapping, open: ambiguities }
  }
  const { mergeMappingFile } = await import('../core/mappingFile.ts')
  const { isOpen } = await import('../core/mappingFlags.ts')
  const mapping = applyFlags(mergeMappingFile(proposal.mapping, given), options, attributes)
  return { mapping, open: proposal.ambiguities.filter((one) => isOpen(one, mapping)) }
}

/** What is remembered of files like this one, unless the person says what columns become; null: nothing. */
async function memoryOf(session: Session, source: FileSource, report: InspectReport) {
  const { home, options } = session
  if (isGiven(session, source) || options.memory === false) return null
  return fromMemory(home, jobOf(options, source), report, options)
}

/** The mapping of the file or run that the flags name; null: neither. */
async function givenMapping({ home, options }: Session): Promise<Mapping | null> {
  const { mapping: file, mappingFrom: run } = options
  if (file === undefined && run === undefined) return null
  const { definitionOf, readMapping } = await import('./mappingCommands.ts')
  if (file !== undefined) return readMapping(file)
  return (await definitionOf(home, runId(run!))).definition.mapping
}

/** Whether a person says what the columns become: then the file is not asked. */
function isGiven({ settled, options: { mapping, mappingFrom } }: Session, { name }: FileSource): boolean {
  return mapping !== undefined || mappingFrom !== undefined || settled?.has(name) === true
}

async function saveMapping(file: string, mapping: Mapping): Promise<void> {
  const { mappingToYaml } = await import('../core/mappingFile.ts')
  await writeFile(file, mappingToYaml(mapping)).catch((error: Error) => {
    throw failure('usage.file_unreadable', { file, detail: error.message })
  })
}

function orderFor(
  session: Session,
  { source, report, upload, mapping }: Shown,
  memory: FromMemory | null,
): ImportOrder {
  const { options } = session
  const columns = report.columns.map(({ column }) => column)
  const mappingFrom = options.mappingFrom ?? memory?.remembered.run
  const unfinished = unfinishedOf(options)
  return {
    upload: upload.id,
    job: jobOf(options, source),
    definition: { dialect: report.dialect, columns, mapping, policy: policyOf(options) },
    again: options.again === true,
    skipSeen: options.skipSeen === true,
    ...(unfinished === undefined ? {} : { unfinished }),
    dryRun: options.dryRun === true,
    // A mapping that a person wrote down is not held against what its types might have been.
    sampled: !report.whole && !isGiven(session, source),
    ...(mappingFrom === undefined ? {} : { mappingFrom }),
  }
}

function jobOf({ job }: ImportOptions, source: FileSource): string {
  return job ?? jobNameOf(source.name)
}

async function printResult({ host, json }: Session, view: RunView): Promise<void> {
  const { printDryRun } = await import('./dryRun.ts')
  if (!json && view.run.dryRun && view.run.validation !== null) printDryRun(view)
  else await printRun(host, view, json)
}
