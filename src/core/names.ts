// How things are called in front of people: short, stable, typeable.

/** A run's id in its namespace: r1042. */
export function runName(id: number): string {
  return `r${id}`
}

/** The number behind r1042 (or 1042); undefined where it is neither. */
export function runNumber(name: string): number | undefined {
  const match = /^r?(\d{1,15})$/.exec(name)
  return match === null ? undefined : Number(match[1])
}

/** A record's id: r1042/17. */
export function recordName(run: number, ordinal: number): string {
  return `${runName(run)}/${ordinal}`
}
