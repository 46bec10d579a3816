// Guesses the encoding of a file from its first bytes.
import { isUtf8 } from 'node:buffer'
import { analyse } from 'chardet'
import { codecFor } from './encoding.ts'

export interface EncodingGuess {
  readonly encoding: string
  /** sure: marked or valid as such. likely: by statistics. */
  readonly certainty: 'sure' | 'likely'
  readonly bom: boolean
}

/** By byte order mark, then UTF-16 without one, then valid UTF-8, then statistics; windows-1252 in doubt. */
export function detectEncoding(sample: Uint8Array): EncodingGuess {
  const marked = byMark(sample)
  if (marked !== null) return { encoding: marked, certainty: 'sure', bom: true }
  const wide = utf16WithoutMark(sample)
  if (wide !== null) return { encoding: wide, certainty: 'likely', bom: false }
  const { sequences, broken } = utf8Census(sample)
  if (broken === 0) return { encoding: 'utf-8', certainty: 'sure', bom: false }
  // A few damaged records do not make a UTF-8 file another one: those records are set aside.
  if (broken * 10 <= sequences) return { encoding: 'utf-8', certainty: 'likely', bom: false }
  return { encoding: byStatistics(sample), certainty: 'likely', bom: false }
}

function byMark(sample: Uint8Array): string | null {
  if (sample[0] === 0xef && sample[1] === 0xbb && sample[2] === 0xbf) return 'utf-8'
  if (sample[0] === 0xff && sample[1] === 0xfe) return 'utf-16le'
  if (sample[0] === 0xfe && sample[1] === 0xff) return 'utf-16be'
  return null
}

/** Line ends, delimiters and digits of UTF-16 have a zero byte, always on the same side. */
function utf16WithoutMark(sample: Uint8Array): string | null {
  const zeros = [0, 0]
  for (let i = 0; i < sample.length; i++) if (sample[i] === 0) zeros[i & 1]!++
  const [even, odd] = zeros as [number, number]
  const enough = Math.max(2, sample.length * 0.01)
  if (odd >= enough && even * 10 <= odd) return 'utf-16le'
  if (even >= enough && odd * 10 <= even) return 'utf-16be'
  return null
}

/** Counts characters of several bytes, and bytes that are none. A character cut off at the end counts as neither. */
function utf8Census(sample: Uint8Array): { sequences: number; broken: number } {
  let sequences = 0
  let broken = 0
  for (let i = 0; i < sample.length;) {
    const first = sample[i]!
    if (first < 0x80) {
      i++
      continue
    }
    const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
    const character = sample.subarray(i, i + length)
    if (
      first >= 0xc2 &&
      first < 0xf5 &&
      character.length < length &&
      character.subarray(1).every(isContinuation)
    )
      break
    const valid = first >= 0xc2 && isUtf8(character)
    if (valid) sequences++
    else broken++
    i += valid ? length : 1
  }
  return { sequences, broken }
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80
}

function byStatistics(sample: Uint8Array): string {
  return inRuns(sample) ? byScript(sample) : latin(sample)
}

/** In Latin scripts letters with accents stand alone; in others nearly all letters are high bytes. */
function inRuns(sample: Uint8Array): boolean {
  let high = 0
  let together = 0
  for (let i = 0; i < sample.length; i++) {
    if (sample[i]! < 0x80) continue
    high++
    if (sample[i - 1]! >= 0x80 || sample[i + 1]! >= 0x80) together++
  }
  return together > high * 0.6
}

function byScript(sample: Uint8Array): string {
  const best = analyse(sample).find((guess) => guess.confidence >= 10 && readable(guess.name, sample))
  // windows-1252 contains what ISO-8859-1 means in practice.
  return best === undefined || best.name === 'ISO-8859-1' ? 'windows-1252' : codecFor(best.name).name
}

/**
 * The Latin code pages differ in few letters, too few for statistics over names and towns. So they are told by
 * bytes that are frequent letters in one and signs or rare letters in windows-1252.
 */
const latinPages: readonly { readonly encoding: string; readonly telling: readonly number[] }[] = [
  // Czech and Slovak ě ř ů ť ž š č ň; Polish ł ą ś ż ź ę ć Ł Ż.
  { encoding: 'windows-1250', telling: [0xec, 0xf8, 0xf9, 0x9d, 0x9e, 0x9a, 0xe8, 0xf2] },
  { encoding: 'windows-1250', telling: [0xb3, 0xb9, 0x9c, 0xbf, 0x9f, 0xea, 0xe6, 0xa3, 0xaf] },
  // Turkish ğ ı ş Ğ İ Ş.
  { encoding: 'windows-1254', telling: [0xf0, 0xfd, 0xfe, 0xd0, 0xdd, 0xde] },
]

function latin(sample: Uint8Array): string {
  const counts = new Uint32Array(256)
  let high = 0
  for (const byte of sample)
    if (byte >= 0x80) {
      high++
      counts[byte]!++
    }
  const found = latinPages.find(({ telling }) => {
    const seen = telling.filter((byte) => counts[byte]! > 0)
    return seen.length >= 3 && seen.reduce((sum, byte) => sum + counts[byte]!, 0) >= high * 0.4
  })
  return found?.encoding ?? 'windows-1252'
}

function readable(name: string, sample: Uint8Array): boolean {
  if (/^(ascii|utf-|iso-2022)/i.test(name)) return false
  try {
    return codecFor(name).decode(Buffer.from(sample.subarray(0, sample.lastIndexOf(10) + 1))) !== null
  } catch {
    return false
  }
}
