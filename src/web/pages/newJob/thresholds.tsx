// Numbers of the job that somebody wants to be told of when they are not as usual (LY-D09).
import { ActionIcon, Button, Fieldset, Group, NativeSelect, SimpleGrid, Text } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import type { CountedNumber } from '../../../core/numbers.ts'
import { thresholdsMax, type Threshold } from '../../../core/setup/policies.ts'
import { thresholdWords } from '../../../core/thresholdText.ts'
import { Fold } from './choice.tsx'
import type { Faults } from './faults.ts'
import { Count, isFaulty } from './limits.tsx'
import type { OfDraft } from './stepProps.ts'

const usual: Threshold = { counter: 'added', per: 'day', min: 1, max: null, tolerated: 0 }

export function ThresholdsFold({ draft: { setup, edit }, faults }: OfDraft) {
  const { thresholds } = setup
  const put = (next: readonly Threshold[]): void => edit({ setup: { thresholds: [...next] } })
  const said =
    thresholds.length > 1 ? `${thresholds.length} numbers` : thresholds.map(thresholdWords).join('')
  return (
    <Fold
      value="thresholds"
      title="Numbers to watch"
      said={thresholds.length === 0 ? 'none' : said}
      faulty={isFaulty(faults, 'thresholds')}
    >
      <Text size="sm" c="dimmed">
        Looked at every hour, for each hour, day or week that is over. Who is told of this job is told once
        when a number is outside its limits, and once when it is within them again.
      </Text>
      {thresholds.map((threshold, at) => (
        <OneThreshold
          key={at}
          at={at}
          threshold={threshold}
          faults={faults}
          change={(more) => put(thresholds.map((one, i) => (i === at ? { ...one, ...more } : one)))}
          remove={() => put(thresholds.filter((_, i) => i !== at))}
        />
      ))}
      <Group>
        <Button
          size="xs"
          variant="default"
          disabled={thresholds.length >= thresholdsMax}
          onClick={() => put([...thresholds, usual])}
        >
          Add a number
        </Button>
      </Group>
    </Fold>
  )
}

const counters: readonly { readonly value: CountedNumber; readonly label: string }[] = [
  { value: 'added', label: 'People added' },
  { value: 'updated', label: 'People updated' },
  { value: 'unchanged', label: 'People unchanged' },
  { value: 'removed', label: 'People removed' },
  { value: 'omitted', label: 'Records omitted' },
  { value: 'failed', label: 'Records that failed' },
]

interface OneProps {
  /** Its place in the list, from 0. */
  readonly at: number
  readonly threshold: Threshold
  readonly faults: Faults
  readonly change: (more: Partial<Threshold>) => void
  readonly remove: () => void
}

function OneThreshold({ at, threshold, faults, change, remove }: OneProps) {
  const { counter, per, min, max, tolerated } = threshold
  const fault = (name: keyof Threshold): string | undefined => faults[`thresholds.${at}.${name}`]
  return (
    <Fieldset legend={`Number ${at + 1}`}>
      <Group align="flex-start" wrap="nowrap">
        <SimpleGrid cols={{ base: 1, xs: 2, md: 5 }} style={{ flex: 1 }}>
          <NativeSelect
            label="What is counted"
            data={[...counters]}
            value={counter}
            onChange={({ currentTarget }) => change({ counter: currentTarget.value as CountedNumber })}
          />
          <NativeSelect
            label="In each"
            data={['hour', 'day', 'week']}
            value={per}
            onChange={({ currentTarget }) => change({ per: currentTarget.value as Threshold['per'] })}
          />
          <Count
            label="At least"
            off="no limit"
            value={min}
            fault={fault('min')}
            onChange={(next) => change({ min: next })}
          />
          <Count
            label="At most"
            off="no limit"
            value={max}
            fault={fault('max')}
            onChange={(next) => change({ max: next })}
          />
          <Count
            label="Tolerated in a row"
            value={tolerated}
            fault={fault('tolerated')}
            onChange={(next) => change({ tolerated: next ?? 0 })}
          />
        </SimpleGrid>
        <ActionIcon variant="subtle" color="gray" aria-label={`Remove number ${at + 1}`} onClick={remove}>
          <IconX size={16} />
        </ActionIcon>
      </Group>
    </Fieldset>
  )
}
