// The aims of the benchmark, each judged by the medians.
import type { KindName } from './kinds.ts'
import { summaryFor, type Summary } from './summary.ts'

export interface Aim {
  readonly name: string
  readonly found: string
  /** null: this run cannot tell. */
  readonly met: boolean | null
}

const importingLeast = 1
const wholeLeast = 0.6
const scalingLeast = 0.9
const workerBytesMost = 300e6
const badCostMost = 0.1
const seenLeast = 5
const opposed: readonly KindName[] = ['new', 'unchanged', 'updated']

/** Sizes whose ratios are held against each other. */
export const smallRows = 1_000_000
export const largeRows = 10_000_000

/** `earlier`: the summaries of the last results at 1 M rows, for a run at 10 M. */
export function judge(rows: number, found: readonly Summary[], earlier: readonly Summary[] | null): Aim[] {
  return [
    ...opposed.map((kind) => againstPeer('(a) importing', kind, found, 'importingRatio', importingLeast)),
    ...opposed.map((kind) => againstPeer('(b) the whole command', kind, found, 'wholeRatio', wholeLeast)),
    ...opposed.map((kind) => scaling(rows, kind, found, earlier)),
    memory(found),
    badRows(found),
    seen('importing', found),
    seen('whole', found),
  ]
}

function againstPeer(
  what: string,
  kind: KindName,
  found: readonly Summary[],
  ratio: 'importingRatio' | 'wholeRatio',
  least: number,
): Aim {
  const value = summaryFor(found, kind)?.[ratio] ?? null
  const name = `${what}, ${kind}: at least ${least.toFixed(1)} of the peer's speed`
  return value === null ? unknown(name) : { name, found: value.toFixed(2), met: value >= least }
}

function scaling(
  rows: number,
  kind: KindName,
  found: readonly Summary[],
  earlier: readonly Summary[] | null,
): Aim {
  const name = `(c) ${kind}: the ratio of (a) at 10 M rows is at least ${scalingLeast} of that at 1 M`
  const large = rows === largeRows ? summaryFor(found, kind)?.importingRatio : undefined
  const small = earlier === null ? undefined : summaryFor(earlier, kind)?.importingRatio
  if (large === undefined || large === null || small === undefined || small === null) return unknown(name)
  return { name, found: (large / small).toFixed(2), met: large / small >= scalingLeast }
}

function memory(found: readonly Summary[]): Aim {
  const name = `(d) the worker stays under ${workerBytesMost / 1e6} MB`
  const peaks = found.map(({ workerPeak }) => workerPeak).filter((peak) => peak !== null)
  if (peaks.length === 0) return unknown(name)
  const most = Math.max(...peaks)
  return { name, found: `${Math.round(most / 1e6)} MB`, met: most < workerBytesMost }
}

/** Judged by the whole command, which also writes the error file. */
function badRows(found: readonly Summary[]): Aim {
  const name = `(e) 1 % bad rows cost at most ${badCostMost * 100} % of the whole command`
  const [clean, bad] = [summaryFor(found, 'new'), summaryFor(found, 'bad')]
  if (clean === undefined || bad === undefined) return unknown(name)
  const cost = bad.whole / clean.whole - 1
  const importing = bad.importing / clean.importing - 1
  return { name, found: `${percent(cost)} (importing alone ${percent(importing)})`, met: cost <= badCostMost }
}

/** A daily file with 1 % changed lines against the same file again, of which every line is looked at. */
function seen(what: 'importing' | 'whole', found: readonly Summary[]): Aim {
  const words = what === 'whole' ? 'the whole command' : what
  const name = `(f) ${words}, seen: at least ${seenLeast} times the speed of unchanged`
  const [unchanged, skipped] = [summaryFor(found, 'unchanged'), summaryFor(found, 'seen')]
  if (unchanged === undefined || skipped === undefined) return unknown(name)
  const times = unchanged[what] / skipped[what]
  return { name, found: times.toFixed(2), met: times >= seenLeast }
}

function percent(share: number): string {
  return `${share >= 0 ? '+' : '−'}${Math.abs(share * 100).toFixed(1)} %`
}

function unknown(name: string): Aim {
  return { name, found: 'not measured here', met: null }
}
