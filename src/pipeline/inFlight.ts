// Several batches at once, with the result of one after the other: a batch waits while it shares an identifier value or
// a matched profile with an earlier one that is not finished.

/** One batch on its way. */
export class Flight {
  /** Identifier values it mentions, per slot. */
  readonly values: readonly ReadonlySet<string>[]
  /** Profiles it matched; null until it has looked. */
  #profiles: readonly number[] | null = null
  readonly #looked = Promise.withResolvers<void>()
  readonly #landed = Promise.withResolvers<void>()
  #over = false
  #lost = false

  constructor(values: readonly ReadonlySet<string>[]) {
    this.values = values
  }

  /** Resolves once it is known which profiles it matched, or it is over. */
  get looked(): Promise<void> {
    return this.#looked.promise
  }

  /** Resolves when it is over, well or not. */
  get landed(): Promise<void> {
    return this.#landed.promise
  }

  get isOver(): boolean {
    return this.#over
  }

  get landedWell(): boolean {
    return this.#over && !this.#lost
  }

  /** `profiles`: ascending, each once. */
  matched(profiles: readonly number[]): void {
    this.#profiles = profiles
    this.#looked.resolve()
  }

  /** `well`: it was committed, by us or by others. */
  land(well: boolean): void {
    this.#over = true
    this.#lost = !well
    this.#looked.resolve()
    this.#landed.resolve()
  }

  /** Throws when this flight ended without its commit: whoever waited for it would overtake it. */
  mustHaveLanded(): void {
    if (this.#lost) throw new Overtaking()
  }

  sharesValue(other: Flight): boolean {
    return this.values.some((slot, i) => intersects(slot, other.values[i]!))
  }

  sharesProfile(profiles: readonly number[]): boolean {
    return this.#profiles !== null && meet(this.#profiles, profiles)
  }
}

function intersects(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  const [small, large] = a.size < b.size ? [a, b] : [b, a]
  for (const value of small) if (large.has(value)) return true
  return false
}

/** A batch gives up because an earlier one of the same people failed; both are done again, in order. */
export class Overtaking extends Error {}

/** Whether two ascending lists have a number in common. */
function meet(a: readonly number[], b: readonly number[]): boolean {
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) return true
    if (a[i]! < b[j]!) i++
    else j++
  }
  return false
}

/** Waits for earlier flights that mention one of the same values. */
export async function waitForValues(flight: Flight, earlier: readonly Flight[]): Promise<void> {
  for (const other of earlier) {
    if (other.landedWell || !flight.sharesValue(other)) continue
    await other.landed
    other.mustHaveLanded()
  }
}

/**
 * Looks with `look` until no earlier flight that matched one of the same profiles is under way; then says what it
 * matched. Flights speak in order, so of two that meet the later one waits.
 */
export async function lookInOrder<T>(
  flight: Flight,
  earlier: readonly Flight[],
  look: () => Promise<{ found: T; profiles: readonly number[] }>,
): Promise<T> {
  for (;;) {
    const { found, profiles } = await look()
    await Promise.all(earlier.map((other) => other.looked))
    const rival = earlier.find((other) => !other.isOver && other.sharesProfile(profiles))
    if (rival === undefined) {
      flight.matched(profiles)
      return found
    }
    await rival.landed
    rival.mustHaveLanded()
  }
}
