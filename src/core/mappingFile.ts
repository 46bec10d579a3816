// A mapping as a YAML file: written for people to edit, read back with the place of every fault.
import type { z } from 'zod'
import { isMap, isNode, isScalar, LineCounter, parseDocument, stringify, type Document } from 'yaml'
import type { ColumnMapping, Mapping } from './mapping.ts'
import { mappingSchema } from './mapping.ts'
import { stepFault } from './transform/checkSteps.ts'
import type { Filter } from './transform/stepSchema.ts'
import { failure } from './problems.ts'
import type { SluiceError } from './problem.ts'

/** Columns shown as `{ … }` on one line would be hard to read; only target and format are. */
const heading = `# How the columns of a file become attributes and identifiers of people.
# target: {to: attribute, key, type}, {to: identifier, kind}, {to: as_of} or {to: ignore}.
# Optional: blank (ignore, clear, reject), onBad (fail, blank), format (dateOrder, decimal, separator, timeZone, country).
# Changed first: steps: [trim, {case: lower}]; computed: compute: {join: {from: [first, last]}}; see docs/transform.md.
`

/** The YAML text of a mapping; what equals the default is left out. */
export function mappingToYaml(mapping: Mapping): string {
  const { columns, checks, clearToken, filters = [] } = mapping
  const plain = {
    ...(clearToken === undefined ? {} : { clearToken }),
    ...(checks.length === 0 ? {} : { checks }),
    columns: columns.map(withoutDefaults),
    ...(filters.length === 0 ? {} : { filters: filters.map(shortFilter) }),
  }
  return heading + stringify(plain, { lineWidth: 0, aliasDuplicateObjects: false })
}

function shortFilter({ name, keep, onError }: Filter): object {
  return { name, keep, ...(onError === 'fail' ? {} : { onError }) }
}

function withoutDefaults(mapped: ColumnMapping): object {
  const { column, compute, steps = [], target, format, blank, onBad } = mapped
  return {
    column,
    ...(compute === undefined ? {} : { compute }),
    ...(steps.length === 0 ? {} : { steps }),
    target: shortTarget(target),
    ...(Object.keys(format).length === 0 ? {} : { format }),
    ...(blank === 'ignore' ? {} : { blank }),
    ...(onBad === 'fail' ? {} : { onBad }),
  }
}

function shortTarget(target: ColumnMapping['target']): object {
  if (target.to !== 'attribute') return target
  const { clean, write, ...rest } = target
  return { ...rest, ...(clean === 'none' ? {} : { clean }), ...(write === 'set' ? {} : { write }) }
}

/** Aliases are not needed in a mapping; without a limit a few bytes could become gigabytes. */
const aliasesMax = 10

/** Reads a mapping file. Faults throw `mapping.file_invalid` with line and column. */
export function mappingFromYaml(text: string): Mapping {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const fault = document.errors[0]
  if (fault !== undefined) throw invalid(lines, fault.pos[0], fault.message)
  const parsed = mappingSchema.safeParse(plainOf(document, lines))
  if (parsed.success) return checked(parsed.data, document, lines)
  const issue = telling(parsed.error.issues[0]!)
  const path = issue.path.filter((step) => typeof step !== 'symbol')
  const where = path.length === 0 ? '' : `${path.join('.')}: `
  const quotes = /expected string, received (?:number|boolean|null)/.test(issue.message)
  const message = quotes ? 'a text that looks like a number or a word of YAML goes in quotes' : issue.message
  throw invalid(lines, offsetOf(document, path), `${where}${message}`)
}

/** Of the alternatives of a union, the one that was meant: the one whose fault lies deepest. */
function telling(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'invalid_union') return issue
  const all = issue.errors.flatMap((issues) => issues.slice(0, 1).map(telling))
  const deepest = all.reduce(
    (best, one) => (best === null || depthOf(one) > depthOf(best) ? one : best),
    null as z.core.$ZodIssue | null,
  )
  return deepest === null ? issue : { ...deepest, path: [...issue.path, ...deepest.path] }
}

/** A wrong kind of value says least: it is the alternative that was not meant. */
function depthOf({ path, code }: z.core.$ZodIssue): number {
  return path.length + (code === 'invalid_type' || code === 'invalid_value' ? 0 : 0.5)
}

/** Steps, expressions and filters that cannot mean anything have a place in the file as well. */
function checked(mapping: Mapping, document: Document.Parsed, lines: LineCounter): Mapping {
  for (const [i, { steps = [] }] of mapping.columns.entries())
    for (const [at, step] of steps.entries())
      if (typeof step === 'object' && step.lookup !== undefined)
        checkKeys(document.getIn(['columns', i, 'steps', at, 'lookup', 'table'], true), lines)
  const fault = stepFault(mapping)
  if (fault !== null) throw invalid(lines, offsetOf(document, fault.path), fault.message)
  return mapping
}

/** YAML reads the key 01 as the number 1: what is not what was written is refused. */
function checkKeys(table: unknown, lines: LineCounter): void {
  if (!isMap(table)) return
  for (const { key } of table.items) {
    if (!isScalar(key) || typeof key.value === 'string') continue
    const read = JSON.stringify(key.value) ?? ''
    if (key.value !== null && read === key.source) continue
    throw invalid(lines, key.range?.[0] ?? 0, `YAML reads ${key.source} as ${read}: put it in quotes`)
  }
}

function plainOf(document: Document.Parsed, lines: LineCounter): unknown {
  try {
    return document.toJS({ maxAliasCount: aliasesMax }) as unknown
  } catch {
    throw invalid(lines, 0, 'it refers to itself too often')
  }
}

/** Where the node of a path begins; that of its nearest parent where the path names something missing. */
function offsetOf(document: Document.Parsed, path: readonly (string | number)[]): number {
  for (let length = path.length; length > 0; length--) {
    const node: unknown = document.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range) return node.range[0]
  }
  return document.contents?.range[0] ?? 0
}

function invalid(lines: LineCounter, offset: number, detail: string): SluiceError {
  const { line, col } = lines.linePos(offset)
  return failure('mapping.file_invalid', { line: Math.max(line, 1), at: Math.max(col, 1), detail })
}

/** Columns a mapping file names are mapped as it says; the others keep what is proposed. */
export function mergeMappingFile(proposed: Mapping, file: Mapping): Mapping {
  const named = new Map(file.columns.map((column) => [column.column, column]))
  const kept = proposed.columns.map((column) => named.get(column.column) ?? column)
  const missing = file.columns.filter(({ column }) => !proposed.columns.some((one) => one.column === column))
  return { ...file, columns: [...kept, ...missing] }
}
