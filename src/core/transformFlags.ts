// Flags of the command line for steps, computed columns and filters: --step, --lookup, --compute, --set, --filter.
import { parse } from 'yaml'
import { attributeKey, attributeTypes, type AttributeType } from './attribute.ts'
import { columnMappingSchema, type ColumnMapping, type Mapping } from './mapping.ts'
import { columnNamed, invalidFlag, splitFlag } from './flagText.ts'
import { filterSchema, stepSchema, type Compute, type Filter, type Step } from './transform/stepSchema.ts'

/** A lookup table read from a file, as `--lookup` names it. */
export interface LookupFlag {
  readonly column: string
  readonly table: Readonly<Record<string, string>>
}

/** As typed, one string per occurrence. */
export interface TransformFlags {
  /** `COLUMN=STEP`; the step in the words of a mapping file. */
  readonly step?: readonly string[]
  /** `COLUMN=FILE`, read before the flags are applied. */
  readonly lookupTables?: readonly LookupFlag[]
  /** `KEY[:TYPE]=CEL` */
  readonly compute?: readonly string[]
  /** `KEY=VALUE` */
  readonly set?: readonly string[]
  /** `NAME: CEL`, or only the expression. */
  readonly filter?: readonly string[]
}

/**
 * A mapping with these flags applied, in this order. What a flag says replaces what the mapping said about the same
 * column, attribute or filter: the mapping may be the remembered one of the same command.
 * A flag that does not fit throws `mapping.flag_invalid`.
 */
export function applyTransformFlags(mapping: Mapping, flags: TransformFlags): Mapping {
  let columns = withoutSteps(mapping.columns, flags)
  for (const { column, table } of flags.lookupTables ?? [])
    columns = withStep(
      columns,
      column,
      { lookup: { table, otherwise: 'fail', ignoreCase: false } },
      lookupExample,
    )
  for (const text of flags.step ?? []) columns = applyStep(columns, text)
  for (const text of flags.set ?? []) columns = applySet(columns, text)
  for (const text of flags.compute ?? []) columns = applyCompute(columns, text)
  const filters = (flags.filter ?? []).map(filterOf)
  return {
    ...mapping,
    columns: [...columns],
    ...(filters.length === 0 ? {} : { filters: [...others(mapping.filters ?? [], filters), ...filters] }),
  }
}

function others(before: readonly Filter[], flagged: readonly Filter[]): Filter[] {
  return before.filter(({ name }) => !flagged.some((one) => one.name === name))
}

/** Columns that flags name lose the steps they had. */
function withoutSteps(columns: readonly ColumnMapping[], flags: TransformFlags): readonly ColumnMapping[] {
  const named = new Set([
    ...(flags.lookupTables ?? []).map(({ column }) =>
      columnNamed(columns, column, '--lookup', lookupExample),
    ),
    ...(flags.step ?? []).flatMap((text) => {
      const { name } = splitFlag(text, columns)
      return name === null ? [] : [columnNamed(columns, name, '--step', stepExample)]
    }),
  ])
  return columns.map((one) => {
    const { steps: _, ...rest } = one
    return named.has(one) ? rest : one
  })
}

const stepExample = '--step "Name=title"'
const lookupExample = '--lookup "Country=countries.csv"'
const computeExample = `--compute 'full_name=record.first + " " + record.last'`
const setExample = '--set source=newsletter'
const filterExample = `--filter 'only active: record.status == "active"'`

function withStep(
  columns: readonly ColumnMapping[],
  name: string,
  step: Step,
  example: string,
): ColumnMapping[] {
  const column = columnNamed(columns, name, example.split(' ')[0]!, example)
  return columns.map((one) => (one === column ? { ...one, steps: [...(one.steps ?? []), step] } : one))
}

/** Cases are so common that their name is enough. */
const caseWords: readonly string[] = ['upper', 'lower', 'title']

function applyStep(columns: readonly ColumnMapping[], text: string): ColumnMapping[] {
  const { name, value } = splitFlag(text, columns)
  if (name === null)
    throw invalidFlag('--step', text, 'it needs a column, an equals sign, and the step', stepExample)
  const given = caseWords.includes(value) ? { case: value } : yamlOf(value, text)
  const parsed = stepSchema.safeParse(given)
  if (!parsed.success)
    throw invalidFlag(
      '--step',
      text,
      'it is trim, squeeze, upper, lower, title, or a step of a mapping file such as "split: {by: \',\', take: 1}"',
      stepExample,
    )
  return withStep(columns, name, parsed.data, stepExample)
}

function yamlOf(value: string, text: string): unknown {
  try {
    return parse(value, { maxAliasCount: 0 }) as unknown
  } catch {
    throw invalidFlag('--step', text, 'the step is not written as in a mapping file', stepExample)
  }
}

function applySet(columns: readonly ColumnMapping[], text: string): ColumnMapping[] {
  const { key, type, value } = assignment('--set', text, setExample)
  return withComputed(columns, key, type, { constant: value })
}

function applyCompute(columns: readonly ColumnMapping[], text: string): ColumnMapping[] {
  const { key, type, value } = assignment('--compute', text, computeExample)
  return withComputed(columns, key, type, { cel: value.trim() })
}

/** `KEY[:TYPE]=VALUE`: a key has no equals sign, an expression may have many. */
function assignment(
  flag: string,
  text: string,
  example: string,
): { key: string; type: AttributeType; value: string } {
  const at = text.indexOf('=')
  const [key = '', word = 'text', ...rest] = text.slice(0, Math.max(at, 0)).trim().split(':')
  const type = attributeTypes.find((one) => one === (word === 'list' ? 'text_list' : word))
  if (at <= 0 || text.slice(at + 1).trim() === '')
    throw invalidFlag(flag, text, 'it needs an attribute, an equals sign, and what it becomes', example)
  if (!attributeKey.safeParse(key).success || rest.length > 0)
    throw invalidFlag(
      flag,
      text,
      'an attribute is named with small letters, digits and _, beginning with a letter',
      example,
    )
  if (type === undefined)
    throw invalidFlag(flag, text, `the type is one of ${attributeTypes.join(', ')}`, example)
  return { key, type, value: text.slice(at + 1) }
}

function withComputed(
  columns: readonly ColumnMapping[],
  key: string,
  type: AttributeType,
  compute: Compute,
): ColumnMapping[] {
  const isTaken = (name: string): boolean =>
    columns.some(({ column, compute: was }) => was === undefined && column === name)
  const fresh = columnMappingSchema.parse({
    column: isTaken(key) ? `${key} (computed)` : key,
    compute,
    target: { to: 'attribute', key, type },
  })
  const kept = columns.filter(
    ({ compute: was, target }) => was === undefined || target.to !== 'attribute' || target.key !== key,
  )
  return [...kept, fresh]
}

/** A name is plain words before a colon; an expression alone is its own name. */
const namedFilter = /^\s*([\p{L}\p{N}][\p{L}\p{N} _-]{0,59}?)\s*:\s+(\S[^]*)$/u

function filterOf(text: string): Filter {
  const [, name, keep] = namedFilter.exec(text) ?? []
  const parsed = filterSchema.safeParse({
    name: name ?? text.trim().replace(/\s+/g, ' ').slice(0, 60).trim(),
    keep: (keep ?? text).trim(),
  })
  if (parsed.success) return parsed.data
  throw invalidFlag(
    '--filter',
    text,
    'it is a name, a colon, and an expression that is true or false',
    filterExample,
  )
}
