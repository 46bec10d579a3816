// Patterns of file names: * and ? as in a shell, and {date:YYYYMMDD} for a date.

/** What a pattern found in a name. */
export interface NameMatch {
  /** Year to second of its date, as digits that sort by time; null: the pattern has none. */
  readonly date: string | null
}

type Unit =
  | { readonly literal: string }
  | { readonly any: true }
  | { readonly date: Field; readonly length: number }
type Field = 'YYYY' | 'MM' | 'DD' | 'HH' | 'mm' | 'ss'

const fields: readonly Field[] = ['YYYY', 'MM', 'DD', 'HH', 'mm', 'ss']

/** Runs of single letters between the stars: each is found from left to right, so that no name takes long. */
export interface FilePattern {
  readonly pieces: readonly (readonly Unit[])[]
  readonly dated: boolean
}

/** Reads a pattern; a text says what is wrong with it. */
export function parseFilePattern(text: string): FilePattern | string {
  const pieces: Unit[][] = [[]]
  let dated = false
  for (let at = 0; at < text.length; at++) {
    const letter = text[at]!
    const piece = pieces.at(-1)!
    if (letter === '/' || letter === '\\' || letter === '\0')
      return 'it is a pattern of names, so it has no slash; the folder stands in the path'
    if (letter === '*') pieces.push([])
    else if (letter === '?') piece.push({ any: true })
    else if (letter === '}') return 'a } closes nothing'
    else if (letter === '{') {
      const end = text.indexOf('}', at)
      const date = /^date:(.+)$/.exec(end === -1 ? '' : text.slice(at + 1, end))?.[1]
      if (date === undefined) return 'of braces it only knows {date:…}, such as {date:YYYYMMDD}'
      const units = dateUnits(date)
      if (units === null) return `{date:${date}} needs YYYY, MM and DD at least, and may have HH, mm and ss`
      if (dated) return 'it has two dates'
      dated = true
      piece.push(...units)
      at = end
    } else piece.push({ literal: letter })
  }
  return { pieces, dated }
}

function dateUnits(text: string): Unit[] | null {
  const units: Unit[] = []
  const seen: Field[] = []
  for (let at = 0; at < text.length;) {
    const field = fields.find((name) => text.startsWith(name, at))
    if (field !== undefined && seen.includes(field)) return null
    if (field !== undefined) seen.push(field)
    units.push(field === undefined ? { literal: text[at]! } : { date: field, length: field.length })
    at += field?.length ?? 1
  }
  const whole = (['YYYY', 'MM', 'DD'] as const).every((field) => seen.includes(field))
  return whole ? units : null
}

/** Whether a name fits; null: it does not. */
export function matchName({ pieces, dated }: FilePattern, name: string): NameMatch | null {
  const found = new Map<Field, string>()
  const [first, ...rest] = pieces
  const last = rest.pop()
  if (last === undefined)
    return first!.length > 0 && fits(first!, name, 0, found) === name.length ? result() : null
  let at = fits(first!, name, 0, found)
  for (const piece of rest) at = at === null ? null : search(piece, name, at, found)
  const tail = name.length - lengthOf(last)
  if (at === null || tail < at || fits(last, name, tail, found) === null) return null
  return result()

  function result(): NameMatch | null {
    if (!dated) return { date: null }
    const [year, month, day] = [found.get('YYYY')!, found.get('MM')!, found.get('DD')!]
    if (month < '01' || month > '12' || day < '01' || day > '31') return null
    return {
      date: `${year}${month}${day}${(['HH', 'mm', 'ss'] as const).map((f) => found.get(f) ?? '00').join('')}`,
    }
  }
}

function lengthOf(piece: readonly Unit[]): number {
  return piece.reduce((sum, unit) => sum + ('length' in unit ? unit.length : 1), 0)
}

/** The end of the piece when it stands there, or null. */
function fits(piece: readonly Unit[], name: string, from: number, found: Map<Field, string>): number | null {
  let at = from
  for (const unit of piece) {
    const length = 'length' in unit ? unit.length : 1
    const text = name.slice(at, at + length)
    if (text.length < length) return null
    if ('literal' in unit && text !== unit.literal) return null
    if ('date' in unit) {
      if (!/^\d+$/.test(text)) return null
      found.set(unit.date, text)
    }
    at += length
  }
  return at
}

function search(
  piece: readonly Unit[],
  name: string,
  from: number,
  found: Map<Field, string>,
): number | null {
  for (let at = from; at + lengthOf(piece) <= name.length; at++) {
    const end = fits(piece, name, at, found)
    if (end !== null) return end
  }
  return null
}

const unfinished = /(\.(part|partial|filepart|crdownload|tmp|temp|swp)|~)$/i

/** Hidden files, and names that programs give to files while they write them, are taken only when a pattern says so. */
export function isPassedOver(name: string, pattern: string): boolean {
  if (name.startsWith('.') && !pattern.startsWith('.')) return true
  return unfinished.test(name) && !unfinished.test(pattern)
}
