// A line or two that are drawn again and again while something goes on; nothing where there is no terminal.
import { color } from './terminal.ts'
import { cut } from './width.ts'
import { duration, number, percent } from './format.ts'

export interface Live {
  /** Shows these lines in the place of the ones before. */
  show(lines: readonly string[]): void
  /** Takes the lines away again. */
  clear(): void
}

const silent: Live = { show: () => {}, clear: () => {} }

/** Draws on the error stream, so that results can be piped. */
export function live(quiet: boolean): Live {
  const { stderr } = process
  if (quiet || !stderr.isTTY) return silent
  let drawn = 0
  const up = (): string => (drawn > 0 ? `\u001b[${drawn}A\r\u001b[J` : '')
  return {
    show(lines) {
      const width = (stderr.columns ?? 80) - 1
      stderr.write(`${up()}${lines.map((line) => `${cut(line, width)}\n`).join('')}`)
      drawn = lines.length
    },
    clear() {
      stderr.write(up())
      drawn = 0
    },
  }
}

/** Shows for how long something has been going on that does not tell how far it is. */
export async function ticking<T>(screen: Live, label: string, work: () => Promise<T>): Promise<T> {
  const began = performance.now()
  const timer = setInterval(
    () => screen.show([`${label}  ${color.dim(duration(Math.round((performance.now() - began) / 1000)))}`]),
    250,
  )
  try {
    return await work()
  } finally {
    clearInterval(timer)
    screen.clear()
  }
}

/** ████████░░░░ of a share from 0 to 1. */
export function bar(share: number, width = 24): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * width * 8)
  const full = Math.floor(eighths / 8)
  const part = ' ▏▎▍▌▋▊▉'[eighths % 8] ?? ''
  const drawn = '█'.repeat(full) + (full < width && eighths % 8 > 0 ? part : '')
  return color.cyan(drawn) + color.dim('░'.repeat(Math.max(0, width - full - (eighths % 8 > 0 ? 1 : 0))))
}

// Beside the bar stand the stage, numbers, rate and time left.
const besideBar = 66

function barWidth(): number {
  return Math.min(24, Math.max(8, (process.stderr.columns ?? 80) - besideBar))
}

/**
 * "Importing  ████░░  41 %  410,000 of 1,000,000  52,000/s  12 s left". `secondsLeft`: of the whole, where somebody knows
 * better than the rate; null: nobody can.
 */
export function progressLine(
  label: string,
  done: number,
  total: number | null,
  rate: number,
  unit: (n: number) => string = number,
  secondsLeft?: number | null,
): string {
  const speed = rate > 0 ? `  ${color.dim(`${unit(Math.round(rate))}/s`)}` : ''
  if (total === null || total === 0) return `${label}  ${unit(done)}${speed}`
  const byRate = rate > 0 && done < total ? (total - done) / rate : null
  const seconds = secondsLeft === undefined ? byRate : secondsLeft
  const left = seconds === null ? '' : `  ${duration(Math.ceil(seconds))} left`
  return `${label}  ${bar(done / total, barWidth())}  ${percent(done / total)}  ${unit(done)} of ${unit(total)}${speed}${left}`
}

/** How fast a number grows, over the last few seconds. */
export function speedometer(): (done: number) => number {
  const points: { at: number; done: number }[] = []
  return (done) => {
    const at = performance.now()
    if (points.length > 0 && done < points.at(-1)!.done) points.length = 0
    points.push({ at, done })
    while (points.length > 2 && at - points[0]!.at > 5_000) points.shift()
    const first = points[0]!
    return at - first.at < 200 ? 0 : ((done - first.done) / (at - first.at)) * 1000
  }
}
