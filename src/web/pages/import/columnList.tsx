// Every column of the file with its fill, examples, and what it becomes.
import { Paper, Progress, SimpleGrid, Text, Tooltip } from '@mantine/core'
import { memo } from 'react'
import type { Inspection } from '../../../client/index.ts'
import type { ColumnMapping } from '../../../core/mapping.ts'
import type { MappingFlags } from '../../../core/mappingFlags.ts'
import { percent } from '../../lib/numbers.ts'
import { Examples } from '../../parts/reading/examples.tsx'
import { SomeColumns } from '../../parts/reading/someColumns.tsx'
import type { KnownAttribute } from '../../parts/reading/targets.ts'
import { TargetSelect } from '../../parts/reading/targetSelect.tsx'
import type { PreviewState } from './usePreview.ts'

interface ColumnListProps {
  readonly state: PreviewState
  readonly inspection: Inspection
}

export function ColumnList({ state, inspection }: ColumnListProps) {
  const { columns, attributes, say } = state
  return (
    <SomeColumns
      columns={columns}
      line={(column, position) => (
        <ColumnLine
          key={column.column}
          report={inspection.columns[position]!}
          column={column}
          fresh={inspection.mapping.columns[position] as ColumnMapping}
          position={position}
          attributes={attributes}
          say={say}
        />
      )}
    />
  )
}

interface ColumnLineProps {
  readonly report: Inspection['columns'][number]
  readonly column: ColumnMapping
  readonly fresh: ColumnMapping
  readonly position: number
  readonly attributes: readonly KnownAttribute[]
  readonly say: (flags: MappingFlags) => void
}

const ColumnLine = memo(function ColumnLine({ report, ...target }: ColumnLineProps) {
  const left = target.column.target.to === 'ignore'
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
            <bdi>{report.column}</bdi>
          </Text>
          <Fill share={report.fillRate} />
        </div>
        <Examples values={report.examples} none="no values" />
        <TargetSelect {...target} reason={report.reason} />
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
