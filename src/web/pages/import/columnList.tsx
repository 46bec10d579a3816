// Every column of the file with its fill, examples, and what it becomes.
import { Paper, Progress, Select, SimpleGrid, Stack, Text, Tooltip } from '@mantine/core'
import { memo } from 'react'
import type { Inspection } from '../../../client/index.ts'
import type { ColumnMapping } from '../../../core/mapping.ts'
import { targetFlag } from '../../../core/mappingFlags.ts'
import { percent } from '../../lib/numbers.ts'
import { targetChoices, type KnownAttribute } from './targets.ts'
import type { PreviewState } from './usePreview.ts'

interface ColumnListProps {
  readonly state: PreviewState
  readonly inspection: Inspection
}

export function ColumnList({ state, inspection }: ColumnListProps) {
  const { columns, attributes, retarget } = state
  return (
    <Stack gap={0} role="list" aria-label="Columns">
      {inspection.columns.map((report, i) => (
        <ColumnLine
          key={report.column}
          report={report}
          column={columns[i]!}
          fresh={inspection.mapping.columns[i] as ColumnMapping}
          attributes={attributes}
          retarget={retarget}
        />
      ))}
    </Stack>
  )
}

interface ColumnLineProps {
  readonly report: Inspection['columns'][number]
  readonly column: ColumnMapping
  readonly fresh: ColumnMapping
  readonly attributes: readonly KnownAttribute[]
  readonly retarget: (column: string, target: string) => void
}

const ColumnLine = memo(function ColumnLine(props: ColumnLineProps) {
  const { report, column, fresh, attributes, retarget } = props
  const left = column.target.to === 'ignore'
  const value = targetFlag(column)
  const groups = targetChoices(column, fresh, attributes)
  return (
    <Paper
      px="md"
      py="sm"
      radius={0}
      role="listitem"
      style={{ borderBottom: '1px solid var(--mantine-color-default-border)' }}
    >
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing={{ base: 6, sm: 'lg' }} verticalSpacing={6}>
        <div style={{ minWidth: 0 }}>
          <Text fw={600} c={left ? 'dimmed' : undefined} truncate title={report.column}>
            {report.column}
          </Text>
          <Fill share={report.fillRate} />
        </div>
        <Text size="sm" c="dimmed" lineClamp={2} className="code">
          {report.examples.slice(0, 4).join(' · ')}
        </Text>
        <Tooltip
          label={report.reason}
          disabled={report.reason === '' || value !== targetFlag(fresh)}
          multiline
          maw={320}
        >
          <Select
            aria-label={`${report.column} becomes`}
            searchable
            allowDeselect={false}
            data={groups.map(({ group, choices }) => ({ group, items: [...choices] }))}
            value={value}
            onChange={(next) => next !== null && retarget(report.column, next)}
            nothingFoundMessage="Nothing like this"
            maxDropdownHeight={320}
          />
        </Tooltip>
      </SimpleGrid>
    </Paper>
  )
})

function Fill({ share }: { readonly share: number }) {
  return (
    <Tooltip label={`${percent(share)} of the rows looked at have a value`}>
      <div style={{ display: 'flex', alignItems: 'center', gap: 8, maxWidth: 180 }}>
        <Progress
          value={share * 100}
          size="xs"
          flex={1}
          color={share < 0.5 ? 'orange' : 'teal'}
          aria-hidden
        />
        <Text size="xs" c="dimmed" className="numbers">
          {percent(share)}
        </Text>
      </div>
    </Tooltip>
  )
}
