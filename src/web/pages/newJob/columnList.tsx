// Every column with its values and what it becomes; the rest of its settings unfolds below it.
import { ActionIcon, Badge, Collapse, Group, Paper, Text, Tooltip } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { memo, useState } from 'react'
import type { ColumnMapping } from '../../../core/mapping.ts'
import { stepsText } from '../../../core/transform/stepText.ts'
import { percent } from '../../lib/numbers.ts'
import { Examples } from '../../parts/reading/examples.tsx'
import { SomeColumns } from '../../parts/reading/someColumns.tsx'
import { TargetSelect } from '../../parts/reading/targetSelect.tsx'
import { ColumnDetails } from './columnDetails.tsx'
import classes from './columns.module.css'
import type { ColumnReport, OfRows } from './mappingState.ts'

export function ColumnList({ state, rows, tools }: OfRows) {
  const ofFile = state.mapping.columns.filter(({ compute }) => compute === undefined)
  return (
    <div>
      <SomeColumns
        columns={ofFile}
        line={(column, position) => (
          <ColumnLine
            key={column.column}
            column={column}
            position={position}
            state={state}
            rows={rows}
            tools={tools}
          />
        )}
      />
    </div>
  )
}

interface LineProps extends OfRows {
  readonly column: ColumnMapping
  /** Its place in the file, from 0. */
  readonly position: number
}

// Typing in one column must not draw the others again; what they are handed is the same as long as they are.
const ColumnLine = memo(
  function ColumnLine({ column, position, ...of }: LineProps) {
    const [opened, setOpened] = useState(false)
    const { reports, sample, attributes, say } = of.state
    const report = reports.get(column.column)
    const fresh = sample?.mapping.columns.find((one) => one.column === column.column) ?? column
    const left = column.target.to === 'ignore'
    return (
      <Paper role="listitem" withBorder={opened} className={classes['line']} radius={opened ? 'md' : 0}>
        <div className={classes['columns']}>
          <Named column={column} report={report} />
          <TargetSelect
            column={column}
            fresh={fresh}
            reason={report?.reason ?? ''}
            position={position}
            attributes={attributes}
            say={say}
          />
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
          <bdi>{column.column}</bdi>
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
        <Examples
          values={report.examples}
          none="no values"
          lines={1}
          lead={report.fillRate < 1 ? `${percent(report.fillRate)} filled · ` : ''}
        />
      )}
      {done !== '' && !left && (
        <Text size="sm" lineClamp={1}>
          {done}
        </Text>
      )}
    </div>
  )
}
