// The flags of import, inspect and convert, and what they say about dialect, mapping and policy.
import type { Command } from 'commander'
import type { Dialect } from '../core/dialect.ts'
import type { MappingFlags } from '../core/mappingFlags.ts'
import type { WritePolicy } from '../core/mapping.ts'
import { failure } from '../core/problems.ts'

const gather = (value: string, before: string[] = []): string[] => [...before, value]

/** How the bytes become records: the same on import, inspect and convert. */
export function withDialectFlags(command: Command): Command {
  return command
    .option('--encoding <name>', 'utf-8, utf-16le, windows-1252, iso-8859-1, shift_jis…')
    .option(
      '--delimiter <text>',
      'between fields: , ; tab pipe space \\x1f, or several characters such as ||',
    )
    .option('--quote <char>', 'around fields; none: quotes are plain text')
    .option('--escape <char>', 'before a quote inside a quoted field: the quote itself, or backslash')
    .option('--row-delimiter <text>', 'between rows: auto (LF, CRLF and CR), lf, crlf, cr, or own characters')
    .option('--header-lines <n>', 'lines of the header; 0: there is none')
    .option('--skip-lines <n>', 'lines before the header that are no records')
    .option('--on-bad <how>', 'a wrong number of fields: quarantine (to the error file) or pad')
    .option('--sheet <name>', 'a sheet of a workbook, by name or number; several: once for each', gather)
    .option('--member <pattern>', 'files of a zip archive, such as "*.csv"; several: once for each', gather)
}

/** What columns become. */
export function withMappingFlags(command: Command): Command {
  return command
    .option(
      '--map <column=target>',
      'a column becomes an attribute (name:type), an identifier (@email) or nothing (-)',
      gather,
    )
    .option('--as-of <column>', 'the column with the time of the record: the later one wins')
    .option('--date-order <[column=]order>', 'dmy, mdy or ymd', gather)
    .option('--decimal <[column=]sign>', '. or ,', gather)
    .option('--separator <[column=]text>', 'between list values', gather)
    .option('--time-zone <[column=]zone>', 'of times without one, for example Europe/Berlin', gather)
    .option('--country <[column=]code>', 'of phone numbers without one, for example DE', gather)
    .option('--blank <[column=]how>', 'an empty cell: ignore, clear or reject', gather)
    .option(
      '--on-bad-value <[column=]how>',
      'a value that does not fit: fail the record, or leave it blank',
      gather,
    )
    .option('--if-empty <column>', 'only fill this attribute where it is empty', gather)
    .option('--clear-token <text>', 'a cell with exactly this text clears the value')
    .option(
      '--step <column=step>',
      'changes a cell before it is read: trim, squeeze, upper, lower, title, or "replace: {…}"',
      gather,
    )
    .option('--lookup <column=file>', 'replaces cells by a table: a CSV file with two columns', gather)
    .option(
      '--compute <key=expression>',
      'an attribute computed from the record (CEL): key or key:type',
      gather,
    )
    .option('--set <key=value>', 'an attribute with the same value for every record', gather)
    .option(
      '--filter <name: expression>',
      'only records for which this is true (CEL); the others are skipped',
      gather,
    )
    .option('--checks <name>', 'extra checks: blueshift', gather)
}

/** How records become writes. */
export function withPolicyFlags(command: Command): Command {
  return command
    .option(
      '--mode <mode>',
      'upsert, create-only, update-only, delete (whoever is named), or mirror (and delete whoever is missing)',
    )
    .option('--on-several <how>', 'identifiers of several profiles: merge, reject or highest')
    .option('--duplicates <which>', 'somebody twice in one file: last (wins) or first')
}

interface DialectOptions {
  readonly sheet?: readonly string[]
  readonly member?: readonly string[]
  readonly encoding?: string
  readonly delimiter?: string
  readonly quote?: string
  readonly escape?: string
  readonly rowDelimiter?: string
  readonly headerLines?: string
  readonly skipLines?: string
  readonly onBad?: string
}

export interface ShapeOptions extends DialectOptions, MappingFlags {
  readonly mapping?: string
  readonly mappingFrom?: string
  readonly lookup?: readonly string[]
}

/** The dialect as far as flags give it. */
export async function dialectHints(options: DialectOptions): Promise<Partial<Dialect>> {
  const { parseDialectFlags } = await import('../formats/flags.ts')
  const { encoding, delimiter, quote, escape, rowDelimiter, headerLines, skipLines, onBad } = options
  return parseDialectFlags({
    encoding,
    delimiter,
    quote,
    escape,
    rowDelimiter,
    headerLines,
    skipLines,
    onBad,
  })
}

/** The country of the whole file, where one is given: it helps to recognise phone numbers. */
export function countryOf({ country = [] }: MappingFlags): string | undefined {
  return country.find((value) => /^[A-Za-z]{2}$/.test(value))?.toUpperCase()
}

interface PolicyOptions {
  readonly mode?: string
  readonly onSeveral?: string
  readonly duplicates?: string
}

const choices = {
  mode: ['upsert', 'create-only', 'update-only', 'delete', 'mirror'],
  onSeveral: ['merge', 'reject', 'highest'],
  duplicates: ['last', 'first'],
} as const
const flagOf = { mode: '--mode', onSeveral: '--on-several', duplicates: '--duplicates' } as const

/** The write policy; throws `usage.unknown` with the values there are. */
export function policyOf(options: PolicyOptions): WritePolicy {
  const chosen = (name: keyof typeof choices): string => {
    const allowed: readonly string[] = choices[name]
    const value = options[name] ?? allowed[0]!
    if (allowed.includes(value)) return value.replace('-', '_')
    const detail = `${flagOf[name]} takes ${allowed.join(', ')}; not ${value}.`
    throw failure('usage.unknown', { detail, command: 'sluice import' })
  }
  return {
    mode: chosen('mode'),
    onSeveral: chosen('onSeveral'),
    duplicates: chosen('duplicates'),
  } as WritePolicy
}
