// `sluice job sample` and `sluice job template`: what the source of a job looks like, and a file to fill in.
import { writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import type { JobDetail, SampledJob } from '../client/types.gen.ts'
import { applyFlags } from '../core/mappingFlags.ts'
import { targetText } from '../core/mappingText.ts'
import { failure } from '../core/problems.ts'
import type { Client } from './client.ts'
import { exits } from './exit.ts'
import { percent, plural } from './format.ts'
import type { Host } from './host.ts'
import { countryOf, dialectHints, type ShapeOptions } from './importFlags.ts'
import { sendFile } from './jobMoves.ts'
import { withLookups } from './lookups.ts'
import { withClient, type SharedOptions } from './session.ts'
import { shellWord } from './shellWord.ts'
import { color, note, paragraph, print, printJson, table } from './terminal.ts'

interface SampleOptions extends SharedOptions, ShapeOptions {
  readonly file?: string
  readonly memory?: boolean
}

/** Exit code 5 where the sample was not understood. */
export async function sampleJob(host: Host, command: Command, [name = '']: string[]): Promise<number> {
  const options = await withLookups(command.opts<SampleOptions>())
  return withClient(host, options, async (client) => {
    const upload = options.file === undefined ? undefined : (await sendFile(client, options.file)).id
    const order = {
      upload,
      dialect: await dialectHints(options),
      country: countryOf(options),
      memory: options.memory !== false,
    }
    const sampled = await client.post('/jobs/{job}/sample', { job: name, body: order })
    const job = sampled.sample === null ? sampled.job : await withFlags(client, sampled.job, options)
    if (options.json === true) printJson({ ...sampled, job })
    else printSampled({ ...sampled, job })
    return job.state === 'sampling_failed' ? exits.failed : exits.ok
  })
}

/** What flags say about columns is laid over what was proposed. */
async function withFlags(client: Client, job: JobDetail, options: SampleOptions): Promise<JobDetail> {
  const { attributes } = await client.get('/attributes')
  const { mapping } = job.definition
  const changed = applyFlags(mapping, options, attributes)
  if (JSON.stringify(changed) === JSON.stringify(mapping)) return job
  return client.patch('/jobs/{job}', { job: job.id, body: { definition: { mapping: changed } } })
}

function printSampled({ job, sample }: SampledJob): void {
  const word = shellWord(job.job)
  if (sample !== null) printLook(job, sample)
  if (job.state === 'sampling_failed') {
    note(`\n${color.red('✗')} ${paragraph(job.problem?.message ?? job.label, 2).trimStart()}`)
    note(paragraph(job.next))
    note(color.dim(`  Then again: sluice job sample ${word}`))
    return
  }
  const questions = job.sample?.questions ?? []
  for (const { question, flags } of questions) {
    print(`\n${color.yellow('?')} ${paragraph(question, 2).trimStart()}`)
    for (const flag of flags) print(`  sluice job edit ${word} ${flag}`)
  }
  const file = job.provider.kind === 'upload' ? ' --file FILE' : ''
  if (questions.length === 0)
    print(`\n  Looks right? sluice job activate ${word}${job.sample === null ? file : ''}`)
  print(`  Change a column: sluice job edit ${word} --map "COLUMN=TARGET"`)
}

type Look = NonNullable<SampledJob['sample']>

function printLook(job: JobDetail, sample: Look): void {
  const { dialect, file, records, whole, bad, mappingFrom, columns, rows } = sample
  const count = `${whole ? '' : 'the first '}${plural(records, 'record')}`
  const unread = bad === 0 ? '' : color.yellow(`, ${plural(bad, 'record')} of them cannot be read`)
  const how =
    dialect.format === 'csv'
      ? `${dialect.encoding}, fields between ${signName(dialect.delimiter)}`
      : dialect.format
  print(`${color.bold(file)}  ${count}${unread}  ${color.dim(how)}\n`)
  const mapped = new Map(job.definition.mapping.columns.map((one) => [one.column, one]))
  const cells = columns.map(({ column, fillRate, examples }, i) => {
    const target = mapped.get(column)
    const example = rows
      .map((row) => row[i])
      .find((cell) => cell !== null && cell !== undefined && cell !== '')
    return [
      column,
      target === undefined ? '' : targetText(target),
      percent(fillRate),
      example ?? examples[0] ?? '',
    ]
  })
  const heads = [
    { title: 'column', flexible: true },
    { title: 'becomes' },
    { title: 'filled', right: true },
    { title: 'example', flexible: true },
  ]
  print(table(heads, cells, 2))
  if (mappingFrom !== null) print(color.dim(`\n  As in ${mappingFrom}; --no-memory proposes afresh.`))
  for (const { column, text } of sample.warnings)
    print(`${color.yellow('!')} ${paragraph(column === null ? text : `${column}: ${text}`, 2).trimStart()}`)
}

const signNames: Readonly<Record<string, string>> = {
  ',': 'commas',
  ';': 'semicolons',
  '\t': 'tabs',
  '|': 'pipes',
  ' ': 'spaces',
}

function signName(sign: string): string {
  return signNames[sign] ?? JSON.stringify(sign)
}

/** A CSV file that fits the job (BS-D04). */
export async function jobTemplate(host: Host, command: Command, [name = '']: string[]): Promise<number> {
  const options = command.opts<SharedOptions & { readonly save?: string }>()
  return withClient(host, options, async (client) => {
    const parts: Buffer[] = []
    const template = await client.download('/jobs/{job}/template', { job: name })
    for await (const part of template) parts.push(part as Buffer)
    const text = Buffer.concat(parts).toString('utf8')
    if (options.save !== undefined) await saveNew(options.save, text)
    if (options.json === true)
      printJson(options.save === undefined ? { template: text } : { saved: options.save })
    else if (options.save === undefined) process.stdout.write(text)
    else print(`${color.green('✓')} Saved ${options.save}`)
    return exits.ok
  })
}

/** An existing file is left alone: somebody may have edited it. */
export async function saveNew(file: string, text: string): Promise<void> {
  await writeFile(file, text, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') throw failure('usage.file_exists', { file })
    throw failure('usage.file_unwritable', { file, detail: error.message })
  })
}
