// What the scenarios cannot say in a line: too many values of a kind, and what a change set carries.
import { expect, test } from 'vitest'
import type { Shape } from '../core/changeSet.ts'
import { writePolicySchema } from '../core/mapping.ts'
import type { PreparedRecord } from '../core/prepared.ts'
import { MemoryProfiles } from '../../test/support/memoryProfiles.ts'
import { plan } from './plan.ts'

const shape: Shape = {
  attributes: [{ key: 'name', write: 'set' }],
  rest: [],
  slots: [
    { kindId: 1, kind: 'customer_id', rank: 1, single: true },
    { kindId: 4, kind: 'device_id', rank: 4, single: false },
  ],
}
const policy = writePolicySchema.parse({})

function record(ordinal: number, cid: string | null, device: string | null, name = '\\N'): PreparedRecord {
  return {
    ordinal,
    at: [ordinal + 1, 0, 0],
    failed: null,
    skipped: null,
    origin: null,
    identifiers: [cid, device],
    given: [],
    asOf: null,
    row: name,
    cleared: null,
    warnings: null,
  }
}

test('a merge to more than 50 values of a kind is refused, and the value that links links nothing any more (BS-D09)', () => {
  const store = new MemoryProfiles(shape)
  const devices = Array.from({ length: 50 }, (_, i) => record(i + 1, 'c1', `d${i}`))
  store.deliver(1, 1, policy, devices)
  store.deliver(2, 2, policy, [record(1, null, 'shared', 'Kiosk')])
  const [refused, later] = store.deliver(3, 3, policy, [record(1, 'c1', 'shared'), record(2, null, 'shared')])
  expect(refused).toMatchObject({ state: 'failed', problem: { code: 'identifier.too_many', at: [2, 0, 0] } })
  expect(later).toMatchObject({ state: 'failed', problem: { code: 'identifier.none' } })
  const [next] = store.deliver(4, 4, policy, [record(1, 'c2', 'shared')])
  expect(next).toMatchObject({ state: 'finished', outcome: 'created' })
  expect(store.dump().map((line) => line.split(' ').length)).toEqual([51, 1, 1])
})

test('what was replaced is kept with the stamp it had', () => {
  const existing = {
    id: 7,
    version: 3,
    stamp: { asOf: 10, run: 1, ordinal: 5 },
    by: null,
    created: null,
    rest: '',
    row: 'Ada',
    identifiers: null,
  }
  const planned = plan({
    run: 2,
    asOf: 20,
    records: [record(1, 'c1', null, 'Lin')],
    shape,
    policy,
    hits: [new Map([['c1', 7]]), new Map()],
    existing: new Map([[7, existing]]),
    newIds: [],
    full: false,
  })
  expect(planned).toMatchObject({
    changeSet: {
      updated: [{ id: 7, row: 'Lin' }],
      stamps: [{ id: 7, version: 3, stamp: { asOf: 20, run: 2, ordinal: 1 }, by: { '@2': [10, 1, 5] } }],
      changes: [{ ordinal: 1, profileId: 7, before: { a: { name: 'Ada' }, s: [10, 1, 5] } }],
    },
  })
})
