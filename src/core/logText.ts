// A line of the log in words: its sentence with the details filled in, and the whole line as text.
import { groupedNumber } from './countText.ts'
import { logKinds, type LogLevel } from './logKinds.ts'
import { fill, type Problem } from './problem.ts'

/** A line as it is kept. `at` is ISO 8601 in UTC. */
export interface LogLine {
  readonly at: string
  readonly kind: string
  /** For example r1042; null: it is about the job. */
  readonly run: string | null
  /** Who, where it was a person. */
  readonly by: string | null
  readonly details: Readonly<Record<string, unknown>>
}

interface KindWords {
  readonly level: LogLevel
  readonly label: string
  readonly message: string
}

/** What a kind of line says; a kind of another version shows its name. */
export function logKindWords(kind: string): KindWords {
  const known = (logKinds as Readonly<Record<string, KindWords>>)[kind]
  return known ?? { level: 'info', label: kind, message: '' }
}

/** The problem a line is about, or null. */
export function logProblem({ details }: Pick<LogLine, 'details'>): Problem | null {
  const { problem } = details
  return typeof problem === 'object' && problem !== null && 'message' in problem ? (problem as Problem) : null
}

/** `The source was read: people.csv.` What a line does not tell is left out of its sentence. */
export function logSentence(line: Pick<LogLine, 'kind' | 'details'>): string {
  const { message } = logKindWords(line.kind)
  const told: Record<string, string | number | boolean | null> = {}
  for (const [name, value] of Object.entries(line.details))
    if (typeof value === 'string') told[name] = timeText(value)
    else if (typeof value === 'number') told[name] = groupedNumber(value)
    else if (typeof value === 'boolean') told[name] = value
  const found = logProblem(line)
  if (found !== null) told['problem'] = found.message
  const full = message.replaceAll(/(?::|\s(?:until|at|by|since))?\s\{(\w+)\}/g, (whole, name: string) =>
    name in told ? whole : '',
  )
  return sentenceEnd(fill(full, told).trim())
}

function sentenceEnd(text: string): string {
  return text === '' || /[.!?]$/.test(text) ? text : `${text}.`
}

/** ISO times as people read them, with their zone; anything else as it is. */
function timeText(value: string): string {
  const [, day, time, zone] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?(Z|\+00:00)$/.exec(value) ?? []
  return zone === undefined ? value : `${day} ${time} UTC`
}

/** `2026-11-21 06:25:00.123 UTC  info   r1042  Fetched  The source was read.` */
export function logTextLine(line: LogLine): string {
  const { level, label } = logKindWords(line.kind)
  const at = `${line.at.slice(0, 23).replace('T', ' ').replace(/Z$/, '').padEnd(23, '0')} UTC`
  const parts = [at, level.padEnd(5), (line.run ?? '–').padEnd(7), label, logSentence(line)]
  const by = line.by === null ? '' : `  (by ${line.by})`
  // A line stays one line, whatever a file is called.
  return `${parts.join('  ')}${by}`.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
}
