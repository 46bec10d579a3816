// What a set of rounds comes to: medians, and the product's speed as a share of the peer's.
import { kinds, type Kind, type KindName } from './kinds.ts'
import type { Sample } from './measure.ts'

export interface Summary {
  readonly kind: Kind
  /** Rounds that count. */
  readonly rounds: number
  /** Medians, in seconds. */
  readonly importing: number
  readonly whole: number
  readonly peer: number
  /** 1: as fast as the peer, 2: twice as fast; null: the peer did other work. */
  readonly importingRatio: number | null
  readonly wholeRatio: number | null
  /** The largest of all rounds, in bytes. */
  readonly workerPeak: number | null
  readonly serverPeak: number | null
}

/** The middle value; of an even number the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2
}

/** One line a kind, in the order they are measured; only rounds that count. */
export function summarise(samples: readonly Sample[]): Summary[] {
  return kinds.flatMap((kind) => {
    const rounds = samples.filter((sample) => sample.kind === kind.name && sample.faults.length === 0)
    return rounds.length === 0 ? [] : [summaryOf(kind, rounds)]
  })
}

export function summaryFor(summaries: readonly Summary[], name: KindName): Summary | undefined {
  return summaries.find(({ kind }) => kind.name === name)
}

function summaryOf(kind: Kind, rounds: readonly Sample[]): Summary {
  const importing = median(rounds.map(({ product }) => product.seconds.importing))
  const whole = median(rounds.map(({ product }) => product.whole))
  const peer = median(rounds.map((sample) => sample.peer))
  return {
    kind,
    rounds: rounds.length,
    importing,
    whole,
    peer,
    importingRatio: kind.peer.comparable ? peer / importing : null,
    wholeRatio: kind.peer.comparable ? peer / whole : null,
    workerPeak: largest(rounds.map(({ product }) => product.workerPeak)),
    serverPeak: largest(rounds.map(({ product }) => product.serverPeak)),
  }
}

function largest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : Math.max(...known)
}
