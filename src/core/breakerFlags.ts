// The flags that say when a run of a job is held: `--breaker rejects=2% --breaker deletes=none`. Pure, like the other flags of a job.
import { breakerSchema, type BreakerLimits } from './job.ts'
import { failure } from './problems.ts'

export const usualLimits: BreakerLimits = breakerSchema.parse({})

function refuse(detail: string): Error {
  return failure('usage.unknown', { detail, command: 'sluice job edit' })
}

/**
 * The limits after the flags, in the order they were typed; null: no run is ever held. Limits that were all off begin as
 * usual when one of them is named. Throws `usage.unknown` with what can be typed.
 */
export function breakerFromFlags(
  flags: readonly string[],
  before: BreakerLimits | null,
): BreakerLimits | null {
  let limits = before
  for (const flag of flags) {
    if (flag === 'none') limits = null
    else if (flag === 'default') limits = usualLimits
    else limits = { ...(limits ?? usualLimits), ...changeOf(flag) }
  }
  return limits
}

function changeOf(flag: string): Partial<BreakerLimits> {
  const cut = flag.indexOf('=')
  const [name, value] = [flag.slice(0, cut), flag.slice(cut + 1).trim()]
  switch (cut === -1 ? '' : name.trim()) {
    case 'rejects':
      if (value === 'none') return { rejectsPercent: null }
      return value.endsWith('%')
        ? { rejectsPercent: percentIn(value, 100) }
        : { rejectsMin: countIn(value, flag) }
    case 'deletes':
      if (value === 'none') return { deletesMax: null, deletesPercent: null }
      return value.endsWith('%')
        ? { deletesPercent: percentIn(value, 100) }
        : { deletesMax: countIn(value, flag) }
    case 'rows':
      return rowsIn(value)
    case 'empty':
      return { empty: isOn(value, flag) }
    case 'columns':
      return { columns: isOn(value, flag) }
    default:
      throw refuse(
        `--breaker takes rejects, deletes, rows, empty or columns with a limit, such as rejects=2%; or none, or default. Not ${flag}.`,
      )
  }
}

function percentIn(text: string, most: number): number {
  const [, digits] = /^(\d{1,6}(?:\.\d{1,3})?)%$/.exec(text) ?? []
  const percent = Number(digits ?? Number.NaN)
  if (percent <= most) return percent
  throw refuse(`--breaker takes a percentage up to ${most}%; not ${text}.`)
}

function countIn(text: string, flag: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw refuse(`--breaker takes a number, a percentage or none behind the =; not ${flag}.`)
}

/** `50%..200%` of the usual number of records; none on either side, or for both: no limit there. */
function rowsIn(text: string): Partial<BreakerLimits> {
  if (text === 'none') return { rowsMinPercent: null, rowsMaxPercent: null }
  const [low, high, more] = text.split('..')
  if (low === undefined || high === undefined || more !== undefined)
    throw refuse(
      `--breaker rows takes two percentages of the usual number, such as rows=50%..200%; not ${text}.`,
    )
  const rowsMaxPercent = high === 'none' ? null : percentIn(high, 1_000_000)
  if (rowsMaxPercent !== null && rowsMaxPercent < 100)
    throw refuse(
      `--breaker rows=${text} would hold the usual number of records; the second one is 100% or more.`,
    )
  return { rowsMinPercent: low === 'none' ? null : percentIn(low, 100), rowsMaxPercent }
}

function isOn(text: string, flag: string): boolean {
  if (text === 'on' || text === 'off') return text === 'on'
  throw refuse(`--breaker takes on or off there; not ${flag}.`)
}

/** When a run is held, in words: `rejects over 2 % and 100; deletes over 250 or 5 %; …`. Null: never. */
export function breakerText(limits: BreakerLimits | null): string | null {
  if (limits === null) return null
  const { rejectsPercent, rejectsMin, deletesMax, deletesPercent, rowsMinPercent, rowsMaxPercent } = limits
  const deletes = [deletesMax, deletesPercent === null ? null : `${deletesPercent} %`].filter(
    (limit) => limit !== null,
  )
  const rows = [
    ...(rowsMinPercent === null ? [] : [`under ${rowsMinPercent} %`]),
    ...(rowsMaxPercent === null ? [] : [`over ${rowsMaxPercent} %`]),
  ]
  const parts = [
    ...(rejectsPercent === null
      ? []
      : [`rejects over ${rejectsPercent} %${rejectsMin === 0 ? '' : ` and ${rejectsMin}`}`]),
    ...(deletes.length === 0 ? [] : [`deletes over ${deletes.join(' or ')}`]),
    ...(rows.length === 0 ? [] : [`records ${rows.join(' or ')} of the usual`]),
    ...(limits.empty ? ['an empty file'] : []),
    ...(limits.columns ? ['other columns'] : []),
  ]
  return parts.length === 0 ? null : parts.join('; ')
}
