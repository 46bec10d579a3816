// The limits of the circuit breaker, one by one and all at once; and what has moved since a person looked.
import { describe, expect, test } from 'vitest'
import { drifted, medianOf, tripsOf, type Prospect } from './breaker.ts'
import { breakerSchema } from './job.ts'

const calm: Prospect = {
  run: 'r1001',
  total: 1_000,
  rejected: 0,
  deletes: null,
  profiles: 0,
  usual: [],
  misplaced: [],
  retyped: [],
}

type Limits = Parameters<typeof breakerSchema.parse>[0]

describe('what a run would do against the limits of its job (rank 5, P20, P21)', () => {
  const cases: [title: string, found: Partial<Prospect>, limits: Limits, codes: string[]][] = [
    ['nothing unusual', {}, {}, []],
    ['no records', { total: 0 }, {}, ['breaker.empty']],
    ['no records, switched off', { total: 0 }, { empty: false }, []],
    ['10 % of rejects', { rejected: 100 }, { rejectsMin: 50 }, []],
    ['more than 10 % but only 100', { total: 500, rejected: 100 }, {}, []],
    ['more than 10 % and more than 100', { rejected: 101 }, {}, ['breaker.rejects']],
    ['all rejected, switched off', { rejected: 1_000 }, { rejectsPercent: null }, []],
    ['250 deletes of many', { deletes: 250, profiles: 100_000 }, {}, []],
    ['251 deletes of many', { deletes: 251, profiles: 100_000 }, {}, ['breaker.deletes']],
    ['5 % deletes', { deletes: 5, profiles: 100 }, {}, []],
    ['more than 5 % deletes', { deletes: 6, profiles: 100 }, {}, ['breaker.deletes']],
    [
      'everybody is deleted, switched off',
      { deletes: 99, profiles: 99 },
      { deletesMax: null, deletesPercent: null },
      [],
    ],
    ['nobody is deleted', { deletes: 0, profiles: 0 }, { deletesMax: 0 }, []],
    ['half of the usual records', { total: 500, usual: [1_000, 1_000, 1_000] }, {}, []],
    ['less than half', { total: 499, usual: [1_000, 1_000, 1_000] }, {}, ['breaker.rows']],
    ['twice the usual', { total: 2_000, usual: [1_000, 1_000, 1_000] }, {}, []],
    ['more than twice', { total: 2_001, usual: [1_000, 1_000, 1_000] }, {}, ['breaker.rows']],
    ['an unusual one among them', { usual: [1_000, 1, 1_000, 90_000, 1_000] }, {}, []],
    ['two runs are too few to compare with', { total: 1, usual: [1_000, 1_000] }, {}, []],
    ['few records, switched off', { total: 1, usual: [9, 9, 9] }, { rowsMinPercent: null }, []],
    ['a missing column', { misplaced: ['email is missing'] }, {}, ['breaker.columns']],
    ['a retyped column', { retyped: [{ column: 'score', percent: 80 }] }, {}, ['breaker.retyped']],
    ['columns, switched off', { misplaced: ['email is missing'] }, { columns: false }, []],
    [
      'everything at once: all of it is said, the gravest first',
      {
        rejected: 900,
        deletes: 300,
        profiles: 400,
        usual: [10, 10, 10],
        misplaced: ['email is missing'],
        retyped: [{ column: 'score', percent: 80 }],
      },
      {},
      ['breaker.columns', 'breaker.deletes', 'breaker.rejects', 'breaker.retyped', 'breaker.rows'],
    ],
  ]
  test.each(cases)('%s', (_, found, limits, codes) => {
    expect(tripsOf(breakerSchema.parse(limits), { ...calm, ...found }).map(({ code }) => code)).toEqual(codes)
  })

  test('sentences name the numbers', () => {
    const [few] = tripsOf(breakerSchema.parse({}), { ...calm, total: 400, usual: [1_000, 900, 1_100] })
    expect(few!.message).toBe(
      'The file has 400 records, 40 % of the usual 1000: less than the limit of 50 %.',
    )
    const [many] = tripsOf(breakerSchema.parse({}), { ...calm, deletes: 300, profiles: 1_000 })
    expect(many!.message).toBe('300 of 1000 people (30 %) would be deleted, more than the limit of 250.')
  })
})

test.each([
  [[3], 3],
  [[1, 3], 2],
  [[9, 1, 5], 5],
  [[4, 1, 2, 3], 3],
])('the median of %j is %i', (values, median) => {
  expect(medianOf(values)).toBe(median)
})

describe('a released run is held again when its counts moved by more than 1 %, at least 10 (design section 7)', () => {
  test.each([
    ['the same', { 'finished.created': 100 }, { 'finished.created': 100 }, 0],
    ['10 more', { 'finished.created': 100 }, { 'finished.created': 110 }, 0],
    ['11 fewer', { 'finished.created': 100 }, { 'finished.created': 89 }, 1],
    ['1 % of many', { 'finished.created': 5_000 }, { 'finished.created': 5_050 }, 0],
    ['more than 1 % of many', { 'finished.created': 5_000 }, { 'finished.created': 5_051 }, 1],
    ['from one outcome to another', { 'finished.created': 50 }, { 'finished.updated': 50 }, 2],
    ['warnings are no people', { 'warned.email.invalid': 50 }, {}, 0],
  ])('%s', (_, before, now, moved) => {
    expect(drifted(before, now)).toHaveLength(moved)
  })
})
