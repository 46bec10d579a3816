// QR codes: sizes by length, the fixed patterns, and one whole code that an independent reader could read.
import { expect, test } from 'vitest'
import { qrModules } from './qrCode.ts'

const side = (length: number): number => qrModules('a'.repeat(length)).length

test('the smallest version that has room is taken', () => {
  expect([14, 15, 213, 214, 666].map(side)).toEqual([21, 25, 57, 61, 97])
  expect(() => qrModules('a'.repeat(667))).toThrow(RangeError)
})

test('three corners have a finder, the fourth has none', () => {
  const code = qrModules('otpauth://totp/Sluice:ada@example.com?secret=ABC')
  const corner = (x: number, y: number): string =>
    code
      .slice(y, y + 7)
      .map((line) =>
        line
          .slice(x, x + 7)
          .map((dark) => (dark ? '#' : '.'))
          .join(''),
      )
      .join('\n')
  const finder = ['#######', '#.....#', '#.###.#', '#.###.#', '#.###.#', '#.....#', '#######'].join('\n')
  const far = code.length - 7
  expect([corner(0, 0), corner(far, 0), corner(0, far)]).toEqual([finder, finder, finder])
  expect(corner(far, far)).not.toBe(finder)
})

// As it was read by jsQR 1.4.0.
test('a whole code stays as it was when another program read it', () => {
  const drawn = qrModules('Sluice').map((line) => line.map((dark) => (dark ? '#' : '.')).join(''))
  expect(drawn).toEqual([
    '#######.#####.#######',
    '#.....#.#.#.#.#.....#',
    '#.###.#.#.##..#.###.#',
    '#.###.#...##..#.###.#',
    '#.###.#.##..#.#.###.#',
    '#.....#....##.#.....#',
    '#######.#.#.#.#######',
    '.........#.##........',
    '#..#######..##..#.###',
    '##.....##.#.#.#.##...',
    '..#..##......##.#####',
    '.###...###.#......###',
    '.####.#.###...#....##',
    '........#..##....##.#',
    '#######.##..#######..',
    '#.....#.######.####..',
    '#.###.#.##.##.#..#.##',
    '#.###.#.#.###....#...',
    '#.###.#..#....#.#.###',
    '#.....#...#..########',
    '#######.#..#...##....',
  ])
})
