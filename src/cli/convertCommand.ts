// `sluice convert`: a clean UTF-8 comma CSV and the records that did not fit. Needs no server.
import { createWriteStream, type WriteStream } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import type { Dialect } from '../core/dialect.ts'
import { definitionOf, failure } from '../core/problems.ts'
import { convert, type Converted } from '../formats/convert.ts'
import { errorHeader } from '../formats/errorRow.ts'
import { withParts, type PartOptions } from './containers.ts'
import { exits } from './exit.ts'
import { number, plural } from './format.ts'
import type { Host } from './host.ts'
import { dialectHints, type ShapeOptions } from './importFlags.ts'
import { dialectText } from './preview.ts'
import { sourcesOf, type FileSource } from './sources.ts'
import { spooled } from './spool.ts'
import { color, note, print, printJson } from './terminal.ts'

interface Options extends ShapeOptions, PartOptions {
  readonly json?: boolean
  readonly out?: string
  readonly errors?: string
  readonly outDir?: string
}

interface Target {
  readonly source: FileSource
  /** Null: standard output. */
  readonly out: string | null
  readonly errors: string | null
}

/** Exit code 3 when some record did not fit. */
export async function convertFiles(_host: Host, command: Command, args: string[]): Promise<number> {
  const options = command.opts<Options>()
  const hints = await dialectHints(options)
  return withParts(await sourcesOf(args), options, async (sources) =>
    convertAll(await targetsOf(sources, options), hints, options),
  )
}

async function convertAll(
  targets: readonly Target[],
  hints: Partial<Dialect>,
  options: Options,
): Promise<number> {
  const done: object[] = []
  let failed = 0
  for (const target of targets) {
    const converted = await convertFile(target, hints)
    failed += converted.counters.failed.total
    if (options.json === true) done.push(fileView(target, converted))
    else say(target, converted)
  }
  if (options.json === true) printJson({ convert: done })
  return failed > 0 ? exits.completedWithErrors : exits.ok
}

async function targetsOf(
  sources: readonly FileSource[],
  { out, errors, outDir, json }: Options,
): Promise<Target[]> {
  const wrong = (detail: string): Error => failure('usage.unknown', { detail, command: 'sluice convert' })
  if (outDir === undefined) {
    if (sources.length > 1) throw wrong(severalText(sources))
    if (json === true && (out === undefined || out === '-'))
      throw wrong('--json needs --out FILE, as the records go to standard output otherwise.')
    return sources.map((source) =>
      refuseOwn({ source, out: out === undefined || out === '-' ? null : out, errors: errors ?? null }),
    )
  }
  if (out !== undefined || errors !== undefined)
    throw wrong('--out-dir names the files itself: leave --out and --errors out.')
  await mkdir(outDir, { recursive: true })
  const targets = sources.map((source) => {
    const stem = join(outDir, stemOf(source.name))
    return refuseOwn({ source, out: `${stem}.csv`, errors: `${stem}.errors.csv` })
  })
  const twice = targets.find(({ out: name }, i) => targets.findIndex((other) => other.out === name) < i)
  if (twice !== undefined) throw wrong(`Two of the files would both become ${twice.out}.`)
  return targets
}

function severalText(sources: readonly FileSource[]): string {
  const parts = sources.map(({ name }) => name).join(', ')
  return sources.some(({ flag = '' }) => flag !== '')
    ? `There are several (${parts}): choose one with --sheet or --member, or take them all with --out-dir FOLDER.`
    : 'Several files need --out-dir FOLDER.'
}

/** `customers.xlsx/May` → `customers-May`: one folder, whatever the name. */
function stemOf(name: string): string {
  const plain = name
    .replace(/\.(gz|zst)$/i, '')
    .replace(/\.(csv|tsv|txt|json|jsonl|ndjson|xlsx|parquet)$/i, '')
  return plain.replaceAll(/\.(xlsx|zip)(?=\/)/gi, '').replaceAll('/', '-')
}

/** Reading a file while writing it would lose it. */
function refuseOwn(target: Target): Target {
  const { source, out, errors } = target
  for (const path of [out, errors])
    if (path !== null && source.path !== null && resolve(path) === resolve(source.path))
      throw failure('usage.file_exists', { file: path })
  return target
}

async function convertFile({ source, out, errors }: Target, hints: Partial<Dialect>): Promise<Converted> {
  const clean = new Output(out)
  const bad = errors === null ? null : new Output(errors)
  try {
    const converted = await spooled(source, (file) =>
      convert(
        () => file.open(),
        { clean: (text) => clean.write(text), errors: (text) => bad?.write(text) },
        { hints: { ...hints, ...source.hints } },
      ),
    )
    // A file without rows says more than no file: nothing of an earlier conversion is left under its name.
    if (bad !== null && converted.counters.failed.total === 0)
      await bad.write(errorHeader(converted.columns, false))
    await clean.finish()
    await bad?.finish()
    return converted
  } catch (error) {
    await clean.discard()
    await bad?.discard()
    throw error
  }
}

/** A file that appears whole or not at all; or standard output. */
class Output {
  readonly #path: string | null
  readonly #stream: WriteStream | NodeJS.WriteStream
  #failure: Error | null = null

  constructor(path: string | null) {
    this.#path = path
    this.#stream = path === null ? process.stdout : createWriteStream(`${path}.part`, { mode: 0o600 })
    this.#stream.on('error', (error: Error) => (this.#failure = error))
  }

  async write(text: string): Promise<void> {
    this.#check()
    if (this.#stream.write(text)) return
    const over = new AbortController()
    const { signal } = over
    // Whichever comes first; the other is not waited for any more.
    const either = [once(this.#stream, 'drain', { signal }), once(this.#stream, 'close', { signal })]
    await Promise.race(either).finally(() => over.abort())
  }

  async finish(): Promise<void> {
    if (this.#path === null) return
    this.#stream.end()
    if (this.#failure === null) await once(this.#stream, 'close')
    this.#check()
    await rename(`${this.#path}.part`, this.#path)
  }

  async discard(): Promise<void> {
    if (this.#path === null) return
    this.#stream.destroy()
    await rm(`${this.#path}.part`, { force: true })
  }

  #check(): void {
    if (this.#failure !== null)
      throw failure(
        'usage.file_unwritable',
        { file: this.#path ?? 'standard output', detail: this.#failure.message },
        { cause: this.#failure },
      )
  }
}

function fileView(
  { source, out, errors }: Target,
  { dialect, columns, counters, compression }: Converted,
): object {
  return { file: source.name, out, errors, compression, dialect, columns, counters }
}

function say({ source, out, errors }: Target, { dialect, counters }: Converted): void {
  // Standard output belongs to the records.
  const tell = out === null ? note : print
  const { clean, failed } = counters
  tell(`${color.green('✓')} ${source.name}  ${color.dim(dialectText(dialect))}`)
  tell(`  ${plural(clean, 'record')}${out === null ? '' : ` → ${out}`}`)
  if (failed.total === 0) return
  tell(
    color.yellow(
      `  ${plural(failed.total, 'record')} did not fit${errors === null ? '; --errors FILE keeps them' : ` → ${errors}`}`,
    ),
  )
  for (const [code, count] of Object.entries(failed.codes))
    tell(color.dim(`    ${number(count)} ${definitionOf(code).title.toLowerCase()}`))
}
