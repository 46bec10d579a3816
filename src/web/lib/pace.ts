// How fast bytes flow, as a person wants to know it: over the last seconds, not since the beginning.

/** Milliseconds that are looked back. */
const lookBack = 8_000

export class Pace {
  #seen: { readonly at: number; readonly bytes: number }[] = []

  /** So many bytes altogether at this time, in milliseconds. */
  note(bytes: number, at: number): void {
    this.#seen.push({ bytes, at })
    const first = this.#seen.findIndex((one) => one.at >= at - lookBack)
    this.#seen = this.#seen.slice(first)
  }

  /** After a break, what was before says nothing. */
  restart(): void {
    this.#seen = []
  }

  /** Bytes a second; null: too early to say. */
  get rate(): number | null {
    const first = this.#seen[0]
    const last = this.#seen.at(-1)
    if (first === undefined || last === undefined || last.at - first.at < 1_000) return null
    return (1_000 * (last.bytes - first.bytes)) / (last.at - first.at)
  }
}
