// Numbers, sizes and times as people read them.
import { expect, test } from 'vitest'
import { duration, number, percent, plural, size, time } from './format.ts'

test.each([
  [number(1234567), '1,234,567'],
  [number(null), '–'],
  [size(0), '0 bytes'],
  [size(999), '999 bytes'],
  [size(61_800), '61.8 kB'],
  [size(999_999), '1000 kB'],
  [size(1_500_000_000), '1.5 GB'],
  [duration(0.04), '0.04 s'],
  [duration(7.04), '7 s'],
  [duration(59.6), '1 min 0 s'],
  [duration(75), '1 min 15 s'],
  [duration(7300), '2 h 1 min'],
  [percent(0), '0 %'],
  [percent(0.0001), '0.1 %'],
  [percent(0.9999), '99.9 %'],
  [percent(1), '100 %'],
  [percent(0.256), '26 %'],
  [plural(1, 'record'), '1 record'],
  [plural(1200, 'record'), '1,200 records'],
  [time('2026-11-20T19:39:08.123456+00:00'), '2026-11-20 19:39:08'],
  [time(null), '–'],
])('%s is %s', (is, should) => expect(is).toBe(should))
