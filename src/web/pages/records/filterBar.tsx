// The bar above the ledger: who, which job, which state; everything else behind a button; what is set as chips.
import { Badge, Button, Chip, CloseButton, Group, Paper, Pill, Popover, Stack } from '@mantine/core'
import { IconFilter, IconSearch } from '@tabler/icons-react'
import { recordMachine, type RecordState } from '../../../core/record.ts'
import { one } from '../../lib/address.ts'
import { MatchInput } from '../../parts/matchInput.tsx'
import {
  chipText,
  filterLabels,
  filterNames,
  filtersSet,
  moreNames,
  statesIn,
  type FilterProps,
} from './filters.ts'
import { JobsInput } from './jobsInput.tsx'
import { MoreFilters } from './moreFilters.tsx'

export function FilterBar({ asked, ask }: FilterProps) {
  const exact = one(asked, 'identifier')
  const more = filtersSet(asked, moreNames)
  return (
    <Paper withBorder p="sm" component="search" aria-label="Filters">
      <Stack gap="sm">
        <Group gap="sm" align="flex-start">
          <div style={{ flex: '1 1 300px' }}>
            <MatchInput
              label="Identifier"
              hideLabel
              icon={<IconSearch size={16} aria-hidden />}
              placeholder="Customer id, e-mail address, …"
              match={exact === undefined ? 'contains' : 'is'}
              value={exact ?? one(asked, 'contains') ?? ''}
              check={(match, value) =>
                match === 'contains' && value.length < 3 && one(asked, 'run') === undefined
                  ? 'Three characters or more, or choose a run.'
                  : null
              }
              onAsk={(match, value) =>
                ask({
                  identifier: match === 'is' ? value : null,
                  contains: match === 'contains' ? value : null,
                })
              }
            />
          </div>
          <div style={{ flex: '1 1 220px' }}>
            <JobsInput asked={asked} ask={ask} />
          </div>
          <Popover position="bottom-end" shadow="md" width={420} trapFocus withinPortal>
            <Popover.Target>
              <Button
                variant="default"
                leftSection={<IconFilter size={16} aria-hidden />}
                rightSection={more > 0 ? <Badge circle>{more}</Badge> : undefined}
              >
                More filters
              </Button>
            </Popover.Target>
            <Popover.Dropdown p="md">
              <MoreFilters asked={asked} ask={ask} />
            </Popover.Dropdown>
          </Popover>
        </Group>
        <States asked={asked} ask={ask} />
        <ActiveFilters asked={asked} ask={ask} />
      </Stack>
    </Paper>
  )
}

function States({ asked, ask }: FilterProps) {
  return (
    <Chip.Group multiple value={statesIn(asked)} onChange={(state) => ask({ state })}>
      <Group gap={6} role="group" aria-label="States">
        {(Object.keys(recordMachine.states) as RecordState[]).map((state) => (
          <Chip key={state} value={state} size="sm" variant="outline">
            {recordMachine.states[state].label}
          </Chip>
        ))}
      </Group>
    </Chip.Group>
  )
}

/** What is set besides the states, which show it themselves. */
function ActiveFilters({ asked, ask }: FilterProps) {
  const chips = filterNames
    .filter((name) => name !== 'state')
    .flatMap((name) => (asked[name] ?? []).map((value) => ({ name, value })))
  if (chips.length === 0) return null
  return (
    <Group gap={6}>
      {chips.map(({ name, value }) => (
        <Pill.Group key={`${name} ${value}`}>
          <Pill size="md" maw={340} component="span" styles={{ root: { paddingInlineEnd: 2 } }}>
            <Group gap={2} wrap="nowrap" component="span">
              <span style={{ overflow: 'hidden', textOverflow: 'ellipsis' }}>
                {filterLabels[name]}: <b>{chipText(name, value)}</b>
              </span>
              <CloseButton
                size={18}
                aria-label={`Remove the filter ${filterLabels[name]}: ${value}`}
                onClick={() => ask({ [name]: (asked[name] ?? []).filter((other) => other !== value) })}
              />
            </Group>
          </Pill>
        </Pill.Group>
      ))}
      <Button
        variant="subtle"
        size="compact-sm"
        onClick={() => ask(Object.fromEntries(filterNames.map((name) => [name, null])))}
      >
        Clear all
      </Button>
    </Group>
  )
}
