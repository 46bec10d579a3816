// The last five runs of a job as icons, oldest first; each leads to its run and says what it was (BC-14).
import { Group, Tooltip } from '@mantine/core'
import {
  IconAlertTriangleFilled,
  IconCircleCheckFilled,
  IconCircleDot,
  IconCircleMinus,
  IconCircleXFilled,
  IconClock,
  type Icon,
} from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { JobView } from '../../client/index.ts'
import type { Tone } from '../../core/machine.ts'
import { exactTime } from './when.tsx'

const icons: Readonly<Record<Tone, Icon>> = {
  good: IconCircleCheckFilled,
  warn: IconAlertTriangleFilled,
  bad: IconCircleXFilled,
  stopped: IconCircleMinus,
  waiting: IconClock,
  active: IconCircleDot,
}

const colours: Readonly<Record<Tone, string>> = {
  good: 'green',
  warn: 'orange',
  bad: 'red',
  stopped: 'gray',
  waiting: 'gray',
  active: 'blue',
}

/** The sign of a tone; a word has to stand beside it, or in its label. */
export function ToneIcon({ tone, size = 20 }: { readonly tone: Tone; readonly size?: number }) {
  const Sign = icons[tone]
  return (
    <Sign
      size={size}
      aria-hidden
      style={{
        color: `light-dark(var(--mantine-color-${colours[tone]}-7), var(--mantine-color-${colours[tone]}-5))`,
        flexShrink: 0,
        display: 'block',
      }}
    />
  )
}

interface RunSignsProps {
  readonly namespace: string
  readonly runs: JobView['lastRuns']
}

export function RunSigns({ namespace, runs }: RunSignsProps) {
  if (runs.length === 0) return <span>–</span>
  return (
    <Group gap={3} wrap="nowrap" component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
      {runs.toReversed().map(({ run, tone, label, reason, at }) => {
        const text = `${run}, ${exactTime(at)}: ${label}${reason === null ? '' : `. ${reason}`}`
        return (
          <li key={run}>
            <Tooltip label={text} multiline maw={340}>
              <Link
                to="/n/$namespace/runs/$run"
                params={{ namespace, run }}
                aria-label={text}
                style={{ display: 'block', padding: 2, borderRadius: 6 }}
              >
                <ToneIcon tone={tone} />
              </Link>
            </Tooltip>
          </li>
        )
      })}
    </Group>
  )
}
