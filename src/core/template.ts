// The template of a job (BS-D04): a CSV file with its header and one example row, to be filled in.
import type { ImportDefinition } from './job.ts'
import type { ColumnMapping } from './mapping.ts'

/** The text of the file. Names and signs are those of the job's files. */
export function templateOf({ dialect, columns, mapping }: ImportDefinition): string {
  const mapped = new Map(mapping.columns.map((column) => [column.column, column]))
  const isTable = dialect.format === 'csv'
  const [delimiter, quote] = isTable ? [dialect.delimiter, dialect.quote] : [',', '"']
  const line = (cells: readonly string[]): string =>
    `${cells.map((cell) => quoted(cell, delimiter, quote)).join(delimiter)}\r\n`
  const example = columns.map((column) => exampleOf(mapped.get(column)))
  const header = isTable && dialect.headerLines === 0 ? '' : line(columns)
  return header + line(example)
}

function quoted(cell: string, delimiter: string, quote: string): string {
  if (quote === '') return cell
  const needs = cell.includes(delimiter) || cell.includes(quote) || /[\r\n]/.test(cell)
  return needs ? `${quote}${cell.replaceAll(quote, quote + quote)}${quote}` : cell
}

const identifierExamples: Readonly<Record<string, string>> = {
  customer_id: 'C-1001',
  email: 'ada@example.com',
  phone: '+4312345678',
  device_id: '0f8fad5bd9cb469f',
  cookie: 'c7f2a9',
  external_id: 'X-77',
}

function exampleOf(mapped: ColumnMapping | undefined): string {
  if (mapped === undefined) return ''
  const { target, format } = mapped
  switch (target.to) {
    case 'identifier':
      return identifierExamples[target.kind] ?? 'X-1'
    case 'as_of':
      return '2026-01-31T18:00:00Z'
    case 'ignore':
      return ''
    case 'attribute':
      return attributeExample(target.key, target.type, target.clean, format)
  }
}

function attributeExample(
  key: string,
  type: string,
  clean: string,
  { dateOrder, decimal, separator, trueWords }: ColumnMapping['format'],
): string {
  if (clean === 'email') return 'ada@example.com'
  if (clean === 'phone') return '+4312345678'
  if (clean === 'country') return 'AT'
  switch (type) {
    case 'integer':
      return '42'
    case 'number':
      return decimal === ',' ? '12,50' : '12.50'
    case 'boolean':
      return trueWords?.[0] ?? 'true'
    case 'date':
      return dateOrder === 'dmy' ? '31.01.2026' : dateOrder === 'mdy' ? '01/31/2026' : '2026-01-31'
    case 'timestamp':
      return '2026-01-31T18:00:00Z'
    case 'text_list':
      return ['one', 'two'].join(separator ?? ';')
    case 'json':
      return '{}'
    default:
      return /first/.test(key)
        ? 'Ada'
        : /last|sur/.test(key)
          ? 'Lovelace'
          : /city/.test(key)
            ? 'Wien'
            : 'text'
  }
}
