// How a file is read, in words, and what can be said about it.
import type { Dialect } from '../../../core/dialect.ts'

export const delimiters = [
  { value: ',', label: 'Comma ,' },
  { value: ';', label: 'Semicolon ;' },
  { value: '\t', label: 'Tab' },
  { value: '|', label: 'Pipe |' },
]

/** Those that customer files come in; the server reads many more. */
const encodings = [
  { value: 'utf-8', label: 'UTF-8' },
  { value: 'windows-1252', label: 'Western European (Windows-1252)' },
  { value: 'iso-8859-1', label: 'Western European (ISO 8859-1)' },
  { value: 'iso-8859-15', label: 'Western European with € (ISO 8859-15)' },
  { value: 'windows-1250', label: 'Central European (Windows-1250)' },
  { value: 'windows-1251', label: 'Cyrillic (Windows-1251)' },
  { value: 'koi8-r', label: 'Cyrillic (KOI8-R)' },
  { value: 'utf-16le', label: 'UTF-16, little-endian' },
  { value: 'utf-16be', label: 'UTF-16, big-endian' },
  { value: 'cp850', label: 'DOS, Western European (CP850)' },
  { value: 'shift_jis', label: 'Japanese (Shift JIS)' },
  { value: 'euc-jp', label: 'Japanese (EUC-JP)' },
  { value: 'gb18030', label: 'Chinese, simplified (GB 18030)' },
  { value: 'big5', label: 'Chinese, traditional (Big5)' },
]

/** The encodings to choose from, with the one that was detected among them. */
export function encodingsWith(detected: string): typeof encodings {
  if (encodings.some(({ value }) => value === detected)) return encodings
  return [{ value: detected, label: detected.toUpperCase() }, ...encodings]
}

const formats = { csv: 'CSV', json: 'JSON', jsonl: 'JSON lines', rows: 'Rows of cells' } as const

/** `CSV · UTF-8 · Semicolon · with a header` */
export function dialectText(dialect: Dialect): string {
  const { format, encoding, delimiter, headerLines, skipLines, trailerLines } = dialect
  const isTable = format === 'csv' || format === 'rows'
  return [
    formats[format],
    ...(format === 'csv' ? [encoding.toUpperCase(), betweenText(delimiter)] : []),
    ...(isTable ? [headerLines === 0 ? 'no header' : 'with a header'] : []),
    ...(skipLines > 0 ? [`${lines(skipLines)} before it left out`] : []),
    ...(trailerLines > 0 ? [`${lines(trailerLines)} at the end left out`] : []),
  ].join(' · ')
}

function betweenText(delimiter: string): string {
  return delimiters.find(({ value }) => value === delimiter)?.label.split(' ')[0] ?? delimiter
}

function lines(number: number): string {
  return number === 1 ? '1 line' : `${number} lines`
}
