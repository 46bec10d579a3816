// How fast the reader is and how much memory it takes: node bench/reader.ts [case…] [--megabytes N]
import { parseArgs } from 'node:util'
import { dialectSchema, type Dialect } from '../src/core/dialect.ts'
import { readRecords } from '../src/formats/reader.ts'

const columns = Array.from({ length: 12 }, (_, k) => `c${k + 1}`)

function row(i: number, name: string): string {
  return `${i},user${i}@example.com,${name},Lovelace,+49 170 1234567,Hauptstr 5,Berlin,DE,2024-05-06,true,12.50,VIP\n`
}

function block(make: (i: number) => string): Buffer {
  return Buffer.from(Array.from({ length: 10_000 }, (_, i) => make(i)).join(''))
}

interface Case {
  readonly block: Buffer
  readonly dialect?: Partial<Dialect>
  readonly columns?: string[]
  readonly before?: string
  readonly after?: string
}

const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le')
const cases: Record<string, () => Case> = {
  plain: () => ({ block: block((i) => row(i, 'Ada')) }),
  accents: () => ({ block: block((i) => row(i, 'Zoë')) }),
  quoted: () => ({ block: block((i) => row(i, `"Ada ""L"" ${i}, x"`)) }),
  cyrillic: () => ({
    block: block((i) =>
      row(i, 'Мария').replaceAll('Hauptstr', 'Проспект Мира').replaceAll('Lovelace', 'Иванова'),
    ),
  }),
  damaged: () => ({ block: block((i) => (i % 100 === 0 ? row(i, '"open') : row(i, 'Ada'))) }),
  utf16: () => ({ block: utf16(block((i) => row(i, 'Zoë')).toString()), dialect: { encoding: 'utf-16le' } }),
  windows1252: () => ({
    block: Buffer.from(block((i) => row(i, 'Zoë')).toString(), 'latin1'),
    dialect: { encoding: 'windows-1252' },
  }),
  narrow: () => ({ block: block((i) => `${i},${i}\n`), columns: ['a', 'b'] }),
  jsonl: () => ({
    block: block(
      (i) =>
        `{"id":${i},"email":"user${i}@example.com","name":"Zoë","address":{"town":"Köln"},"vip":true,"n":null}\n`,
    ),
    dialect: { format: 'jsonl' },
    columns: [],
  }),
  json: () => ({
    block: block(
      (i) =>
        `,{"id":${i},"email":"user${i}@example.com","name":"Zoë","address":{"town":"Köln"},"vip":true,"n":null}\n`,
    ),
    dialect: { format: 'json' },
    columns: [],
    before: '[{}\n',
    after: ']',
  }),
  huge: () => ({
    block: Buffer.alloc(1 << 20, 120),
    before: '1,2,3,4,5,6,7,8,9,10,11,"',
    after: '"\n1,2,3,4,5,6,7,8,9,10,11,12\n',
  }),
}

async function measure(name: string, megabytes: number): Promise<string> {
  const given = cases[name]!()
  const rounds = Math.ceil((megabytes * 1e6) / given.block.length)
  const dialect = dialectSchema.parse({ format: 'csv', encoding: 'utf-8', headerLines: 0, ...given.dialect })
  // oxlint-disable-next-line require-await -- the reader takes a stream
  async function* content(): AsyncGenerator<Uint8Array> {
    if (given.before !== undefined) yield Buffer.from(given.before)
    for (let i = 0; i < rounds; i++) yield given.block
    if (given.after !== undefined) yield Buffer.from(given.after)
  }
  let records = 0
  let bad = 0
  let peak = 0
  const wall = process.hrtime.bigint()
  const cpu = process.cpuUsage()
  for await (const read of readRecords(content(), dialect, { columns: [...(given.columns ?? columns)] })) {
    records += read.length
    for (const record of read) if (record.bad !== null) bad++
    peak = Math.max(peak, process.memoryUsage.rss())
  }
  const used = process.cpuUsage(cpu)
  const seconds = Number(process.hrtime.bigint() - wall) / 1e9
  const bytes = (rounds * given.block.length) / 1e6
  const perCpu = bytes / ((used.user + used.system) / 1e6)
  return `${name.padEnd(12)} ${bytes.toFixed(0)} MB  ${records} records  ${bad} bad  ${(bytes / seconds).toFixed(0)} MB/s  ${perCpu.toFixed(0)} MB per CPU second  peak RSS ${(peak / 2 ** 20).toFixed(0)} MiB\n`
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { megabytes: { type: 'string', default: '200' } },
})
for (const name of positionals.length > 0 ? positionals : Object.keys(cases))
  process.stdout.write(await measure(name, Number(values.megabytes)))
