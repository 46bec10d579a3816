// Every column with its values and what it becomes; the rest of its settings unfolds below it.
import {
  ActionIcon,
  Badge,
  Button,
  Collapse,
  Group,
  Paper,
  Select,
  Stack,
  Text,
  TextInput,
  Title,
  Tooltip,
} from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { memo, useState } from 'react'
import type { ColumnMapping } from '../../../core/mapping.ts'
import { targetFlag } from '../../../core/mappingFlags.ts'
import { stepsText } from '../../../core/transform/stepText.ts'
import { count, percent } from '../../lib/numbers.ts'
import { targetChoices } from '../import/targets.ts'
import { ColumnDetails } from './columnDetails.tsx'
import classes from './columns.module.css'
import type { ColumnReport, MappingState, OfRows } from './mappingState.ts'

/** More are shown when somebody asks: a file may have thousands. */
const atOnce = 40

export function ColumnList({ state, rows, tools }: OfRows) {
  const [text, setText] = useState('')
  const [shown, setShown] = useState(atOnce)
  const { mapping } = state
  const wanted = text.toLowerCase()
  const found = mapping.columns.filter(
    (one) => one.compute === undefined && one.column.toLowerCase().includes(wanted),
  )
  const left = found.length - shown
  const used = mapping.columns.filter(({ target }) => target.to !== 'ignore').length
  return (
    <Stack gap="sm">
      <Group justify="space-between" align="flex-end">
        <Title order={3} size="h5">
          {count(used)} of {count(mapping.columns.length)} columns are used
        </Title>
        {mapping.columns.length > 12 && (
          <TextInput
            aria-label="Find a column"
            placeholder="Find a column"
            size="xs"
            value={text}
            onChange={({ currentTarget }) => setText(currentTarget.value)}
          />
        )}
      </Group>
      <div role="list" aria-label="Columns">
        {found.slice(0, shown).map((column) => (
          <ColumnLine key={column.column} column={column} state={state} rows={rows} tools={tools} />
        ))}
      </div>
      {left > 0 && (
        <Button variant="default" onClick={() => setShown(shown + 200)}>
          Show {count(Math.min(left, 200))} more
        </Button>
      )}
    </Stack>
  )
}

interface LineProps extends OfRows {
  readonly column: ColumnMapping
}

// Typing in one column must not draw the others again; what they are handed is the same as long as they are.
const ColumnLine = memo(
  function ColumnLine({ column, ...of }: LineProps) {
    const [opened, setOpened] = useState(false)
    const report = of.state.reports.get(column.column)
    const left = column.target.to === 'ignore'
    return (
      <Paper role="listitem" withBorder={opened} className={classes['line']} radius={opened ? 'md' : 0}>
        <div className={classes['columns']}>
          <Named column={column} report={report} />
          <Target column={column} state={of.state} />
          <Tooltip label={opened ? 'Less' : 'Empty cells, formats, steps'}>
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              aria-expanded={opened}
              aria-label={`Settings of ${column.column}`}
              disabled={left}
              onClick={() => setOpened(!opened)}
            >
              <IconChevronDown
                size={18}
                style={{ transform: opened ? 'rotate(180deg)' : undefined }}
                aria-hidden
              />
            </ActionIcon>
          </Tooltip>
        </div>
        <Collapse expanded={opened && !left}>
          {opened && !left && <ColumnDetails column={column} {...of} />}
        </Collapse>
      </Paper>
    )
  },
  (before, after) =>
    before.column === after.column &&
    before.tools === after.tools &&
    before.rows === after.rows &&
    before.state.attributes === after.state.attributes &&
    before.state.mapping === after.state.mapping &&
    before.state.reports.size === after.state.reports.size,
)

interface NamedProps {
  readonly column: ColumnMapping
  readonly report: ColumnReport | undefined
}

function Named({ column, report }: NamedProps) {
  const left = column.target.to === 'ignore'
  const done = stepsText(column)
  return (
    <div className={classes['named']}>
      <Group gap={6} wrap="nowrap" miw={0}>
        <Text fw={600} c={left ? 'dimmed' : undefined} truncate title={column.column}>
          {column.column}
        </Text>
        {column.target.to === 'identifier' && (
          <Badge size="sm" tt="none" variant="light">
            Identifier
          </Badge>
        )}
        {report?.reason.startsWith('as in ') === true && (
          <Tooltip label={`Treated ${report.reason}`}>
            <Badge size="sm" tt="none" variant="outline" color="gray">
              Remembered
            </Badge>
          </Tooltip>
        )}
      </Group>
      {report !== undefined && (
        <Text size="sm" c="dimmed" lineClamp={1}>
          {report.fillRate < 1 && (
            <Text span size="sm" className="numbers" title="Rows of the sample with a value">
              {percent(report.fillRate)} filled ·{' '}
            </Text>
          )}
          <span className="code">{report.examples.slice(0, 4).join(' · ') || 'no values'}</span>
        </Text>
      )}
      {done !== '' && !left && (
        <Text size="sm" lineClamp={1}>
          {done}
        </Text>
      )}
    </div>
  )
}

function Target({ column, state }: { readonly column: ColumnMapping; readonly state: MappingState }) {
  const fresh = state.sample?.mapping.columns.find((one) => one.column === column.column)
  const groups = targetChoices(column, fresh ?? column, state.attributes)
  const choose = (next: string): void =>
    state.say(next === 'as_of' ? { asOf: column.column } : { map: [`${column.column}=${next}`] })
  return (
    <Select
      aria-label={`${column.column} becomes`}
      searchable
      allowDeselect={false}
      data={groups.map(({ group, choices }) => ({ group, items: [...choices] }))}
      value={targetFlag(column)}
      onChange={(next) => next !== null && choose(next)}
      nothingFoundMessage="Nothing like this"
      maxDropdownHeight={320}
    />
  )
}
