// What can be said in the address of a bulk request, and what it means for reading and mapping (requirements LY-31, LY-D10).
import { z } from 'zod'
import { attributeKey, type Attribute } from '../core/attribute.ts'
import type { Dialect } from '../core/dialect.ts'
import type { MappingFlags } from '../core/mappingFlags.ts'
import { SluiceError } from '../core/problem.ts'
import { failure } from '../core/problems.ts'
import { parseDialectFlags } from '../formats/flags.ts'

/** May stand several times. */
const several = z.union([z.string(), z.array(z.string())]).optional()
const yesNo = z.enum(['true', 'false', '1', '0', '']).default('false')
const flag = (description: string) => yesNo.meta({ description })

const shared = {
  filename: z
    .string()
    .min(1)
    .max(255)
    .optional()
    .meta({ description: 'What the file is called, in lists and receipts; a name, never a path.' }),
  job: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .meta({ description: 'The job it belongs to; without it the filename, or `bulk`.' }),
  timestamp_field: z.string().min(1).optional().meta({
    description:
      'The field with the time of each record: the later one wins, whatever comes first (LY-31). Without it the time of the import counts.',
  }),
  dryrun: flag('Decide everything, write nothing; waits for the result.'),
  append: several.meta({
    description:
      'An attribute with the same value for every record, `key:value` or `key=value`; may be repeated.',
  }),
  droperrors: flag(
    'Go on however many records fail. Without it, an import is held for a person where more than 10 % (and 100) would.',
  ),
  wait: z.coerce
    .number()
    .int()
    .min(0)
    .max(600)
    .optional()
    .meta({ description: 'Seconds to wait for the end of the run; 0 by default, 60 for a dry run.' }),
  map: several.meta({
    description:
      'What a field becomes: `field=@email`, `field=key:type`, or `field=-` to leave it out; may be repeated.',
  }),
  date_order: several.meta({ description: '`dmy`, `mdy` or `ymd`; of one field: `field=dmy`.' }),
  decimal: several.meta({ description: 'The decimal sign, `.` or `,`; of one field: `field=,`.' }),
  time_zone: several.meta({
    description: 'Of times without one, `Europe/Berlin`; of one field: `field=zone`.',
  }),
  country: several.meta({ description: 'Of phone numbers without a code, `DE`; of one field: `field=DE`.' }),
  on_bad_value: several.meta({
    description:
      'A value that does not fit: `fail` its record, or leave it `blank`; of one field: `field=blank`.',
  }),
  blank: several.meta({
    description: 'An empty value: `ignore`, `clear` or `reject`; of one field: `field=clear`.',
  }),
  separator: several.meta({ description: 'Between the values of a list, `;`; of one field: `field=;`.' }),
  mode: z
    .enum(['upsert', 'create_only', 'update_only', 'delete'])
    .default('upsert')
    .meta({ description: 'How records become writes.' }),
  again: flag('Import even though the very same import was done before.'),
  unfinished: z.enum(['resume', 'anew']).optional().meta({
    description:
      'What becomes of an earlier import of the same content with other settings that is unfinished; without it that answers import.unfinished.',
  }),
} as const

/** A parameter that is spelled wrong is refused: it would be missed silently. */
export const jsonQuery = z.strictObject(shared)
export const csvQuery = z.strictObject({
  ...shared,
  headers: several.meta({
    description: 'The names of the columns, separated by commas, of a file without a header.',
  }),
  header_lines: z.coerce.number().int().min(0).max(16).optional().meta({
    description: 'Lines of the header; recognised without it. headers alone says that there is none.',
  }),
  delimiter: z.string().min(1).optional().meta({
    description: 'Between fields: `,` `;` `tab` `pipe` or any characters; recognised without it.',
  }),
})
export type BulkQuery = z.output<typeof jsonQuery> &
  Pick<z.output<typeof csvQuery>, 'headers' | 'header_lines' | 'delimiter'>

export function isOn(value: z.output<typeof yesNo>): boolean {
  return value !== 'false' && value !== '0'
}

function listOf(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === 'string' ? [value] : value
}

/** Names of columns, where the file has none. */
export function namesIn({ headers }: BulkQuery): string[] | undefined {
  const names = listOf(headers).flatMap((text) => text.split(',').map((name) => name.trim()))
  if (names.length === 0) return undefined
  const twice = names.find((name, i) => name === '' || names.indexOf(name) !== i)
  if (twice === undefined) return names
  const detail = twice === '' ? 'a name is empty' : `${twice} stands twice`
  throw invalid('headers', names.join(','), detail, 'headers=customer_id,email,city')
}

/** The dialect as far as the address gives it. Throws `bulk.parameter_invalid`. */
export function hintsIn(query: BulkQuery): Partial<Dialect> {
  const { delimiter, header_lines: given } = query
  const hints = delimiter === undefined ? {} : inAddress(() => parseDialectFlags({ delimiter }))
  const headerLines = given ?? (namesIn(query) === undefined ? undefined : 0)
  return headerLines === undefined ? hints : { ...hints, headerLines }
}

/** What it says about the mapping, as the flags of the command line say it. Throws `bulk.parameter_invalid`. */
export function flagsIn(query: BulkQuery, attributes: readonly Attribute[]): MappingFlags {
  const { timestamp_field: asOf } = query
  return {
    map: listOf(query.map),
    dateOrder: listOf(query.date_order),
    decimal: listOf(query.decimal),
    timeZone: listOf(query.time_zone),
    country: listOf(query.country),
    onBadValue: listOf(query.on_bad_value),
    blank: listOf(query.blank),
    separator: listOf(query.separator),
    set: listOf(query.append).map((text) => constant(text, attributes)),
    ...(asOf === undefined ? {} : { asOf }),
  }
}

/** `key:value` and `key=value` as `--set` takes them; an attribute there is keeps its type. */
function constant(text: string, attributes: readonly Attribute[]): string {
  const at = text.search(/[:=]/)
  const [key, value] = [text.slice(0, Math.max(at, 0)).trim(), text.slice(at + 1)]
  if (at <= 0 || value.trim() === '')
    throw invalid('append', text, 'it needs a key, a colon, and a value', 'append=source:newsletter')
  if (!attributeKey.safeParse(key).success)
    throw invalid(
      'append',
      text,
      'an attribute is named with small letters, digits and _, beginning with a letter',
      'append=source:newsletter',
    )
  const type = attributes.find((one) => one.key === key)?.type ?? 'text'
  return `${key}:${type}=${value}`
}

function invalid(parameter: string, value: string, detail: string, example: string): SluiceError {
  return failure('bulk.parameter_invalid', { parameter, value, detail, example })
}

/** Says in the words of the address what is wrong with a flag. */
export function inAddress<T>(use: () => T): T {
  try {
    return use()
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error
    const { code, details = {}, message } = error.problem
    if (code !== 'mapping.flag_invalid' && code !== 'file.flag_invalid') throw error
    const parameter = parameterOf(String(details['flag']))
    const example = parameterText(String(details['example'] ?? `${parameter}=;`))
    const detail = String(details['detail'] ?? message).replace(/\.$/, '')
    throw failure(
      'bulk.parameter_invalid',
      { parameter, value: String(details['value']), detail, example },
      { cause: error },
    )
  }
}

function parameterOf(name: string): string {
  const bare = name.replace(/^--/, '').replaceAll('-', '_')
  return bare === 'as_of' ? 'timestamp_field' : bare === 'set' ? 'append' : bare
}

/** A remark in which flags stand, with parameters in their place. */
export function inParameters(text: string): string {
  return text.replaceAll(/--[a-z][a-z-]+ (?:'[^']*'|"[^"]*"|\S+)/g, parameterText)
}

/** `--date-order 'born=dmy'` as it stands in an address: `date_order=born=dmy`. */
export function parameterText(flagText: string): string {
  const [, name = '', value = ''] = /^(--[a-z-]+)\s+(.*)$/s.exec(flagText) ?? []
  if (name === '') return flagText
  const bare = value.replace(/^(['"])(.*)\1$/s, '$2').replaceAll(`'\\''`, "'")
  return `${parameterOf(name)}=${bare}`
}
