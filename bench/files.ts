// The files both sides read: made once by examples/generate.mjs and kept. Making and cutting them is never timed.
import { createHash } from 'node:crypto'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { defaults, generate, isBad, line } from '../examples/generate.mjs'
import type { FileName, PartsName } from './kinds.ts'

const partRecords = 100_000
const badShare = 0.01

const contents = {
  new: {},
  updated: { kind: 'updated' },
  bad: { bad: badShare },
  'as-of-new': { asOf: true },
  'as-of-updated': { asOf: true, kind: 'updated' },
} as const satisfies Record<Exclude<FileName, 'daily'>, object>

/** One line of so many is another the next day. */
const dailyChange = 100

export interface Files {
  readonly rows: number
  /** Path of a whole file, made where it is missing. */
  file(name: FileName): string
  /** Folder of a file in parts of 100,000 records, made where it is missing. */
  parts(name: PartsName): string
}

/** The files of one size under `folder`; another generator makes other files. */
export function openFiles(folder: string, rows: number): Files {
  const generator = readFileSync(new URL('../examples/generate.mjs', import.meta.url))
  const edition = createHash('sha256').update(generator).digest('hex').slice(0, 8)
  const place = join(folder, `files-${edition}`, String(rows))
  mkdirSync(place, { recursive: true })
  return {
    rows,
    file: (name) =>
      made(join(place, `customers-${name}.csv`), (path) => {
        if (name === 'daily') writeWhole(path, dailyLines(rows))
        else generate(path, { ...contents[name], rows })
      }),
    parts: (name) =>
      made(join(place, `parts-${name}`), (path) => {
        mkdirSync(path)
        makeParts(path, name, rows)
      }),
  }
}

/** Makes it under another name first, so that what is there is always whole. */
function made(path: string, make: (path: string) => void): string {
  if (existsSync(path)) return path
  const unfinished = `${path}.unfinished`
  rmSync(unfinished, { recursive: true, force: true })
  make(unfinished)
  renameSync(unfinished, path)
  return path
}

function makeParts(folder: string, name: PartsName, rows: number): void {
  if (name === 'good') return writeParts(folder, goodLines(rows))
  if (name === 'winning') return writeParts(folder, winningLines(rows))
  if (name === 'daily') return writeParts(folder, dailyLines(rows))
  for (let from = 0; from < rows; from += partRecords)
    generate(partPath(folder, from / partRecords), {
      ...contents[name],
      from,
      rows: Math.min(partRecords, rows - from),
    })
}

function partPath(folder: string, number: number): string {
  return join(folder, `${String(number).padStart(4, '0')}.csv`)
}

/** What must remain of `bad`. */
function* goodLines(rows: number): Generator<string> {
  for (let index = 0; index < rows; index++)
    if (!isBad(index, { ...defaults, bad: badShare })) yield line(index, defaults)
}

/** Of `as-of-updated`, the records that are younger than those of `as-of-new`; without the column. */
function* winningLines(rows: number): Generator<string> {
  const before = { ...defaults, ...contents['as-of-new'] }
  const after = { ...defaults, ...contents['as-of-updated'] }
  for (let index = 0; index < rows; index++)
    if (timeOf(line(index, after)) > timeOf(line(index, before)))
      yield line(index, { ...defaults, ...contents.updated })
}

/** `new` a day later. */
function* dailyLines(rows: number): Generator<string> {
  const updated = { ...defaults, ...contents.updated }
  for (let index = 0; index < rows; index++) yield line(index, index % dailyChange === 7 ? updated : defaults)
}

/** The last cell: ISO 8601 in UTC, so comparing texts compares times. */
function timeOf(record: string): string {
  return record.slice(record.lastIndexOf(',') + 1)
}

const header =
  'customer_id,email,first_name,last_name,phone,city,country,signup_date,lifetime_value,opt_in,tags,notes'

function writeParts(folder: string, lines: Iterable<string>): void {
  let number = 0
  let part: string[] = []
  const flush = (): void => {
    writeWhole(partPath(folder, number++), part)
    part = []
  }
  for (const record of lines) {
    part.push(record)
    if (part.length === partRecords) flush()
  }
  if (part.length > 0) flush()
}

function writeWhole(path: string, records: Iterable<string>): void {
  const file = openSync(path, 'w')
  let text = `${header}\n`
  const flush = (): void => {
    const bytes = Buffer.from(text)
    for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done)
    text = ''
  }
  for (const record of records) {
    text += `${record}\n`
    if (text.length > 1 << 22) flush()
  }
  flush()
  closeSync(file)
}
