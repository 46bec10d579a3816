// PostgreSQL's COPY text form: how a cell is written so that writing and comparing need no second form.

// oxlint-disable-next-line no-control-regex -- these are exactly the characters COPY escapes
const special = /[\\\b\f\n\r\t\v]/
// oxlint-disable-next-line no-control-regex
const specials = /[\\\b\f\n\r\t\v]/g
const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
}
const unescapes: Readonly<Record<string, string>> = {
  '\\': '\\',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}

/** How COPY writes null. */
export const copyNull = '\\N'

/** A cell as COPY prints it: equal texts mean equal cells, both ways. */
export function toCopy(value: string | null | undefined): string {
  if (value === null || value === undefined) return copyNull
  return special.test(value) ? value.replace(specials, (c) => escapes[c]!) : value
}

/** The inverse of `toCopy`. */
export function fromCopy(cell: string): string | null {
  if (cell === copyNull) return null
  return cell.includes('\\') ? cell.replace(/\\(.)/g, (_, c: string) => unescapes[c] ?? c) : cell
}
