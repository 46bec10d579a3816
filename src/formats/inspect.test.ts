// Inspecting files: what the sample says, what the whole file says, and what changed between them.
import { describe, expect, test } from 'vitest'
import { targetText } from '../core/mappingText.ts'
import { inspectAll, inspectSample, proposalChanges, type InspectReport } from './inspect.ts'

async function* blocks(text: string, size = 1 << 16): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function inspect(text: string): Promise<{ sample: InspectReport; whole: InspectReport }> {
  const sample = await inspectSample(blocks(text))
  return { sample, whole: await inspectAll(blocks(text, 1000), sample) }
}

function targets({ proposal }: InspectReport): string[] {
  return proposal.mapping.columns.map((column) => `${column.column} → ${targetText(column)}`)
}

const german = [
  'Kundennummer;E-Mail;Vorname;PLZ;Geburtsdatum;Umsatz;Newsletter;Telefon',
  '0001;ada@x.io;Ada;01099;31.12.1980;1.234,50;ja;+49 351 123456',
  '0002;bob@x.io;Bob;80331;01.02.1990;12,00;nein;+49 30 123456',
  '0003;cyd@x.io;Cyd;80331;01.02.1990;0,99;nein;',
  '0004;dan@x.io',
].join('\r\n')

test('a small file: dialect, columns and mapping, with the record that cannot be read', async () => {
  const { sample, whole } = await inspect(german)
  expect(sample.dialect).toMatchObject({ format: 'csv', delimiter: ';', headerLines: 1 })
  expect(targets(sample)).toEqual([
    'Kundennummer → @customer_id',
    'E-Mail → @email',
    'Vorname → first_name:text',
    'PLZ → zip:text',
    'Geburtsdatum → birth_date:date (dateOrder dmy)',
    'Umsatz → lifetime_value:number (decimal ,)',
    'Newsletter → opt_in:boolean',
    'Telefon → phone:phone',
  ])
  expect([sample.whole, sample.records, sample.bad, sample.badExamples[0]?.line]).toEqual([true, 4, 1, 5])
  expect(sample.columns.map(({ filled }) => filled)).toEqual([3, 3, 3, 3, 3, 3, 3, 2])
  expect(whole.columns).toEqual(sample.columns)
  expect(proposalChanges(sample, whole)).toEqual([])
})

describe('a file larger than the sample', () => {
  const rows = 40_000
  const row = (i: number, age: string): string =>
    `c${i},p${i}@example.org,${age},"a note, with\na line end and more text ${i}"\n`
  const build = (ageOf: (i: number) => string): string =>
    `customer_id,email,visits,notes\n${Array.from({ length: rows }, (_, i) => row(i, ageOf(i))).join('')}`

  test('the record cut by the end of the sample is not counted as broken', async () => {
    const { sample, whole } = await inspect(build((i) => String(i % 90)))
    expect([sample.whole, sample.bad]).toEqual([false, 0])
    expect(sample.bytes).toBe(2 << 20)
    expect([whole.whole, whole.records, whole.bad]).toEqual([true, rows, 0])
    expect(proposalChanges(sample, whole)).toEqual([])
  })

  test('a proposal that no longer holds is shown', async () => {
    const { sample, whole } = await inspect(build((i) => (i < rows - 100 ? String(i % 90) : '1.5')))
    expect(proposalChanges(sample, whole)).toEqual([
      { column: 'visits', before: 'visits:integer', after: 'visits:number (decimal .)' },
    ])
  })

  test('progress reaches the last record and byte', async () => {
    const text = build(() => '1')
    const sample = await inspectSample(blocks(text))
    const seen: { records: number; bytes: number }[] = []
    await inspectAll(blocks(text), sample, { onProgress: (progress) => seen.push(progress) })
    expect(seen.length).toBeGreaterThan(1)
    expect(seen.at(-1)).toEqual({ records: rows, bytes: Buffer.byteLength(text) })
  })
})

test('JSON keys that appear late become columns', async () => {
  const lines = ['{"id":"a1","email":"a@x.io"}', '{"id":"a2","email":"b@x.io","city":"Ulm"}']
  const { whole } = await inspect(lines.join('\n'))
  expect(targets(whole)).toEqual(['id → @customer_id', 'email → @email', 'city → city:text'])
  expect(whole.columns.map(({ fillRate }) => fillRate)).toEqual([1, 1, 0.5])
})

test('an aborted inspection stops', async () => {
  const signal = AbortSignal.abort(new Error('stopped'))
  await expect(inspectSample(blocks(german), { signal })).rejects.toThrow('stopped')
})
