// A mapping as a YAML file: written for people to edit, read back with the place of every fault.
import { isMap, isScalar, stringify } from 'yaml'
import type { ColumnMapping, Mapping } from './mapping.ts'
import { mappingSchema } from './mapping.ts'
import { stepFault } from './transform/checkSteps.ts'
import type { Filter } from './transform/stepSchema.ts'
import { failure } from './problems.ts'
import { readYaml, type YamlDocument, type YamlPath } from './yamlDocument.ts'

/** Columns shown as `{ … }` on one line would be hard to read; only target and format are. */
const heading = `# How the columns of a file become attributes and identifiers of people.
# target: {to: attribute, key, type}, {to: identifier, kind}, {to: as_of} or {to: ignore}.
# Optional: blank (ignore, clear, reject), onBad (fail, blank), format (dateOrder, decimal, separator, timeZone, country).
# Changed first: steps: [trim, {case: lower}]; computed: compute: {join: {from: [first, last]}}; see docs/transform.md.
`

/** The YAML text of a mapping; what equals the default is left out. */
export function mappingToYaml(mapping: Mapping): string {
  return heading + stringify(plainMapping(mapping), { lineWidth: 0, aliasDuplicateObjects: false })
}

/** A mapping as people write it: without what equals the default. */
export function plainMapping({ columns, checks, clearToken, filters = [] }: Mapping): object {
  return {
    ...(clearToken === undefined ? {} : { clearToken }),
    ...(checks.length === 0 ? {} : { checks }),
    columns: columns.map(withoutDefaults),
    ...(filters.length === 0 ? {} : { filters: filters.map(shortFilter) }),
  }
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

/** Reads a mapping file. Faults throw `mapping.file_invalid` with line and column. */
export function mappingFromYaml(text: string): Mapping {
  const refuse = (line: number, at: number, detail: string): Error =>
    failure('mapping.file_invalid', { line, at, detail })
  const [document, second] = readYaml(text, refuse)
  if (document === undefined) throw refuse(1, 1, 'it is empty')
  if (second !== undefined) throw second.fault([], 'a mapping file holds one mapping')
  const mapping = document.parse(mappingSchema, document.plain())
  checkMapping(mapping, document, [])
  return mapping
}

/**
 * Steps, expressions and filters that cannot mean anything have a place in the file as well. `within` is where the
 * mapping stands in the document.
 */
export function checkMapping(mapping: Mapping, document: YamlDocument, within: YamlPath): void {
  for (const [i, { steps = [] }] of mapping.columns.entries())
    for (const [at, step] of steps.entries())
      if (typeof step === 'object' && step.lookup !== undefined)
        checkKeys(document, [...within, 'columns', i, 'steps', at, 'lookup', 'table'])
  const fault = stepFault(mapping)
  if (fault !== null) throw document.fault([...within, ...fault.path], fault.message)
}

/** YAML reads the key 01 as the number 1: what is not what was written is refused. */
function checkKeys(document: YamlDocument, path: YamlPath): void {
  const table: unknown = document.document.getIn(path, true)
  if (!isMap(table)) return
  for (const { key } of table.items) {
    if (!isScalar(key) || typeof key.value === 'string') continue
    const read = JSON.stringify(key.value) ?? ''
    if (key.value !== null && read === key.source) continue
    throw document.faultAt(key.range?.[0] ?? 0, `YAML reads ${key.source} as ${read}: put it in quotes`)
  }
}

/** Columns a mapping file names are mapped as it says; the others keep what is proposed. */
export function mergeMappingFile(proposed: Mapping, file: Mapping): Mapping {
  const named = new Map(file.columns.map((column) => [column.column, column]))
  const kept = proposed.columns.map((column) => named.get(column.column) ?? column)
  const missing = file.columns.filter(({ column }) => !proposed.columns.some((one) => one.column === column))
  return { ...file, columns: [...kept, ...missing] }
}
