// What a cell's style says about its number: a date, a time, leading zeros, or just a number.
import { attribute, walkXml } from '../xml.ts'
import type { Workbook } from './workbook.ts'

/** `zeros`: padded to so many digits. `moment`: whichever of date, time or both the number is. */
export type Look = 'number' | 'date' | 'moment' | 'time' | { readonly zeros: number }

/** Numbers of the formats that are built in and mean dates and times (ECMA-376 part 1, 18.8.30), with those of East Asia. */
const builtIn = new Map<number, Look>([
  ...[14, 15, 16, 17].map((id) => [id, 'date'] as const),
  ...[18, 19, 20, 21, 45, 46, 47].map((id) => [id, 'time'] as const),
  ...[22, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36].map((id) => [id, 'moment'] as const),
  ...[50, 51, 52, 53, 54, 55, 56, 57, 58].map((id) => [id, 'moment'] as const),
])

/** The look of each style, by the number that cells name. */
export async function readLooks({ archive, styles }: Workbook): Promise<Look[]> {
  if (styles === null) return []
  const codes = new Map<number, string>()
  const looks: Look[] = []
  let inCells = false
  await walkXml(archive.content(styles), {
    open(name, attributes) {
      if (name === 'numFmt')
        codes.set(Number(attribute(attributes, 'numFmtId')), attribute(attributes, 'formatCode') ?? '')
      else if (name === 'cellXfs') inCells = true
      else if (name === 'xf' && inCells) looks.push(lookOf(Number(attribute(attributes, 'numFmtId')), codes))
    },
    close(name) {
      if (name === 'cellXfs') inCells = false
    },
    text() {},
  })
  return looks
}

function lookOf(id: number, codes: ReadonlyMap<number, string>): Look {
  const code = codes.get(id)
  return code === undefined ? (builtIn.get(id) ?? 'number') : lookOfCode(code)
}

/** The look of a format code such as `dd/mm/yyyy hh:mm`, `[$-407]d. mmmm yyyy`, `00000`. */
export function lookOfCode(code: string): Look {
  const [first = ''] = code.split(';')
  const elapsed = /\[(h+|m+|s+)\]/i.test(first)
  // Texts in quotes, escaped characters, fillers, and colours, countries and conditions in brackets say nothing.
  const bare = first.replaceAll(/"[^"]*"|\\.|[_*].|\[[^\]]*\]/g, '')
  if (/^0{2,30}$/.test(bare)) return { zeros: bare.length }
  if (/general/i.test(bare)) return 'number'
  const time = elapsed || /[hs]/i.test(bare)
  if (/[yd]/i.test(bare) || (!time && /m/i.test(bare))) return time ? 'moment' : 'date'
  return time ? 'time' : 'number'
}
