// `sluice inspect`: what a file is taken for; first by its beginning, then by all of it. Needs no server; one that is up is asked
// what such a file became before.
import type { Command } from 'commander'
import type { Inspection } from '../client/types.gen.ts'
import { applyFlags, applyFlagsToProposal, isOpen } from '../core/mappingFlags.ts'
import { mergeMappingFile } from '../core/mappingFile.ts'
import type { Mapping } from '../core/mapping.ts'
import type { Proposal } from '../core/proposal.ts'
import { inflate } from '../formats/compression.ts'
import { inspectAll, inspectSample, type InspectReport } from '../formats/inspect.ts'
import { summarise } from '../formats/summarise.ts'
import { withParts, type PartOptions } from './containers.ts'
import { exits } from './exit.ts'
import { number, size } from './format.ts'
import type { Host } from './host.ts'
import { withLookups } from './lookups.ts'
import { readMapping } from './mappingCommands.ts'
import { requireTransform } from './transformPreview.ts'
import { countryOf, dialectHints, type ShapeOptions } from './importFlags.ts'
import { fromMemoryIfUp, printWouldRemember } from './memory.ts'
import { printChanges, printPreview } from './preview.ts'
import type { Loose } from './operations.ts'
import { live, progressLine, speedometer } from './progress.ts'
import { sourcesOf, type FileSource } from './sources.ts'
import { spooled } from './spool.ts'
import { color, paragraph, print, printJson } from './terminal.ts'

interface Options extends ShapeOptions, PartOptions {
  readonly json?: boolean
  readonly sample?: boolean
}

/** With several files, one JSON object a line. */
export async function inspectFiles(host: Host, command: Command, args: string[]): Promise<number> {
  const options = await withLookups(command.opts<Options>())
  const given = options.mapping === undefined ? null : await readMapping(options.mapping)
  await withParts(await sourcesOf(args), options, async (sources) => {
    for (const source of sources) await spooled(source, (file) => inspectFile(host, file, options, given))
  })
  return exits.ok
}

async function inspectFile(
  host: Host,
  source: FileSource,
  options: Options,
  given: Mapping | null,
): Promise<void> {
  const country = countryOf(options)
  const shape = {
    hints: { ...(await dialectHints(options)), ...source.hints },
    ...(country === undefined ? {} : { country }),
  }
  const content = async (): Promise<AsyncIterable<Uint8Array>> => (await inflate(source.open())).content
  const json = options.json === true
  const sample = await inspectSample(await content(), shape)
  const first = withFlags(source, sample, options, given)
  const more = !sample.whole && options.sample !== true
  if (!json)
    printPreview({ name: source.name, bytes: sizeOf(source), report: sample, mapping: first.mapping })
  const report = more ? await readOn(source, sample, shape, content, json) : sample
  const proposal = withFlags(source, report, options, given)
  if (json) return printJson(view(report, proposal, source))
  if (more) sayWhole(report, first, proposal)
  // The proposal is that of the file alone; what an import would remember is said beside it.
  const memory = given === null ? await fromMemoryIfUp(host, source.name, report, options) : null
  if (memory !== null) printWouldRemember(memory)
  printQuestions(memory === null ? proposal : applyFlagsToProposal(memory.proposal, options))
  print(`\n  ${color.dim('Import it:')} sluice import ${source.path ?? '-'}${source.flag ?? ''}`)
}

/** A sheet has no size of its own. */
function sizeOf({ bytes, hints }: FileSource): number | null {
  return hints?.format === 'rows' ? null : bytes
}

/** The proposal with the mapping file and the flags laid over it. Throws where they do not fit the columns. */
function withFlags(
  { name }: FileSource,
  { proposal, columns: reports }: InspectReport,
  options: Options,
  given: Mapping | null,
): Proposal {
  const flagged = given === null ? applyFlagsToProposal(proposal, options) : over(proposal, given, options)
  requireTransform({ name, columns: reports.map(({ column }) => column), mapping: flagged.mapping })
  return flagged
}

function over(proposal: Proposal, given: Mapping, options: Options): Proposal {
  const mapping = applyFlags(mergeMappingFile(proposal.mapping, given), options)
  return { ...proposal, mapping, ambiguities: proposal.ambiguities.filter((one) => isOpen(one, mapping)) }
}

async function readOn(
  { bytes }: FileSource,
  sample: InspectReport,
  shape: Parameters<typeof inspectSample>[1],
  content: () => Promise<AsyncIterable<Uint8Array>>,
  json: boolean,
): Promise<InspectReport> {
  const screen = live(json)
  const speed = speedometer()
  let drawn = 0
  const onProgress = ({ records, bytes: done }: { records: number; bytes: number }): void => {
    if (performance.now() - drawn < 150) return
    drawn = performance.now()
    screen.show([
      progressLine(color.bold('Reading all of it'), done, bytes, speed(done), size),
      color.dim(`  ${number(records)} records`),
    ])
  }
  try {
    return await inspectAll(await content(), sample, { ...shape, onProgress })
  } finally {
    screen.clear()
  }
}

function sayWhole(report: InspectReport, before: Proposal, after: Proposal): void {
  print(
    `\n${color.green('✓')} The whole file: ${number(report.records)} records, ${number(report.bad)} cannot be read.`,
  )
  printChanges(before.mapping, after.mapping)
  const known = new Set(before.warnings.map(({ text }) => text))
  for (const { text } of after.warnings)
    if (!known.has(text)) print(`\n${color.yellow('!')}${paragraph(text).slice(1)}`)
}

function printQuestions({ ambiguities }: Proposal): void {
  for (const { question, examples, flags } of ambiguities) {
    print(`\n${color.cyan('?')}${paragraph(question).slice(1)}`)
    if (examples.length > 0) print(color.dim(paragraph(`for example ${examples.slice(0, 3).join(', ')}`)))
    print(paragraph(`Answer with ${flags.join(' or ')}`))
  }
}

/** The same object as the API's inspect route answers, with the file's name. */
function view(
  report: InspectReport,
  proposal: Proposal,
  source: FileSource,
): { file: string; inspection: Loose<Inspection> } {
  return { file: source.name, inspection: summarise({ ...report, proposal }) }
}
