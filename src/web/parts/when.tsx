// Times: in the viewer's zone, with the exact time, UTC and the job's own zone at hand.
import { Text, Tooltip } from '@mantine/core'
import { useEffect, useState } from 'react'
import { systemClock } from '../../core/clock.ts'

const dayAndTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })
const withSeconds = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' })
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' })
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' })

interface WhenProps {
  /** ISO 8601; null shows a dash. */
  readonly at: string | null | undefined
  /** The job's zone, IANA; shown beside where it differs from the viewer's. Null: it has none. */
  readonly zone?: string | null | undefined
  /** There is no room beside it: the job's zone is told on hovering only. */
  readonly tight?: boolean
  /** `3 minutes ago` instead of day and time. */
  readonly ago?: boolean
  /** To the second: for what takes less than a minute. */
  readonly seconds?: boolean
}

/** One moment. Hovering or focusing it tells the exact time in the viewer's zone, in UTC and in the job's zone. */
export function When({ at, zone = null, tight = false, ago = false, seconds = false }: WhenProps) {
  const now = useNow(ago)
  if (at === null || at === undefined) return <>–</>
  const date = new Date(at)
  const other = zone !== null && zone !== viewersZone() ? inZone(date, zone) : null
  const text = ago ? agoText(date.getTime() - now) : (seconds ? withSeconds : dayAndTime).format(date)
  const label = [exact.format(date), `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`, other]
  return (
    <Tooltip label={label.filter((line) => line !== null).join(' · ')} multiline maw={360}>
      <time dateTime={at}>
        <span className="numbers">{text}</span>
        {other !== null && !ago && !tight && (
          <Text span size="sm" c="dimmed">
            {' '}
            ({other})
          </Text>
        )}
      </time>
    </Tooltip>
  )
}

/** Day and time in the viewer's zone, as text. */
export function exactTime(at: string): string {
  return dayAndTime.format(new Date(at))
}

/** The zone of the browser. */
export function viewersZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}

/** With its day where that is another than the viewer's. */
function inZone(date: Date, timeZone: string): string {
  const day = { year: 'numeric', month: '2-digit', day: '2-digit' } as const
  const sameDay =
    new Intl.DateTimeFormat('en', day).format(date) ===
    new Intl.DateTimeFormat('en', { ...day, timeZone }).format(date)
  const clock = new Intl.DateTimeFormat(undefined, {
    timeZone,
    timeStyle: 'short',
    ...(sameDay ? {} : { dateStyle: 'medium' }),
  })
  return `${clock.format(date)} ${timeZone.replaceAll('_', ' ')}`
}

const steps: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]

function agoText(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1_000)
  if (Math.abs(seconds) < 45) return seconds > 0 ? 'in a moment' : 'just now'
  const [unit, size] = steps.find(([, each]) => Math.abs(seconds) >= each) ?? ['minute', 60]
  return relative.format(Math.round(seconds / size), unit)
}

function useNow(ticking: boolean): number {
  const [now, setNow] = useState(() => systemClock.now())
  useEffect(() => {
    if (!ticking) return
    const timer = setInterval(() => setNow(systemClock.now()), 15_000)
    return () => clearInterval(timer)
  }, [ticking])
  return now
}
