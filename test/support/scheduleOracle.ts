// When schedules are due, found by brute force: every step of time is looked at on the clock that Intl shows. Knows nothing of the product.

const hour = 3_600_000
const quarter = 900_000

/** A reading of the wall clock. */
export interface Reading {
  readonly year: number
  readonly month: number
  readonly day: number
  /** 0 is Sunday. */
  readonly weekday: number
  /** Days of the month. */
  readonly days: number
}

export interface OracleRule {
  /** Whether a day is one of the rule's. */
  readonly day: (reading: Reading) => boolean
  /** Minutes of the day. */
  readonly minutes: readonly number[]
  /** Cron with * in minutes or hours: the clock alone decides. */
  readonly realTime?: boolean
}

interface Change {
  readonly at: number
  /** Offsets in milliseconds. */
  readonly before: number
  readonly after: number
}

/** The offset of a zone at an instant, as Intl prints it. */
function offsetReader(zone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
  return (at) => {
    const match = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(format.format(at))!
    const [, sign, hours = 0, minutes = 0, seconds = 0] = match
    return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000
  }
}

/** All changes of a zone's clock, by looking every few hours and halving. */
export function changesOf(zone: string, from: number, to: number): { first: number; changes: Change[] } {
  const offset = offsetReader(zone)
  const changes: Change[] = []
  const first = offset(from)
  let before = first
  for (let at = from; at < to; at += 8 * hour) {
    const after = offset(at + 8 * hour)
    if (after === before) continue
    let [low, high] = [at, at + 8 * hour]
    while (high - low > 60_000) {
      const middle = low + Math.floor((high - low) / 120_000) * 60_000
      if (offset(middle) === before) low = middle
      else high = middle
    }
    changes.push({ at: high, before, after })
    before = after
  }
  return { first, changes }
}

/** The instants at which each rule is due, ascending. `step`: 15 minutes, or one where rules or clocks are finer. */
export function dueByOracle(
  zone: string,
  rules: readonly OracleRule[],
  [from, to]: readonly [number, number],
  step = quarter,
): number[][] {
  const { first, changes } = changesOf(zone, from, to)
  const due = rules.map((): number[] => [])
  const minutes = rules.map(({ minutes: all }) => {
    const table = new Uint8Array(1440)
    for (const minute of all) table[minute] = 1
    return table
  })
  // A clock that was put back shows what it has shown before, until it is past the highest reading so far.
  let highest = Number.NEGATIVE_INFINITY
  const fits = rules.map(() => false)
  let offset = first
  let next = 0
  let today = Number.NaN
  const look = (wall: number, visit: (rule: number) => void): void => {
    const day = Math.floor(wall / 86_400_000)
    const minute = Math.floor((wall - day * 86_400_000) / 60_000)
    if (day !== today) {
      today = day
      const reading = readingOf(wall)
      rules.forEach((rule, i) => (fits[i] = rule.day(reading)))
    }
    for (let i = 0; i < rules.length; i++) if (fits[i] === true && minutes[i]![minute] === 1) visit(i)
  }
  for (let at = from; at < to; at += step) {
    const change = changes[next]
    if (change !== undefined && at >= change.at) {
      offset = change.after
      next++
      // What the clock jumps over is due as if it had not been changed.
      for (let wall = change.at + change.before; wall < change.at + change.after; wall += step)
        look(wall, (i) => {
          if (rules[i]!.realTime !== true) due[i]!.push(wall - change.before)
        })
    }
    const wall = at + offset
    look(wall, (i) => {
      if (rules[i]!.realTime === true || wall > highest) due[i]!.push(at)
    })
    highest = Math.max(highest, wall)
  }
  return due.map((all) => [...new Set(all)].filter((at) => at >= from && at < to).toSorted((a, b) => a - b))
}

function readingOf(wall: number): Reading {
  const date = new Date(wall)
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + 1]
  return {
    year,
    month,
    day: date.getUTCDate(),
    weekday: date.getUTCDay(),
    days: new Date(Date.UTC(year, month, 0)).getUTCDate(),
  }
}
