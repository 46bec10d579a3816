// Flags that say when a run is held, and what is wrong with them (rank 5, design section 7).
import { describe, expect, test } from 'vitest'
import { breakerFromFlags, breakerText, usualLimits } from './breakerFlags.ts'
import type { BreakerLimits } from './job.ts'
import type { SluiceError } from './problem.ts'

const rows: readonly (readonly [string, Partial<BreakerLimits>])[] = [
  ['rejects=2%', { rejectsPercent: 2 }],
  ['rejects=0.5%', { rejectsPercent: 0.5 }],
  ['rejects=0', { rejectsMin: 0 }],
  ['rejects=none', { rejectsPercent: null }],
  ['deletes=1000', { deletesMax: 1000 }],
  ['deletes=10%', { deletesPercent: 10 }],
  ['deletes=none', { deletesMax: null, deletesPercent: null }],
  ['rows=80%..120%', { rowsMinPercent: 80, rowsMaxPercent: 120 }],
  ['rows=80%..none', { rowsMinPercent: 80, rowsMaxPercent: null }],
  ['rows=none', { rowsMinPercent: null, rowsMaxPercent: null }],
  ['empty=off', { empty: false }],
  ['columns=off', { columns: false }],
]

describe('rank 5: --breaker', () => {
  test.each(rows)('%s', (flag, changed) => {
    expect(breakerFromFlags([flag], usualLimits)).toEqual({ ...usualLimits, ...changed })
  })

  test('several, on top of what the job has; none and default are all of them', () => {
    const before = { ...usualLimits, empty: false }
    expect(breakerFromFlags(['rejects=2%', 'rejects=0'], before)).toEqual({
      ...before,
      rejectsPercent: 2,
      rejectsMin: 0,
    })
    expect(breakerFromFlags(['none'], before)).toBeNull()
    expect(breakerFromFlags(['default'], before)).toEqual(usualLimits)
    expect(breakerFromFlags([], before)).toEqual(before)
  })

  test('where nothing was ever held, naming a limit brings the usual ones back', () => {
    expect(breakerFromFlags(['deletes=10'], null)).toEqual({ ...usualLimits, deletesMax: 10 })
  })

  test.each([
    'rejects',
    'rejects=',
    'rejects=many',
    'rejects=101%',
    'rejects=-1',
    'rows=50%',
    'rows=50%..90%',
    'rows=1%..2%..3%',
    'empty=maybe',
    'rejcts=2%',
    '=2%',
  ])('%s does not fit, and what does is said', (flag) => {
    const wrong = ((): SluiceError | null => {
      try {
        breakerFromFlags([flag], usualLimits)
        return null
      } catch (error) {
        return error as SluiceError
      }
    })()
    expect(wrong?.problem).toMatchObject({
      code: 'usage.unknown',
      message: expect.stringContaining('--breaker'),
    })
  })
})

test('rank 5: in words', () => {
  expect(breakerText(usualLimits)).toBe(
    'rejects over 10 % and 100; deletes over 250 or 5 %; records under 50 % or over 200 % of the usual; an empty file; other columns',
  )
  expect(
    breakerText({ ...usualLimits, rejectsMin: 0, deletesMax: null, rowsMaxPercent: null, empty: false }),
  ).toBe('rejects over 10 %; deletes over 5 %; records under 50 % of the usual; other columns')
  expect(breakerText(null)).toBeNull()
})
