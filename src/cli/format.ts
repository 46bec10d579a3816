// Numbers, sizes and times as people read them.

const grouped = new Intl.NumberFormat('en-US')

/** 1234567 → 1,234,567 */
export function number(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : grouped.format(value)
}

const units = ['bytes', 'kB', 'MB', 'GB', 'TB']

/** 1234567 → 1.2 MB */
export function size(bytes: number): string {
  let unit = 0
  let value = bytes
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`
}

/** 0.04 → 0.04 s; 75 → 1 min 15 s; 7300 → 2 h 1 min */
export function duration(seconds: number): string {
  if (seconds < 10) return `${Number(seconds.toFixed(seconds < 1 ? 2 : 1))} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
}

/** 0.1234 → 12 %; between nothing and 1 % one decimal, so that little is not nothing. */
export function percent(share: number): string {
  if (share > 0 && share < 0.01) return `${Math.max(0.1, share * 100).toFixed(1)} %`
  if (share > 0.99 && share < 1) return `${Math.min(99.9, share * 100).toFixed(1)} %`
  return `${Math.round(share * 100)} %`
}

/** 2026-11-20T19:39:08.123456+00:00 → 2026-11-20 19:39:08 */
export function time(iso: string | null): string {
  return iso === null ? '–' : iso.slice(0, 19).replace('T', ' ')
}

/** snake_case and dotted codes as words. */
export function words(name: string): string {
  return name.replaceAll('_', ' ')
}

/** 1 record, 2 records */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${number(count)} ${count === 1 ? one : many}`
}

/** What exactly left records out: `only active 12, in Austria 3`. */
export function noted(notes: Readonly<Record<string, number>> = {}): string {
  return Object.entries(notes)
    .map(([by, count]) => `${by} ${number(count)}`)
    .join(', ')
}
