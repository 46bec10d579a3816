// How long mapping and profiling a record take: `node bench/mapping.ts [records]`. Twelve columns, a phone number among them.
import { createColumnProfile } from '../src/core/columnProfile.ts'
import { compileMapping } from '../src/core/compileMapping.ts'
import type { RawRecord } from '../src/core/dialect.ts'
import type { Mapping } from '../src/core/mapping.ts'
import { proposeMapping } from '../src/core/proposal.ts'

const columns =
  'customer_id,email,first_name,last_name,phone,city,country,signup_date,lifetime_value,opt_in,tags,notes'.split(
    ',',
  )
const cities = ['Berlin', 'Hamburg', 'München', 'Köln', 'Frankfurt am Main']

function record(i: number): RawRecord {
  const cells = [
    `C${1_000_000 + i}`,
    `user${i}@mail${i % 50}.example.org`,
    `First${i % 900}`,
    `Last${i % 5_000}`,
    i % 3 === 0 ? '' : `+49 170 ${1_000_000 + ((i * 7_919) % 8_999_999)}`,
    cities[i % cities.length]!,
    i % 4 === 0 ? 'AT' : 'DE',
    `20${10 + (i % 10)}-0${1 + (i % 9)}-1${i % 10}`,
    `${i % 1000}.${10 + (i % 80)}`,
    i % 2 === 0 ? 'true' : 'false',
    `vip,tag${i % 7},tag${i % 5}`,
    i % 3 === 0 ? '' : `A note, with words and number ${i % 100}`,
  ]
  return { ordinal: i, line: i + 1, offset: 0, length: 120, cells, bad: null, raw: null }
}

/** Microseconds a record, the best of several rounds. */
function measure(records: readonly RawRecord[], work: () => (record: RawRecord) => void): number {
  let best = Infinity
  for (let round = 0; round < 5; round++) {
    const step = work()
    const began = performance.now()
    for (const one of records) step(one)
    best = Math.min(best, performance.now() - began)
  }
  return (best / records.length) * 1000
}

function withoutPhone(mapping: Mapping): Mapping {
  return { ...mapping, columns: mapping.columns.filter(({ column }) => column !== 'phone') }
}

const count = Number(process.argv[2] ?? 200_000)
const records = Array.from({ length: count }, (_, i) => record(i + 1))
const profile = createColumnProfile(columns)
for (const one of records) profile.add(one)
const { mapping: proposed } = proposeMapping(profile.report())

function profiling(): (record: RawRecord) => void {
  const profile = createColumnProfile(columns)
  return (one) => profile.add(one)
}

function mapping(of: Mapping): () => (record: RawRecord) => void {
  return () => {
    const mapper = compileMapping(of, columns)
    return (one) => void mapper.map(one)
  }
}

const rows: readonly (readonly [string, number])[] = [
  ['profile', measure(records, profiling)],
  ['map', measure(records, mapping(proposed))],
  ['map without phone', measure(records, mapping(withoutPhone(proposed)))],
]
for (const [name, micros] of rows)
  process.stdout.write(`${name.padEnd(18)} ${micros.toFixed(2)} µs a record\n`)
