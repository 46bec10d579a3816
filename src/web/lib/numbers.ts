// Numbers, sizes and durations as people read them, in the viewer's own way of writing.
const whole = new Intl.NumberFormat()
const short = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 })

/** 12,345,678 */
export function count(value: number): string {
  return whole.format(value)
}

/** 12.3M: where there is no room; the exact number belongs into the title. */
export function shortCount(value: number): string {
  return short.format(value)
}

/** `noun(3, 'record')` is `3 records`. */
export function noun(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`
}

/** 4.2 MB, decimal. */
export function bytes(value: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB']
  const step = Math.min(units.length - 1, value < 1_000 ? 0 : Math.floor(Math.log10(value) / 3))
  const scaled = value / 1_000 ** step
  const digits = step === 0 || scaled >= 100 ? 0 : 1
  return `${new Intl.NumberFormat(undefined, { maximumFractionDigits: digits }).format(scaled)} ${units[step]}`
}

/** 850 ms, 12 s, 3 min 20 s, 2 h 5 min; from seconds. */
export function duration(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1_000)} ms`
  if (seconds < 60) return `${Math.round(seconds)} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return joined(minutes, 'min', Math.round(seconds % 60), 's')
  if (minutes < 2_880) return joined(Math.floor(minutes / 60), 'h', minutes % 60, 'min')
  return joined(Math.floor(minutes / 1_440), 'd', Math.floor((minutes % 1_440) / 60), 'h')
}

function joined(big: number, bigUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`
}

/** 12.3 %; from a share of 0 to 1. Never rounds a few down to none, or nearly all up to all. */
export function percent(share: number): string {
  if (share > 0 && share < 0.001) return '< 0.1 %'
  if (share < 1 && share > 0.999) return '> 99.9 %'
  return `${new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 }).format(share * 100)} %`
}
