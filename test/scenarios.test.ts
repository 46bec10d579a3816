// The rules of identity and writing as tables a person can read: test/scenarios/*.txt.
import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { writePolicySchema, type WritePolicy } from '../src/core/mapping.ts'
import type { PreparedRecord } from '../src/core/prepared.ts'
import type { SkipReason } from '../src/core/record.ts'
import type { Settlement, Shape } from '../src/core/changeSet.ts'
import { openDatabase, type Database } from '../src/db/client.ts'
import { testDatabase } from './postgres.ts'
import { DatabaseProfiles } from './support/databaseProfiles.ts'
import { MemoryProfiles } from './support/memoryProfiles.ts'

const shape: Shape = {
  attributes: [
    { key: 'name', write: 'set' },
    { key: 'city', write: 'set' },
    { key: 'score', write: 'set' },
    { key: 'tier', write: 'set_if_empty' },
  ],
  rest: [],
  slots: [
    { kindId: 1, kind: 'customer_id', rank: 1, single: true },
    { kindId: 2, kind: 'email', rank: 2, single: true },
  ],
}

function parseRecord(text: string, ordinal: number): PreparedRecord {
  const words = new Map(
    text
      .trim()
      .split(/\s+/)
      .map((word) => {
        const [key, value] = word.startsWith('@') ? ['@', word.slice(1)] : word.split('=')
        return [key!, value!] as const
      }),
  )
  const cleared = shape.attributes.flatMap(({ key }, i) => (words.get(key) === '!' ? [i] : []))
  const asOf = words.get('@')
  return {
    ordinal,
    at: [ordinal, 0, 0],
    failed: null,
    origin: null,
    skipped: words.has('skip') ? { reason: words.get('skip') as SkipReason, note: null } : null,
    warnings: null,
    identifiers: [words.get('cid') ?? null, words.get('email') ?? null],
    given: [null, null],
    asOf: asOf === undefined ? null : Number(asOf),
    row: shape.attributes
      .map(({ key }) => (words.has(key) && words.get(key) !== '!' ? words.get(key) : '\\N'))
      .join('\t'),
    cleared: cleared.length === 0 ? null : cleared,
  }
}

function parseRecords(text: string): PreparedRecord[] {
  return text.trim() === '-' ? [] : text.split('|').map((record, i) => parseRecord(record, i + 1))
}

function parsePolicy(text: string): WritePolicy {
  const word = text.trim()
  if (word === 'first') return writePolicySchema.parse({ duplicates: 'first' })
  if (word === 'reject' || word === 'highest') return writePolicySchema.parse({ onSeveral: word })
  return writePolicySchema.parse(word === '-' ? {} : { mode: word })
}

function nameOf(settled: Settlement): string {
  if (settled.state === 'failed') return settled.problem.code
  const name = settled.state === 'finished' ? settled.outcome : settled.reason
  return [name, ...(settled.warnings ?? []).map((w) => w.code)].join('+')
}

interface Store {
  deliver(
    run: number,
    asOf: number,
    policy: WritePolicy,
    records: readonly PreparedRecord[],
  ): readonly Settlement[] | Promise<readonly Settlement[]>
  dump(): string[] | Promise<string[]>
}

async function play(store: Store, line: string): Promise<{ became: string; profiles: string }> {
  const [have, came, policy] = line.split(';') as [string, string, string]
  const before = parseRecords(have)
  for (const [i, record] of before.entries()) await store.deliver(i + 1, 100 + i, parsePolicy('-'), [record])
  const settled = await store.deliver(50, 1000, parsePolicy(policy), parseRecords(came))
  return { became: settled.map(nameOf).join(' | '), profiles: (await store.dump()).join(' / ') || '-' }
}

const database = testDatabase()
const stores: Record<string, () => Promise<Store>> = {
  'in memory': () => Promise.resolve(new MemoryProfiles(shape)),
  'on PostgreSQL': async () =>
    DatabaseProfiles.open((opened ??= openDatabase(database.connection, 'test')), shape),
}
let opened: Database | undefined
afterAll(() => opened?.end())

const folder = new URL('./scenarios/', import.meta.url)

for (const [where, open] of Object.entries(stores))
  for (const file of readdirSync(folder)) {
    describe(`${file}, ${where}`, () => {
      const lines = readFileSync(new URL(file, folder), 'utf8').split('\n')
      lines.forEach((line, i) => {
        if (line.trim() === '' || line.startsWith('#')) return
        test(`line ${i + 1}: ${line}`, async () => {
          const [, , , became, profiles] = line.split(';').map((part) => part.trim())
          expect(await play(await open(), line)).toEqual({ became, profiles })
        })
      })
    })
  }
