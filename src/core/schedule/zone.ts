// Clocks of a zone: which offset holds when, and the instant a reading of the wall clock stands for.
import { Temporal } from 'temporal-polyfill'

const hour = 3_600_000
/** Offsets differ from each other by less than this; so does a reading from the reading as if it were UTC. */
const reach = 26 * hour

/** A stretch of time with one offset; all in milliseconds, `end` excluded. */
export interface Stretch {
  readonly start: number
  readonly end: number
  /** How far the wall clock is ahead of UTC. */
  readonly offset: number
}

export interface Reading {
  readonly at: number
  /** gap: it does not exist, and moved ahead by the gap; twice: it occurs again later. */
  readonly kind: 'plain' | 'gap' | 'twice'
}

/** The changes of a zone's clocks, looked up once and remembered: each costs about a millisecond. */
export class ZoneClock {
  readonly zone: string
  /** In order, without holes between them. */
  readonly #known: Stretch[] = []

  constructor(zone: string) {
    this.zone = zone
  }

  /** The stretch an instant lies in. */
  at(instant: number): Stretch {
    const known = this.#known
    if (known.length === 0 || instant < known[0]!.start) {
      known.length = 0
      known.push(this.#look(instant))
    }
    while (instant >= known.at(-1)!.end) known.push(this.#look(known.at(-1)!.end))
    let [low, high] = [0, known.length - 1]
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (known[middle]!.start <= instant) low = middle
      else high = middle - 1
    }
    return known[low]!
  }

  /** The wall clock at an instant, in milliseconds as if it were UTC. */
  wall(instant: number): number {
    return instant + this.at(instant).offset
  }

  /**
   * The instant of a reading of the wall clock, given as if it were UTC. One that does not exist is read with the offset
   * before the gap, of two the first counts (RFC 5545, section 3.3.5).
   */
  instant(wall: number): Reading {
    let stretch = this.at(wall - reach)
    let found: number | undefined
    for (;;) {
      const at = wall - stretch.offset
      if (at >= stretch.start && at < stretch.end) {
        if (found !== undefined) return { at: found, kind: 'twice' }
        if (stretch.end - at > 2 * reach) return { at, kind: 'plain' }
        found = at
      }
      if (stretch.end > wall + reach) break
      const next = this.at(stretch.end)
      if (found === undefined && at >= stretch.end && wall - next.offset < next.start)
        return { at, kind: 'gap' }
      stretch = next
    }
    // Every reading is one of the three; a zone that says otherwise is read as it was before.
    return { at: found ?? wall - stretch.offset, kind: 'plain' }
  }

  #look(instant: number): Stretch {
    const here = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(this.zone)
    const before = here.add({ milliseconds: 1 }).getTimeZoneTransition('previous')
    const after = here.getTimeZoneTransition('next')
    return {
      start: before?.epochMilliseconds ?? Number.NEGATIVE_INFINITY,
      end: after?.epochMilliseconds ?? Number.POSITIVE_INFINITY,
      offset: here.offsetNanoseconds / 1e6,
    }
  }
}

const clocks = new Map<string, ZoneClock>()

/** The clock of an IANA zone, shared. Throws a RangeError for one there is not. */
export function zoneClock(zone: string): ZoneClock {
  let clock = clocks.get(zone)
  if (clock === undefined) {
    clock = new ZoneClock(zone)
    // Asked now, so that an unknown zone is refused here.
    clock.at(0)
    clocks.set(zone, clock)
  }
  return clock
}
