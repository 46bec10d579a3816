// Mapping memory: the mapping of an earlier import, laid over what a new file with the same or a similar header suggests.
import { keyChooser, keyFromHeader } from './attributeKeys.ts'
import { expectedOf, fitShare } from './columnFit.ts'
import type { ColumnReport } from './columnProfile.ts'
import { pairColumns, type Pair } from './headers.ts'
import type { ColumnMapping, Mapping } from './mapping.ts'
import { isOpen, targetFlag } from './mappingFlags.ts'
import { targetText } from './mappingText.ts'
import { misfitNotes, quoted, type Ambiguity, type Note, type Proposal } from './proposal.ts'

/** An earlier import of a file like this one. */
export interface Remembered {
  /** Its run, for example r1003. */
  readonly run: string
  /** The columns its file had. */
  readonly columns: readonly string[]
  readonly mapping: Mapping
}

/** What is different from then; nobody is left to find out by the result. */
export interface HeaderNews {
  readonly kind: 'new' | 'gone' | 'renamed' | 'changed' | 'left'
  readonly column: string
  /** A whole sentence without the column: `was Email; taken as @email`. */
  readonly text: string
}

export interface Recalled {
  /** With what is remembered in place of what was guessed, and questions where the two contradict each other. */
  readonly proposal: Proposal
  readonly news: readonly HeaderNews[]
}

/** What a person decided for a column on the command line: the value of --map, for example `city:text`; undefined: nothing. */
export type Decided = (column: string) => string | undefined

/** Values that must fit for a remembered choice to stand against what the file suggests. */
const enough = 0.9

/** Reasons for leaving a column out that nobody gave: they say something about one file only. */
const ownReasons: readonly string[] = ['it is empty', 'it is a column of the error file']

/** What comes of one column. */
interface Choice {
  readonly mapping: ColumnMapping
  /** Whether it is what was remembered. */
  readonly kept: boolean
  readonly question: Ambiguity | null
  readonly news: HeaderNews | null
}

/**
 * Lays a remembered mapping over a proposal. Columns of the same or of an equivalent name are treated as before; where
 * the values say otherwise, or the name is only nearly the same, it becomes a question. New columns keep what is
 * proposed. `decided`: columns that flags map anyway.
 */
export function recall(
  proposal: Proposal,
  reports: readonly ColumnReport[],
  remembered: Remembered,
  decided: Decided = () => undefined,
): Recalled {
  const now = proposal.mapping.columns.map(({ column }) => column)
  const pairs = new Map(pairColumns(now, remembered.columns).map((pair) => [pair.now, pair]))
  const before = new Map(remembered.mapping.columns.map((column) => [column.column, column]))
  const kept = new Set([...pairs.values()].flatMap((pair) => (pair.now === pair.before ? [pair.before] : [])))
  const missing = remembered.columns.filter((column) => !kept.has(column))
  const reportOf = new Map(reports.map((report) => [report.column, report]))
  const choices = proposal.mapping.columns.map((fresh): Choice => {
    const pair = pairs.get(fresh.column)
    const old = pair === undefined ? undefined : before.get(pair.before)
    if (pair === undefined) return newColumn(fresh)
    if (old === undefined || isOwnReason(old))
      return { mapping: fresh, kept: false, question: null, news: null }
    const renamed = { ...old, column: fresh.column }
    if (mentions(otherSettings(old), missing)) return leftBehind(fresh)
    const report = reportOf.get(fresh.column)
    return choose({ pair, fresh, old: renamed, report, run: remembered.run, decided: decided(fresh.column) })
  })
  const found = new Set([...pairs.values()].map((pair) => pair.before))
  const lost = remembered.mapping.columns.filter(
    ({ column, target }) =>
      !found.has(column) && remembered.columns.includes(column) && target.to !== 'ignore',
  )
  return together(proposal, choices, { ...remembered, missing }, lost, reportOf)
}

/** The settings of a column that may name other columns: its steps, and what is computed. */
function otherSettings(mapped: ColumnMapping): object {
  return { ...mapped, column: '', target: null, format: null, blank: null, onBad: null }
}

function isOwnReason({ target }: ColumnMapping): boolean {
  return target.to === 'ignore' && target.why !== undefined && ownReasons.includes(target.why)
}

function newColumn(fresh: ColumnMapping): Choice {
  const text = fresh.target.to === 'ignore' ? targetText(fresh) : `proposed as ${targetText(fresh)}`
  return { mapping: fresh, kept: false, question: null, news: { kind: 'new', column: fresh.column, text } }
}

interface Comparison {
  readonly pair: Pair
  readonly fresh: ColumnMapping
  /** As remembered, under its present name. */
  readonly old: ColumnMapping
  readonly report: ColumnReport | undefined
  readonly run: string
  readonly decided: string | undefined
}

function choose(compared: Comparison): Choice {
  const { pair, fresh, report, decided } = compared
  const old = withFormatOf(compared.old, fresh)
  const news = newsOfName(pair, old)
  if (decided !== undefined) {
    const mapping = sameAim(decided, old) ? old : fresh
    return { mapping, kept: mapping === old, question: null, news: mapping === old ? news : null }
  }
  if (pair.likeness === 'near' && targetFlag(old) !== targetFlag(fresh)) return askWhetherSame(compared, old)
  if (report !== undefined && fitShare(report, old) < enough && !choosesSame(old, fresh))
    return askWhatItIs(compared, old, report)
  return { mapping: old, kept: true, question: null, news }
}

/** How values are written now, where nobody has said it and the type is the same. */
function withFormatOf(old: ColumnMapping, fresh: ColumnMapping): ColumnMapping {
  const format = expectedOf(old) === expectedOf(fresh) ? { ...fresh.format, ...old.format } : old.format
  return { ...old, format }
}

function newsOfName({ likeness, now, before }: Pair, old: ColumnMapping): HeaderNews | null {
  if (likeness === 'same') return null
  return { kind: 'renamed', column: now, text: `was ${before}; taken as ${targetText(old)} again` }
}

/** Whether --map says for the column what is remembered: then its format and its steps are meant too. */
function sameAim(decided: string, old: ColumnMapping): boolean {
  const aim = (flag: string): string => flag.split(':')[0]!
  return aim(decided) === aim(targetFlag(old))
}

function choosesSame(old: ColumnMapping, fresh: ColumnMapping): boolean {
  return (
    expectedOf(old) === expectedOf(fresh) &&
    old.format.dateOrder === fresh.format.dateOrder &&
    old.format.decimal === fresh.format.decimal
  )
}

function askWhetherSame({ pair, fresh, report, run }: Comparison, old: ColumnMapping): Choice {
  return {
    mapping: fresh,
    kept: false,
    question: {
      column: pair.now,
      about: 'remembered',
      question: `Is ${pair.now} what was called ${pair.before} in ${run}?`,
      examples: report?.examples.slice(0, 3) ?? [],
      flags: flagsOf(old, fresh),
      choices: [old, fresh],
    },
    news: { kind: 'renamed', column: pair.now, text: `perhaps what was ${pair.before}` },
  }
}

function askWhatItIs({ fresh, run }: Comparison, old: ColumnMapping, report: ColumnReport): Choice {
  const share = Math.floor(fitShare(report, old) * 100)
  const values = share === 0 ? 'none of its values fit' : `only ${share} % of its values fit`
  const question = {
    column: old.column,
    question: `${old.column} was ${targetText(old)} in ${run}, but ${values} that now. What is it?`,
    examples: report.examples.slice(0, 3),
  }
  const news: HeaderNews = {
    kind: 'changed',
    column: old.column,
    text: `was ${targetText(old)}; ${values} that now`,
  }
  if (expectedOf(old) !== expectedOf(fresh)) {
    const asked = {
      ...question,
      about: 'remembered',
      flags: flagsOf(old, fresh),
      choices: [old, fresh],
    } as const
    return { mapping: fresh, kept: false, question: asked, news }
  }
  // Only the way of writing differs: that alone is asked, and everything else stays as it was.
  const { dateOrder, decimal: _, ...format } = old.format
  const isDate = dateOrder !== fresh.format.dateOrder
  const flags = [old, fresh].map((one) =>
    isDate
      ? `--date-order ${quoted(`${old.column}=${one.format.dateOrder ?? 'ymd'}`)}`
      : `--decimal ${quoted(`${old.column}=${one.format.decimal ?? '.'}`)}`,
  )
  const asked: Ambiguity = { ...question, about: isDate ? 'date_order' : 'decimal', flags }
  return { mapping: { ...old, format }, kept: true, question: asked, news }
}

/** What to type for the one and for the other. */
function flagsOf(...both: readonly ColumnMapping[]): string[] {
  return both.map((mapped) =>
    mapped.target.to === 'as_of'
      ? `--as-of ${quoted(mapped.column)}`
      : `--map ${quoted(`${mapped.column}=${targetFlag(mapped)}`)}`,
  )
}

function together(
  proposal: Proposal,
  choices: readonly Choice[],
  remembered: Remembered & { readonly missing: readonly string[] },
  lost: readonly ColumnMapping[],
  reportOf: ReadonlyMap<string, ColumnReport>,
): Recalled {
  const { columns: _, ...whole } = remembered.mapping
  const fresh = proposal.mapping.columns
  const { kept, left } = settingsWithout(whole, remembered.missing)
  // Computed columns stand in no header.
  const computed = remembered.mapping.columns.filter((one) => !remembered.columns.includes(one.column))
  const extra = computed.filter((one) => !mentions(one, remembered.missing))
  const lostExtra = computed.filter((one) => !extra.includes(one)).map(({ column }) => leftNews(column))
  const columns = withSomebody([...distinct(choices), ...extra], fresh)
  const mapping: Mapping = { ...proposal.mapping, ...kept, columns }
  const asked = choices.flatMap(({ question }) => question ?? [])
  const open = proposal.ambiguities.filter(
    (one) =>
      isOpen(one, mapping) &&
      !asked.some(({ column, about }) => column === one.column && about === one.about),
  )
  const changed = new Set(choices.filter((one) => one.kept).map(({ mapping: { column } }) => column))
  return {
    proposal: {
      ...proposal,
      mapping,
      reasons: proposal.reasons.map((one) =>
        changed.has(one.column) ? { ...one, reason: `as in ${remembered.run}` } : one,
      ),
      ambiguities: [...asked, ...open],
      warnings: [...stillTrue(proposal.warnings, choices, fresh), ...warningsOf(choices, fresh, reportOf)],
      notes: stillTrue(proposal.notes, choices, fresh),
    },
    news: [
      ...choices.flatMap(({ news }) => news ?? []),
      ...lost.map(({ column, ...rest }): HeaderNews => ({
        kind: 'gone',
        column,
        text: `was ${targetText({ column, ...rest })}`,
      })),
      ...lostExtra,
      ...left,
    ],
  }
}

/** Filters and the like that name a column that is no longer there are left behind, and that is said. */
function settingsWithout(
  whole: Omit<Mapping, 'columns'>,
  missing: readonly string[],
): { kept: Partial<Mapping>; left: HeaderNews[] } {
  const kept: Record<string, unknown> = {}
  const left: HeaderNews[] = []
  for (const [name, value] of Object.entries(whole)) {
    const parts: unknown[] = Array.isArray(value) ? value : [value]
    const fit = parts.filter((part) => name === 'checks' || name === 'clearToken' || !mentions(part, missing))
    if (fit.length === parts.length) kept[name] = value
    else {
      if (Array.isArray(value) && fit.length > 0) kept[name] = fit
      left.push(leftNews(name))
    }
  }
  return { kept, left }
}

function leftNews(column: string): HeaderNews {
  return { kind: 'left', column, text: 'not taken over: it names a column that is gone or renamed' }
}

function leftBehind(fresh: ColumnMapping): Choice {
  return { mapping: fresh, kept: false, question: null, news: leftNews(fresh.column) }
}

/** Whether one of the names stands anywhere in a setting, as a word of its own. */
function mentions(setting: unknown, names: readonly string[]): boolean {
  if (names.length === 0) return false
  const text = JSON.stringify(setting) ?? ''
  return names.some((name) => {
    const written = JSON.stringify(name).slice(1, -1)
    for (let at = text.indexOf(written); at >= 0; at = text.indexOf(written, at + 1))
      if (!isWord(text[at - 1]) && !isWord(text[at + written.length])) return true
    return false
  })
}

function isWord(sign: string | undefined): boolean {
  return sign !== undefined && /[\p{L}\p{N}_]/u.test(sign)
}

/** One attribute, one column; one identifier of a kind: where a guess and a memory want the same, the memory has it. */
function distinct(choices: readonly Choice[]): ColumnMapping[] {
  const kept = choices.filter((one) => one.kept).map(({ mapping: { target } }) => target)
  const kinds = new Set(kept.map((target) => (target.to === 'identifier' ? target.kind : '')))
  const keyFor = keyChooser(kept.flatMap((target) => (target.to === 'attribute' ? [target.key] : [])))
  return choices.map(({ mapping, kept: isKept }, i) => {
    const { target, column } = mapping
    if (isKept || target.to === 'ignore' || target.to === 'as_of') return mapping
    if (target.to === 'attribute') return { ...mapping, target: { ...target, key: keyFor(target.key, i) } }
    if (!kinds.has(target.kind)) return mapping
    const key = keyFor(keyFromHeader(column), i)
    return { ...mapping, target: { to: 'attribute', key, type: 'text', clean: 'none', write: 'set' } }
  })
}

/** A mapping needs an identifier: where the remembered ones are gone, those that are proposed come back. */
function withSomebody(columns: readonly ColumnMapping[], fresh: readonly ColumnMapping[]): ColumnMapping[] {
  if (columns.some(({ target }) => target.to === 'identifier')) return [...columns]
  return columns.map((column) => {
    const proposed = fresh.find((one) => one.column === column.column)
    return proposed?.target.to === 'identifier' ? proposed : column
  })
}

/** Whether a remembered choice stands that is not what was proposed. */
function isOtherwise({ kept, mapping }: Choice, fresh: ColumnMapping): boolean {
  return kept && (targetText(mapping) !== targetText(fresh) || mapping.onBad !== fresh.onBad)
}

/** Remarks about columns that are treated as they were proposed. */
function stillTrue(
  notes: readonly Note[],
  choices: readonly Choice[],
  fresh: readonly ColumnMapping[],
): Note[] {
  const other = choices.filter((one, i) => isOtherwise(one, fresh[i]!)).map(({ mapping }) => mapping.column)
  return notes.filter(({ column }) => column === null || !other.includes(column))
}

/** A remembered choice stands, and yet some values do not fit it. */
function warningsOf(
  choices: readonly Choice[],
  fresh: readonly ColumnMapping[],
  reportOf: ReadonlyMap<string, ColumnReport>,
): Note[] {
  return choices.flatMap((one, i) => {
    const expected = expectedOf(one.mapping)
    const report = reportOf.get(one.mapping.column)
    const isSilent = one.mapping.onBad === 'blank' || expected === null || report === undefined
    return isSilent || !isOtherwise(one, fresh[i]!) ? [] : misfitNotes(report, expected)
  })
}
