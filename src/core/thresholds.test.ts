// Numbers that are watched: limits, spells, periods of the clock, and the words for them (LY-D09).
import { describe, expect, test } from 'vitest'
import { setupFromFlags } from './setupFlags.ts'
import { uploadSetup } from './jobSetup.ts'
import { thresholdSchema, type Threshold } from './setup/policies.ts'
import { thresholdText, thresholdWords } from './thresholdText.ts'
import { completePeriods, judgeNumber, thresholdProblem, withinAgain, type Spell } from './thresholds.ts'

const daily = (more: Partial<Threshold>): Threshold =>
  thresholdSchema.parse({ counter: 'added', per: 'day', ...more })

/** What a series of numbers makes people hear: `!` outside, `.` within again, `-` nothing. */
function heard(threshold: Threshold, numbers: readonly number[]): string {
  let spell: Spell = { outside: 0, told: false }
  return numbers
    .map((number) => {
      const judged = judgeNumber(threshold, spell, number)
      spell = judged.spell
      return judged.tells === null ? '-' : judged.tells === 'threshold' ? '!' : '.'
    })
    .join('')
}

test.each<[string, Partial<Threshold>, number[], string]>([
  ['within', { min: 10, max: 20 }, [10, 15, 20], '---'],
  ['fewer than the least', { min: 10 }, [9, 10], '!.'],
  ['more than the most', { max: 20 }, [21, 20], '!.'],
  ['a most of zero', { max: 0 }, [0, 1, 0], '-!.'],
  ['a least of zero is never passed', { min: 0 }, [0, 0], '--'],
  ['a period without a run has the number 0', { min: 1 }, [0], '!'],
  ['once per spell, whichever limit it is', { min: 10, max: 20 }, [1, 30, 1, 15, 1], '!--.!'],
  ['as many as are tolerated are not told', { min: 10, tolerated: 2 }, [1, 1, 10, 1, 1, 10], '------'],
  ['one more is told, and its end', { min: 10, tolerated: 2 }, [1, 1, 1, 1, 10, 1, 1, 1], '--!-.--!'],
])('LY-D09 %s', (_, threshold, numbers, expected) => {
  expect(heard(daily(threshold), numbers)).toBe(expected)
})

describe('LY-D09 periods that are over', () => {
  const periods = (
    per: Threshold['per'],
    zone: string,
    from: string,
    now: string,
    limit = 9,
  ): (readonly [string, number])[] =>
    completePeriods(per, zone, { from: Date.parse(from), now: Date.parse(now) }, limit).map(
      ({ at, start, end }) => [at, (end - start) / 3_600_000],
    )

  test.each<[string, Parameters<typeof periods>, [string, number][]]>([
    [
      'days of a zone, none that began before',
      ['day', 'Europe/Vienna', '2026-02-27T12:00:00Z', '2026-03-01T23:30:00Z'],
      [
        ['2026-02-28T00:00:00', 24],
        ['2026-03-01T00:00:00', 24],
      ],
    ],
    [
      'one that begins at that very moment counts',
      ['day', 'UTC', '2026-02-27T00:00:00Z', '2026-02-28T00:05:00Z'],
      [['2026-02-27T00:00:00', 24]],
    ],
    [
      'what ended a moment ago may not be counted yet',
      ['day', 'UTC', '2026-02-27T00:00:00Z', '2026-02-28T00:04:59Z'],
      [],
    ],
    [
      'weeks begin on Mondays',
      ['week', 'UTC', '2026-02-22T00:00:00Z', '2026-03-08T12:00:00Z'],
      [['2026-02-23T00:00:00', 168]],
    ],
    [
      'the week of a change of clocks is an hour shorter',
      ['week', 'Europe/Vienna', '2026-03-22T23:00:00Z', '2026-03-30T12:00:00Z'],
      [['2026-03-23T00:00:00', 167]],
    ],
    [
      'an hour that the clock leaves out is none',
      ['hour', 'Europe/Vienna', '2026-03-29T00:00:00Z', '2026-03-29T02:10:00Z'],
      [
        ['2026-03-29T01:00:00', 1],
        ['2026-03-29T03:00:00', 1],
      ],
    ],
    [
      'an hour that it shows twice is one',
      ['hour', 'Europe/Vienna', '2026-10-25T00:00:00Z', '2026-10-25T02:10:00Z'],
      [['2026-10-25T02:00:00', 2]],
    ],
    [
      'hours of a zone that is half an hour off',
      ['hour', 'Asia/Kolkata', '2026-03-01T00:00:00Z', '2026-03-01T02:00:00Z'],
      [['2026-03-01T06:00:00', 1]],
    ],
    [
      'the oldest first, so many at most',
      ['hour', 'UTC', '2026-03-01T00:00:00Z', '2026-04-01T00:00:00Z', 1],
      [['2026-03-01T00:00:00', 1]],
    ],
  ])('%s', (_, asked, expected) => {
    expect(periods(...asked)).toEqual(expected)
  })
})

describe('LY-D09 in words', () => {
  test.each<[Partial<Threshold>, string, string]>([
    [{ min: 100, max: 5000 }, 'added/day=100..5000', 'added per day: 100 to 5,000'],
    [
      { counter: 'failed', per: 'hour', max: 50, tolerated: 1 },
      'failed/hour=..50 tolerate 1',
      'failed per hour: at most 50, told after more than 1 hour',
    ],
    [
      { per: 'week', min: 1000, tolerated: 2 },
      'added/week=1000.. tolerate 2',
      'added per week: at least 1,000, told after more than 2 weeks in a row',
    ],
    [{ min: 1, max: 1 }, 'added/day=1..1', 'added per day: exactly 1'],
  ])('%j', (more, typed, words) => {
    const threshold = daily(more)
    expect([thresholdText(threshold), thresholdWords(threshold)]).toEqual([typed, words])
    expect(setupFromFlags({ threshold: [typed] }, uploadSetup)).toEqual({ thresholds: [threshold] })
  })

  const about = (per: Threshold['per'], from: string, number: number) => ({
    job: 'crm',
    zone: 'Europe/Vienna',
    period: completePeriods(
      per,
      'Europe/Vienna',
      { from: Date.parse(from), now: Date.parse('2026-04-01T00:00:00Z') },
      1,
    )[0]!,
    number,
  })

  test.each<[Partial<Threshold>, string, number, number, string]>([
    [{ min: 1_000 }, '2026-02-28T23:00:00Z', 12, 1, '12 added on 2026-03-01, fewer than 1,000.'],
    [
      { counter: 'failed', per: 'hour', max: 50 },
      '2026-03-01T22:00:00Z',
      1_234,
      1,
      '1,234 failed from 23:00 to 24:00 on 2026-03-01 (Europe/Vienna), more than 50.',
    ],
    [
      { per: 'week', min: 1, tolerated: 2 },
      '2026-02-22T23:00:00Z',
      0,
      3,
      '0 added in the week from 2026-02-23 to 2026-03-01, fewer than 1 (3 weeks in a row).',
    ],
  ])('%j', (more, from, number, outside, message) => {
    const threshold = daily(more)
    expect(thresholdProblem(threshold, about(threshold.per, from, number), outside).message).toBe(message)
  })

  test('what is within its limits again says which', () => {
    const facts = withinAgain(daily({ min: 10 }), about('day', '2026-02-28T23:00:00Z', 12))
    expect(facts).toMatchObject({ found: '12', when: 'on 2026-03-01', limits: 'at least 10', number: 12 })
  })
})
