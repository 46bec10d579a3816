// The quota of the month: used of what there is, and what the month will have taken (BC-24, BC-27).
import { Group, Progress, Stack, Text } from '@mantine/core'
import type { HomeView } from '../../../client/index.ts'
import { count, percent } from '../../lib/numbers.ts'
import { useMay, useNamespace } from '../../lib/place.ts'
import { Go } from '../../parts/go.tsx'
import { Section } from './section.tsx'

interface QuotaProps {
  readonly quota: NonNullable<HomeView['quota']>
}

/** The share from which somebody should think of it. */
const near = 0.9

const dateFormat = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long', timeZone: 'UTC' })

export function Quota({ quota: { used, quota, until, forecast } }: QuotaProps) {
  const namespace = useNamespace()
  const maySet = useMay('settings')
  const share = used / quota
  const over = forecast !== null && forecast > quota
  const colour = share >= 1 ? 'red' : over || share >= near ? 'orange' : undefined
  const more = maySet && (
    <Go to={`/n/${namespace}/settings`} size="sm">
      Settings
    </Go>
  )
  return (
    <Section title="Quota of this month" more={more}>
      <Stack gap={8}>
        <Group justify="space-between" align="baseline" gap="sm">
          <Text className="numbers" fz={20} fw={650}>
            {count(used)}{' '}
            <Text span c="dimmed" fw={400} fz="md">
              of {count(quota)} records
            </Text>
          </Text>
          <Text className="numbers" fw={600}>
            {percent(share)}
          </Text>
        </Group>
        <Progress
          value={Math.min(100, share * 100)}
          color={colour}
          aria-label="Used of the quota"
          size="lg"
        />
        <Text size="sm" c="dimmed">
          {sentence(share, forecast, quota)} It counts anew on{' '}
          {dateFormat.format(new Date(`${until}T00:00:00Z`))}.
        </Text>
      </Stack>
    </Section>
  )
}

function sentence(share: number, forecast: number | null, quota: number): string {
  if (share >= 1) return 'It is used up: imports stop until then, or until the quota is raised.'
  if (forecast === null) return 'It is too early to tell what the month will need.'
  const told = `about ${count(roundly(forecast))} records`
  return forecast > quota
    ? `If it goes on like this, the month needs ${told}: more than there is.`
    : `If it goes on like this, the month needs ${told}.`
}

/** Two digits say all that a forecast knows. */
function roundly(value: number): number {
  if (value < 100) return value
  const step = 10 ** (Math.floor(Math.log10(value)) - 1)
  return Math.round(value / step) * step
}
