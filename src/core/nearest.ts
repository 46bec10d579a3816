// "Did you mean": the name nearest to one that is not there.

function plain(name: string): string {
  return name
    .toLowerCase()
    .normalize('NFD')
    .replace(/[^\p{L}\p{N}]/gu, '')
}

/** Letters added, lost, replaced, or swapped with their neighbour between two short texts (Damerau, Levenshtein). */
function distance(a: string, b: string): number {
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swaps = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swapped = swaps ? before[j - 2]! + 1 : replaced
      next.push(Math.min(replaced, swapped, row[j]! + 1, next[j - 1]! + 1))
    }
    before = row
    row = next
  }
  return row[b.length]!
}

/** The candidate that differs only in case and signs, or in a letter or two; undefined: none is near. */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  const wanted = plain(name)
  const limit = wanted.length > 5 ? 2 : 1
  let best: string | undefined
  let bestDistance = limit + 1
  for (const candidate of candidates) {
    const near = plain(candidate)
    const d =
      near === wanted
        ? 0
        : Math.abs(near.length - wanted.length) > limit
          ? bestDistance
          : distance(wanted, near)
    if (d < bestDistance) [best, bestDistance] = [candidate, d]
  }
  return best
}
