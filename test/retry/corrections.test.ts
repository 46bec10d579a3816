// Correct and re-run: an error file that comes back becomes retry rows with the stamps of their first appearance.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { testDatabase } from '../postgres.ts'
import { RetryHarness } from '../support/retryHarness.ts'

const database = testDatabase()
let h: RetryHarness

beforeAll(async () => {
  h = await RetryHarness.open(database.connection)
})
afterAll(() => h.close())
beforeEach(() => h.empty())

const people = [
  'customer_id,email,city,score,seen',
  'c1,a@example.com,Wien,1,',
  'c2,not an address,Graz,2,',
  'c3,c@example.com,Linz,many,',
  'c4,d@example.com',
  'c5,e@example.com,"a\nb",x,',
].join('\n')

describe('a corrected error file', () => {
  test('only what was changed is tried again; parent and child say what became of it (P7)', async () => {
    const parent = await h.import(`${people}\n`)
    const file = await h.errorFile(parent)
    const corrected = file.replaceAll('not an address', 'b@example.com').replace(',many,', ',3,')
    const child = await h.correct(corrected)
    expect(await h.lines(child)).toEqual([
      `finished created c2 origin ${h.name(parent)}/2`,
      `finished created c3 origin ${h.name(parent)}/3`,
      `skipped unchanged_correction - origin ${h.name(parent)}/4`,
      `skipped unchanged_correction c5 origin ${h.name(parent)}/5`,
    ])
    expect(await h.lines(parent)).toEqual([
      'finished created c1',
      `failed email.invalid c2 retried ${h.name(child)}/1`,
      `failed integer.invalid c3 retried ${h.name(child)}/2`,
      'failed read.field_count -',
      'failed integer.invalid c5',
    ])
    expect(await h.row(child)).toMatchObject({ state: 'completed' })
    expect(await h.verify(child)).toMatchObject({ sound: true })
    expect(await h.verify(parent)).toMatchObject({ sound: true })
  })
})
