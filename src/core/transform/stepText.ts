// Steps in a few words: for previews, and for what changed between two mappings.
import type { ColumnMapping } from '../mapping.ts'
import type { Compute, Step } from './stepSchema.ts'

/** `trim, lower case, lookup of 27 values`; '' where a column has no steps. */
export function stepsText({ compute, steps = [] }: Pick<ColumnMapping, 'compute' | 'steps'>): string {
  return [...(compute === undefined ? [] : [stepText(compute)]), ...steps.map(stepText)].join(', ')
}

type Words = { readonly [Name in keyof Required<Exclude<Step, string>>]: (setting: never) => string }

const words: Words = {
  case: (to: string) => `${to} case`,
  split: ({ by, take }: { by: string; take?: number }) =>
    take === undefined ? `list split at ${quoted(by)}` : `part ${take} between ${quoted(by)}`,
  join: ({ from }: { from: readonly string[] }) => from.join(' + '),
  replace: ({ text, pattern, with: by }: { text?: string; pattern?: string; with: string }) =>
    replacement(text === undefined ? `/${short(pattern!)}/` : quoted(text), by),
  lookup: ({ table }: { table: object }) => `lookup of ${plural(Object.keys(table).length, 'value')}`,
  constant: (text: string) => `always ${quoted(text)}`,
  default: (text: string) => `${quoted(text)} if blank`,
  hash: (algorithm: string) => algorithm,
  date: (pattern: string) => `date ${pattern}`,
  number: ({ decimal, group }: { decimal: string; group: string }) => `number 1${group}234${decimal}5`,
  substring: ({ from, length }: { from: number; length?: number }) =>
    length === undefined ? `from character ${from}` : `${plural(length, 'character')} from ${from}`,
  pad: ({ to, with: sign }: { to: number; with: string }) => `filled to ${to} with ${quoted(sign)}`,
  copy: (column: string) => `copy of ${column}`,
  cel: (source: string) => short(source.replace(/\s+/g, ' ')),
}

function replacement(what: string, by: string): string {
  return by === '' ? `without ${what}` : `${what} becomes ${quoted(by)}`
}

/** One step in words. */
export function stepText(step: Step | Compute): string {
  if (typeof step === 'string') return step
  const [name, setting] = Object.entries(step)[0]!
  return (words[name as keyof Words] as (setting: unknown) => string)(setting)
}

const shownMax = 40

function short(text: string): string {
  return text.length > shownMax ? `${text.slice(0, shownMax).toWellFormed()}…` : text
}

function quoted(text: string): string {
  return `"${short(text)}"`
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
