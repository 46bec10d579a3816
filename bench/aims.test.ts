// Medians, ratios and the judgement of the aims, over rounds made up.
import { expect, test } from 'vitest'
import { judge } from './aims.ts'
import type { KindName } from './kinds.ts'
import type { Sample } from './measure.ts'
import { median, summarise, summaryFor } from './summary.ts'

const counters = {
  total: 1,
  read: 1,
  left: 0,
  finished: { total: 1, created: 1, updated: 0, unchanged: 0, merged: 0 },
  skipped: { total: 0 },
  failed: { total: 0 },
  retry: 0,
  waiting: 0,
  new: 0,
}

function sample(
  kind: KindName,
  peer: number,
  importing: number,
  whole: number,
  more: Partial<Sample> = {},
): Sample {
  const seconds = { all: whole, fetching: 0, validating: 0, importing, processing: 0 }
  const product = { seconds, whole, workerPeak: 250e6, serverPeak: 100e6, run: 'r1001', counters }
  return { kind, round: 1, first: 'product', load: 0, product, peer, faults: [], ...more }
}

test.each([
  [[3], 3],
  [[3, 1], 2],
  [[9, 1, 2], 2],
  [[4, 1, 3, 2], 2.5],
])('median of %j is %d', (values, middle) => {
  expect(median(values)).toBe(middle)
})

test('a round that does not count is left out of the medians', () => {
  const found = summarise([
    sample('new', 10, 8, 12),
    sample('new', 10, 1, 2, { faults: ['profiles differ'] }),
    sample('updated', 10, 1, 2, { faults: ['verify'] }),
  ])
  expect(found.map(({ kind, rounds, importing }) => [kind.name, rounds, importing])).toEqual([['new', 1, 8]])
})

test('a peer that did other work gives no ratio', () => {
  const found = summarise([sample('bad', 10, 8, 12)])
  expect(summaryFor(found, 'bad')).toMatchObject({ importingRatio: null, wholeRatio: null })
})

function verdict(rows: number, samples: readonly Sample[], aim: string, earlier: readonly Sample[] = []) {
  const aims = judge(rows, summarise(samples), earlier.length === 0 ? null : summarise(earlier))
  return aims.find(({ name }) => name.startsWith(aim))?.met
}

const large = 10_000_000
const small = 1_000_000

test.each<[string, string, number, Sample[], Sample[], boolean | null]>([
  ['as fast as the peer', '(a) importing, new', small, [sample('new', 10, 10, 15)], [], true],
  ['slower than the peer', '(a) importing, new', small, [sample('new', 10, 10.1, 15)], [], false],
  ['another kind was measured', '(a) importing, updated', small, [sample('new', 10, 10, 15)], [], null],
  ['whole at 0.6', '(b) the whole command, new', small, [sample('new', 9, 9, 15)], [], true],
  ['whole below 0.6', '(b) the whole command, new', small, [sample('new', 8.9, 9, 15)], [], false],
  ['10 M as good', '(c) new', large, [sample('new', 90, 100, 150)], [sample('new', 10, 10, 15)], true],
  ['10 M worse', '(c) new', large, [sample('new', 89, 100, 150)], [sample('new', 10, 10, 15)], false],
  ['no results at 1 M', '(c) new', large, [sample('new', 90, 100, 150)], [], null],
  ['not at 10 M', '(c) new', small, [sample('new', 9, 10, 15)], [sample('new', 10, 10, 15)], null],
  ['memory small', '(d)', small, [sample('new', 9, 10, 15)], [], true],
  ['1 % bad rows cost 9 %', '(e)', small, [sample('new', 9, 10, 10), sample('bad', 9, 10, 10.9)], [], true],
  ['1 % bad rows cost more', '(e)', small, [sample('new', 9, 10, 10), sample('bad', 9, 10, 11.1)], [], false],
  [
    'left-out lines, five times',
    '(f) importing',
    small,
    [sample('unchanged', 9, 10, 15), sample('seen', 9, 2, 3)],
    [],
    true,
  ],
  [
    'left-out lines, less',
    '(f) the whole',
    small,
    [sample('unchanged', 9, 10, 15), sample('seen', 9, 2, 4)],
    [],
    false,
  ],
  ['bad rows alone', '(e)', small, [sample('bad', 9, 10, 11)], [], null],
])('%s: %s', (_, aim, rows, samples, earlier, met) => {
  expect(verdict(rows, samples, aim, earlier)).toBe(met)
})

test('one round over 300 MB misses the aim, whatever the others took', () => {
  const fat = sample('new', 9, 10, 15)
  const rounds = [sample('new', 9, 10, 15), { ...fat, product: { ...fat.product, workerPeak: 301e6 } }]
  expect(verdict(small, rounds, '(d)')).toBe(false)
})
