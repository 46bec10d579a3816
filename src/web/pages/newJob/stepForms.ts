// What each kind of step asks for: one table, from which the forms are made.
import type { Step } from '../../../core/transform/stepSchema.ts'

export interface StepField {
  /** Within the setting; null: the setting itself. */
  readonly key: string | null
  readonly label: string
  readonly kind: 'text' | 'number' | 'choice' | 'column' | 'columns' | 'table' | 'expression' | 'switch'
  readonly help?: string
  readonly choices?: Readonly<Record<string, string>>
  /** Left out where it is empty. */
  readonly optional?: boolean
}

export interface StepForm {
  readonly label: string
  /** The key of the step; steps without settings are the key alone. */
  readonly name: string
  readonly first: Step
  readonly fields: readonly StepField[]
}

const text = (key: string | null, label: string, help?: string): StepField => ({
  key,
  label,
  kind: 'text',
  ...(help === undefined ? {} : { help }),
})

/** In the order in which they are offered. */
export const stepForms: Readonly<Record<string, StepForm>> = {
  trim: { label: 'Cut blanks at both ends', name: 'trim', first: 'trim', fields: [] },
  squeeze: { label: 'Several blanks become one', name: 'squeeze', first: 'squeeze', fields: [] },
  case: {
    label: 'Capitals',
    name: 'case',
    first: { case: 'lower' },
    fields: [
      {
        key: null,
        label: 'Write it in',
        kind: 'choice',
        choices: { lower: 'small letters', upper: 'CAPITALS', title: 'First Letters Large' },
      },
    ],
  },
  default: {
    label: 'A value for empty cells',
    name: 'default',
    first: { default: '' },
    fields: [text(null, 'Value')],
  },
  constant: {
    label: 'Always the same value',
    name: 'constant',
    first: { constant: '' },
    fields: [text(null, 'Value')],
  },
  replace_text: {
    label: 'Replace text',
    name: 'replace',
    first: { replace: { text: ' ', with: '' } },
    fields: [text('text', 'Text'), text('with', 'By')],
  },
  replace_pattern: {
    label: 'Replace a pattern',
    name: 'replace',
    first: { replace: { pattern: '[^0-9]', with: '' } },
    fields: [
      text('pattern', 'Pattern', 'A regular expression.'),
      text('with', 'By', '$1 stands for the first group.'),
    ],
  },
  lookup: {
    label: 'Look values up in a table',
    name: 'lookup',
    first: { lookup: { table: { A: 'B' }, otherwise: 'keep', ignoreCase: true } },
    fields: [
      { key: 'table', label: 'Table', kind: 'table', help: 'A line for each value: AT = Austria' },
      {
        key: 'otherwise',
        label: 'A value that is not in it',
        kind: 'choice',
        choices: { keep: 'stays', blank: 'is left out', fail: 'fails the record' },
      },
      { key: 'ignoreCase', label: 'Capitals do not matter', kind: 'switch' },
    ],
  },
  split: {
    label: 'Take a part',
    name: 'split',
    first: { split: { by: ' ', take: 1 } },
    fields: [
      text('by', 'Between parts'),
      {
        key: 'take',
        label: 'Which part',
        kind: 'number',
        optional: true,
        help: '1 is the first, -1 the last; empty: a list.',
      },
    ],
  },
  substring: {
    label: 'Take some characters',
    name: 'substring',
    first: { substring: { from: 1, length: 3 } },
    fields: [
      { key: 'from', label: 'From character', kind: 'number', help: 'Negative: from the end.' },
      { key: 'length', label: 'So many', kind: 'number', optional: true, help: 'Empty: to the end.' },
    ],
  },
  pad: {
    label: 'Fill up at the front',
    name: 'pad',
    first: { pad: { to: 5, with: '0' } },
    fields: [{ key: 'to', label: 'To so many characters', kind: 'number' }, text('with', 'With')],
  },
  join: {
    label: 'Join columns',
    name: 'join',
    first: { join: { from: [], with: ' ' } },
    fields: [{ key: 'from', label: 'Columns', kind: 'columns' }, text('with', 'Between them')],
  },
  copy: {
    label: 'The value of another column',
    name: 'copy',
    first: { copy: '' },
    fields: [{ key: null, label: 'Column', kind: 'column' }],
  },
  date: {
    label: 'How a date is written',
    name: 'date',
    first: { date: 'dd.MM.yyyy' },
    fields: [text(null, 'Pattern', 'For example dd.MM.yyyy HH:mm')],
  },
  number: {
    label: 'How a number is written',
    name: 'number',
    first: { number: { decimal: ',', group: '.' } },
    fields: [
      { key: 'decimal', label: 'Decimal sign', kind: 'choice', choices: { '.': 'a point', ',': 'a comma' } },
      text('group', 'Between thousands'),
    ],
  },
  hash: {
    label: 'A hash in place of the value',
    name: 'hash',
    first: { hash: 'sha256' },
    fields: [{ key: null, label: 'Kind', kind: 'choice', choices: { sha256: 'SHA-256', md5: 'MD5' } }],
  },
  cel: {
    label: 'An expression (CEL)',
    name: 'cel',
    first: { cel: 'value' },
    fields: [
      {
        key: null,
        label: 'Expression',
        kind: 'expression',
        help: 'value is this cell, record.city another one.',
      },
    ],
  },
}

/** Which form a step has. */
export function formOf(step: Step): StepForm {
  if (typeof step === 'string') return stepForms[step]!
  const [name, setting] = Object.entries(step)[0]!
  if (name === 'replace')
    return stepForms[
      (setting as { pattern?: string }).pattern === undefined ? 'replace_text' : 'replace_pattern'
    ]!
  return stepForms[name]!
}

/** What a field of a step says now. */
export function valueOf(step: Step, { name }: StepForm, { key }: StepField): unknown {
  if (typeof step === 'string') return undefined
  const setting = (step as Readonly<Record<string, unknown>>)[name]
  return key === null ? setting : (setting as Readonly<Record<string, unknown>> | undefined)?.[key]
}

/** The step with another value in one of its fields. */
export function withValue(
  step: Step,
  { name }: StepForm,
  { key, optional }: StepField,
  value: unknown,
): Step {
  if (key === null) return { [name]: value }
  const { [key]: _, ...rest } = (step as Readonly<Record<string, Record<string, unknown>>>)[name]!
  const gone = optional === true && (value === '' || value === undefined)
  return { [name]: gone ? rest : { ...rest, [key]: value } }
}
