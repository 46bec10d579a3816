// A mapping as a YAML file: written for people to edit, read back with the place of every fault.
import { isNode, LineCounter, parseDocument, stringify, type Document } from 'yaml'
import type { ColumnMapping, Mapping } from './mapping.ts'
import { mappingSchema } from './mapping.ts'
import { failure } from './problems.ts'
import type { SluiceError } from './problem.ts'

/** Columns shown as `{ … }` on one line would be hard to read; only target and format are. */
const heading = `# How the columns of a file become attributes and identifiers of people.
# target: {to: attribute, key, type}, {to: identifier, kind}, {to: as_of} or {to: ignore}.
# Optional: blank (ignore, clear, reject), onBad (fail, blank), format (dateOrder, decimal, separator, timeZone, country).
`

/** The YAML text of a mapping; what equals the default is left out. */
export function mappingToYaml(mapping: Mapping): string {
  const { columns, checks, clearToken } = mapping
  const plain = {
    ...(clearToken === undefined ? {} : { clearToken }),
    ...(checks.length === 0 ? {} : { checks }),
    columns: columns.map(withoutDefaults),
  }
  return heading + stringify(plain, { lineWidth: 0, aliasDuplicateObjects: false })
}

function withoutDefaults({ column, target, format, blank, onBad }: ColumnMapping): object {
  return {
    column,
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
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  const path = issue.path.filter((step) => typeof step !== 'symbol')
  const where = path.length === 0 ? '' : `${path.join('.')}: `
  throw invalid(lines, offsetOf(document, path), `${where}${issue.message}`)
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
