// The fixes a person can choose for many rows, and the steps of a mapping they stand for.
import type { Step } from '../../../core/transform/stepSchema.ts'

interface Kind {
  readonly label: string
  /** What is asked for; `column`: another column. */
  readonly first: string | null
  readonly second: string | null
  readonly make: (first: string, second: string) => Step | null
}

/** By the name they are chosen by. */
export const ruleKinds = {
  replace: {
    label: 'replace text',
    first: 'This text',
    second: 'by',
    make: (text, by) => (text === '' ? null : { replace: { text, with: by } }),
  },
  constant: {
    label: 'set to the same value',
    first: 'Value',
    second: null,
    make: (value) => (value === '' ? null : { constant: value }),
  },
  clear: { label: 'empty it', first: null, second: null, make: () => ({ constant: '' }) },
  trim: { label: 'remove blanks around it', first: null, second: null, make: () => 'trim' },
  squeeze: { label: 'make single blanks of many', first: null, second: null, make: () => 'squeeze' },
  date: {
    label: 'read it as a date',
    first: 'Written as, e.g. dd.MM.yyyy',
    second: null,
    make: (pattern) => (pattern === '' ? null : { date: pattern }),
  },
  decimal: {
    label: 'read it as a number with a comma',
    first: null,
    second: null,
    make: () => ({ number: { decimal: ',', group: '.' } }),
  },
  copy: {
    label: 'take the value of another column',
    first: 'column',
    second: null,
    make: (column) => (column === '' ? null : { copy: column }),
  },
  pad: {
    label: 'fill up with zeros in front',
    first: 'Up to how many characters',
    second: null,
    make: (length) => (/^[1-9]\d{0,2}$/.test(length) ? { pad: { to: Number(length), with: '0' } } : null),
  },
} as const satisfies Readonly<Record<string, Kind>>

export type RuleKind = keyof typeof ruleKinds

/** The steps, or null while something is missing. */
export function stepsOf(kind: RuleKind, [first, second]: readonly [string, string]): Step[] | null {
  const step = (ruleKinds[kind] as Kind).make(first, second)
  return step === null ? null : [step]
}
