// What steps, expressions and filters cost a record: `node bench/transform.ts [records]`. Map, check and the form COPY takes.
import { compileMapping } from '../src/core/compileMapping.ts'
import type { RawRecord } from '../src/core/dialect.ts'
import { mappingSchema, type Mapping } from '../src/core/mapping.ts'
import { encodePrepared } from '../src/core/prepared.ts'
import type { Filter, Step } from '../src/core/transform/stepSchema.ts'
import { prepare } from '../src/pipeline/prepare.ts'

const columns = 'customer_id,email,first_name,last_name,city,country,lifetime_value,tags'.split(',')
const cities = ['Berlin', 'HAMBURG', ' münchen', 'köln', 'Frankfurt am Main']

function record(i: number): RawRecord {
  const cells = [
    `C${1_000_000 + i}`,
    `User${i}@Mail${i % 50}.example.org`,
    `First${i % 900}`,
    `Last${i % 5_000}`,
    cities[i % cities.length]!,
    i % 4 === 0 ? 'AT' : 'DE',
    `${i % 1000}.${10 + (i % 80)}`,
    `vip,tag${i % 7},tag${i % 5}`,
  ]
  return { ordinal: i, line: i + 1, offset: 0, length: 90, cells, bad: null, raw: null }
}

const plain = mappingSchema.parse({
  columns: [
    { column: 'customer_id', target: { to: 'identifier', kind: 'customer_id' } },
    { column: 'email', target: { to: 'identifier', kind: 'email' } },
    ...columns
      .slice(2, 6)
      .map((column) => ({ column, target: { to: 'attribute', key: column, type: 'text' } })),
    { column: 'lifetime_value', target: { to: 'attribute', key: 'lifetime_value', type: 'number' } },
    { column: 'tags', target: { to: 'attribute', key: 'tags', type: 'text_list' } },
  ],
})

function withSteps(steps: Readonly<Record<string, readonly Step[]>>): Mapping {
  const changed = plain.columns.map((one) => ({ ...one, steps: [...(steps[one.column] ?? [])] }))
  return { ...plain, columns: changed }
}

function withFilters(...keeps: readonly string[]): Mapping {
  const filters = keeps.map((keep, i): Filter => ({ name: `filter ${i}`, keep, onError: 'fail' }))
  return { ...plain, filters }
}

const table = Object.fromEntries(
  Array.from({ length: 200 }, (_, i) => [i === 0 ? 'AT' : i === 1 ? 'DE' : `X${i}`, `Country ${i}`]),
)
const lookup: Step = { lookup: { table, otherwise: 'fail', ignoreCase: false } }

const cases: readonly (readonly [string, Mapping])[] = [
  ['no steps', plain],
  ['trim, case, lookup', withSteps({ city: ['trim', { case: 'lower' }], country: [lookup] })],
  [
    'title case of two columns',
    withSteps({ first_name: [{ case: 'title' }], last_name: [{ case: 'title' }] }),
  ],
  ['replace, pattern of one run', withSteps({ city: [{ replace: { pattern: '[^a-zA-Z]+', with: '' } }] })],
  ['replace, any pattern', withSteps({ city: [{ replace: { pattern: '(am|an der) \\w+', with: '' } }] })],
  ['sha256', withSteps({ first_name: [{ hash: 'sha256' }] })],
  ['cel step', withSteps({ city: [{ cel: 'record.first_name + " " + value.upper()' }] })],
  [
    'cel step with a loop',
    withSteps({ tags: [{ cel: 'value.split(",").filter(x, x != "vip").join(",")' }] }),
  ],
  ['one filter, all kept', withFilters('record.country == "DE" || record.country == "AT"')],
  ['one filter, a quarter kept', withFilters('record.country == "AT"')],
  ['filter of a mapped value', withFilters('double(profile.lifetime_value) >= 0.0')],
  [
    'three filters',
    withFilters('record.country != ""', 'record.city.size() > 2', 'record.tags.contains("vip")'),
  ],
]

/** Microseconds of processor time a record: other work on the machine does not count. */
function once(records: readonly RawRecord[], mapping: Mapping): number {
  const mapper = compileMapping(mapping, columns, { file: 'bench.csv', now: () => performance.now() })
  const began = process.cpuUsage()
  let bytes = 0
  for (const one of records) bytes += encodePrepared(prepare(one, mapper, Number.MAX_SAFE_INTEGER)).length
  if (bytes === 0) throw new Error('nothing was prepared')
  const { user, system } = process.cpuUsage(began)
  return (user + system) / records.length
}

const count = Number(process.argv[2] ?? 200_000)
const records = Array.from({ length: count }, (_, i) => record(i + 1))
const rounds = 5
const best = new Map<string, number>()
// Round by round, so that a busy moment of the machine does not fall on one case alone.
for (let round = 0; round < rounds; round++)
  for (const [name, mapping] of cases)
    best.set(name, Math.min(best.get(name) ?? Infinity, once(records, mapping)))
const none = best.get('no steps')!
for (const [name, micros] of best)
  process.stdout.write(
    `${name.padEnd(28)} ${micros.toFixed(2).padStart(6)} µs a record  ${Math.round(1e6 / micros)
      .toLocaleString('en-US')
      .padStart(9)} records/s  ${(micros - none >= 0 ? '+' : '') + (micros - none).toFixed(2)} µs\n`,
  )
