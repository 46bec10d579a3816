// Finding records by a part of their id (r1042/17) without looking at them: ids are numbers, so those that fit are counted up.

/** Which records have a part of an id in theirs. */
export interface IdPart {
  readonly run: (run: number) => boolean
  /** The smallest place from `from` on that fits, in a run that fits; null: none. */
  readonly next: (run: number, from: number) => number | null
}

const digitsMax = 15
const anyPlace = (_run: number, from: number): number => from

/** Null: no id has such a part. `text`: `1042/17`, `r104`, `42/1`, `17`. */
export function idPart(text: string): IdPart | null {
  const [, r, left, slash, right = ''] =
    /^(r?)(\d{0,15})(\/?)(\d{0,15})$/.exec(text.trim().toLowerCase()) ?? []
  if (left === undefined || (left === '' && slash === ''))
    return r === 'r' ? { run: () => true, next: anyPlace } : null
  const name = (run: number): string => String(run)
  if (slash === '/') {
    const fits = r === 'r' ? (run: number) => name(run) === left : (run: number) => name(run).endsWith(left)
    return { run: fits, next: right === '' ? anyPlace : (_run, from) => nextStarting(from, right) }
  }
  if (r === 'r') return { run: (run) => name(run).startsWith(left), next: anyPlace }
  return {
    run: () => true,
    next: (run, from) => (name(run).includes(left) ? from : nextContaining(from, left)),
  }
}

/** The smallest number from `from` on that is written with these digits first. */
export function nextStarting(from: number, digits: string): number | null {
  if (digits.startsWith('0')) return null
  for (let low = Number(digits), width = 1; String(low).length <= digitsMax; low *= 10, width *= 10)
    if (from <= low + width - 1) return Math.max(from, low)
  return null
}

/** The smallest number from `from` on that has these digits somewhere. */
export function nextContaining(from: number, digits: string): number | null {
  const wanted = Number(digits)
  const span = 10 ** digits.length
  let best: number | null = null
  for (let place = 1; place * span <= 10 ** digitsMax; place *= 10) {
    const found = nextWith(from, wanted, place, span, digits.startsWith('0'))
    if (best === null || found < best) best = found
  }
  return best
}

/** The smallest number from `from` on whose digits at this place are the wanted ones. */
function nextWith(from: number, wanted: number, place: number, span: number, zeroFirst: boolean): number {
  const whole = place * span
  const head = Math.floor(from / whole)
  const here = Math.floor(from / place) % span
  const enough = !zeroFirst || head > 0
  if (here === wanted && enough) return from
  const next = here < wanted ? head : head + 1
  // No number is written with a zero first.
  return (zeroFirst ? Math.max(next, 1) : next) * whole + wanted * place
}
