// The results as a page people read and as JSON.
import type { Aim } from './aims.ts'
import { kinds } from './kinds.ts'
import type { Machine } from './machine.ts'
import type { Sample } from './measure.ts'
import type { Summary } from './summary.ts'

export interface Results {
  readonly date: string
  readonly rows: number
  readonly rounds: number
  /** The kinds measured; null: all. */
  readonly only: readonly string[] | null
  readonly machine: Machine
  readonly samples: readonly Sample[]
}

/** The page. */
export function page(results: Results, summaries: readonly Summary[], aims: readonly Aim[]): string {
  const { date, rows, rounds, only, machine } = results
  const command = `npm run bench -- --rows ${rows} --rounds ${rounds}${only === null ? '' : ` --only ${only.join(',')}`}`
  return [
    `# Import benchmark, ${rows.toLocaleString('en-US')} rows, ${date}`,
    `The product's command against hand-written SQL in two psql sessions (bench/peer), on the same server, tables, indexes and settings. ` +
      `Medians of ${rounds} alternating ${rounds === 1 ? 'round' : 'rounds'}; made by \`${command}\`.`,
    machineLine(machine),
    ...tooSmall(rows),
    '## Medians',
    medians(results, summaries),
    '“Against the peer”: 1 is as fast as the peer, 2 twice as fast. “Importing” is that stage of the run; “whole” is the command ' +
      'from typing it to its end: landing, validating, importing, error file, receipt.',
    '## Aims',
    aims.map(aimLine).join('\n'),
    '## All rounds',
    allRounds(results.samples),
    '“Load” is the load average of the minute before: well above 0, other work was going on.',
    ...doubts(results.samples),
  ]
    .join('\n\n')
    .concat('\n')
}

function tooSmall(rows: number): string[] {
  if (rows >= 200_000) return []
  return [
    '**Too small to mean anything**: below 200,000 rows the peer has a single part, so only one of its sessions works.',
  ]
}

function machineLine({ processor, cores, memory, system, postgres, node, settings }: Machine): string {
  const list = Object.entries(settings).map(([name, value]) => `${name} ${value}`)
  return `Machine: ${cores} cores (${processor}), ${gigabytes(memory)} memory, ${system}, PostgreSQL ${postgres}, Node ${node}. ${list.join(', ')}.`
}

function medians({ rows }: Results, summaries: readonly Summary[]): string {
  const head = [
    'kind',
    '',
    'peer s',
    'importing s',
    'whole s',
    'importing against the peer',
    'whole against the peer',
    'rows/s importing',
    'worker peak',
    'server peak',
  ]
  return table(
    head,
    summaries.map(({ kind, peer, importing, whole, importingRatio, wholeRatio, workerPeak, serverPeak }) => [
      kind.name,
      kind.what,
      kind.peer.comparable ? seconds(peer) : '–',
      seconds(importing),
      seconds(whole),
      ratio(importingRatio),
      ratio(wholeRatio),
      Math.round(rows / importing).toLocaleString('en-US'),
      megabytes(workerPeak),
      megabytes(serverPeak),
    ]),
  )
}

/** Kinds in which the peer's time says something. */
const comparable = new Set(kinds.filter(({ peer }) => peer.comparable).map(({ name }) => name))

function allRounds(samples: readonly Sample[]): string {
  const head = [
    'kind',
    'round',
    'first',
    'peer s',
    'whole s',
    'fetching',
    'validating',
    'importing',
    'processing',
    'worker peak',
    'load',
    'records',
  ]
  return table(
    head,
    samples.map(({ kind, round, first, peer, product, load, faults }) => [
      faults.length === 0 ? kind : `${kind} (does not count)`,
      String(round),
      first,
      comparable.has(kind) ? seconds(peer) : '–',
      seconds(product.whole),
      seconds(product.seconds.fetching),
      seconds(product.seconds.validating),
      seconds(product.seconds.importing),
      seconds(product.seconds.processing),
      megabytes(product.workerPeak),
      load.toFixed(1),
      outcome(product.counters),
    ]),
  )
}

function outcome({ finished, skipped, failed }: Sample['product']['counters']): string {
  const counts = { ...finished, ...skipped, failed: failed.total, total: 0 }
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${name} ${count.toLocaleString('en-US')}`)
    .join(', ')
}

function doubts(samples: readonly Sample[]): string[] {
  const lines = samples.flatMap(({ kind, round, faults }) =>
    faults.map((fault) => `- ${kind}, round ${round}: ${fault.replaceAll(/\s+/g, ' ').slice(0, 500)}`),
  )
  if (lines.length > 0) return ['## Rounds that do not count', lines.join('\n')]
  return [
    "Every round passed `sluice verify`, and its profiles equal the peer's (hash of a sorted dump, phone left out).",
  ]
}

function aimLine({ name, found, met }: Aim): string {
  return `- ${met === null ? '·' : met ? '✓ met' : '✗ missed'}: ${name}: ${found}`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

function seconds(value: number): string {
  return value.toFixed(2)
}

function ratio(value: number | null): string {
  return value === null ? '–' : value.toFixed(2)
}

function megabytes(bytes: number | null): string {
  return bytes === null ? '–' : `${Math.round(bytes / 1e6)} MB`
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(0)} GB`
}
