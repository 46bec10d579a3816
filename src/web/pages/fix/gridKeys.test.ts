// Where keys lead in the grid of rejected rows, and what comes from a spreadsheet.
import { describe, expect, test } from 'vitest'
import { cellsOf, pasted } from './gridClipboard.ts'
import { placeAfter, within } from './gridKeys.ts'

const extent = { rows: 100, columns: 5, page: 10 }
const from = { row: 50, column: 2 }
const pressed = (key: string, far = false, altKey = false) => ({ key, ctrlKey: far, metaKey: false, altKey })

describe('keys', () => {
  test.each<[key: string, far: boolean, to: [row: number, column: number] | null]>([
    ['ArrowUp', false, [49, 2]],
    ['ArrowDown', false, [51, 2]],
    ['ArrowLeft', false, [50, 1]],
    ['ArrowRight', false, [50, 3]],
    ['PageUp', false, [40, 2]],
    ['PageDown', false, [60, 2]],
    ['Home', false, [50, 0]],
    ['End', false, [50, 4]],
    ['Home', true, [0, 0]],
    ['End', true, [99, 4]],
    ['ArrowDown', true, [99, 2]],
    ['ArrowRight', true, [50, 4]],
    ['x', false, null],
    ['Enter', false, null],
    ['constructor', false, null],
  ])('%s (with control: %s) leads to %j', (key, far, to) => {
    const found = placeAfter(pressed(key, far), from, extent)
    expect(found).toEqual(to === null ? null : { row: to[0], column: to[1] })
  })

  test('nothing leads out of the grid', () => {
    expect(placeAfter(pressed('PageDown'), { row: 95, column: 0 }, extent)).toEqual({ row: 99, column: 0 })
    expect(placeAfter(pressed('ArrowLeft'), { row: 0, column: 0 }, extent)).toEqual({ row: 0, column: 0 })
    expect(within({ row: 100, column: 5 }, extent)).toEqual({ row: 99, column: 4 })
    expect(placeAfter(pressed('ArrowLeft', false, true), from, extent)).toBeNull()
  })
})

describe('what is pasted', () => {
  test.each<[text: string, cells: string[][]]>([
    ['one', [['one']]],
    [
      'a\tb\r\nc\td\r\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['a\n\nb\n', [['a'], [''], ['b']]],
  ])('%j', (text, cells) => {
    expect(cellsOf(text)).toEqual(cells)
  })

  test('goes down and to the right, as far as there are columns and rows', () => {
    const records = [11, 12, null]
    const found = pasted(
      cellsOf('a\tb\tc\nd\ne'),
      { row: 0, column: 1 },
      ['x', 'y', 'z'],
      (row) => records[row] ?? null,
    )
    expect(found).toEqual({
      edits: [
        { record: 11, column: 'y', value: 'a' },
        { record: 11, column: 'z', value: 'b' },
        { record: 12, column: 'y', value: 'd' },
      ],
      left: 1,
    })
  })
})
