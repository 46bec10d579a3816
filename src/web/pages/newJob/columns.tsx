// What is in the source, and what each column becomes.
import { Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getAttributesOptions } from '../../../client/@tanstack/react-query.gen.ts'
import { useNamespace } from '../../lib/place.ts'
import { ProblemAlert } from '../../parts/problem.tsx'
import { Questions } from '../../parts/reading/questions.tsx'
import { ColumnList } from './columnList.tsx'
import { GiveFile } from './giveFile.tsx'
import { mappingOf } from './mappingState.ts'
import { MoreMapping } from './moreMapping.tsx'
import { News } from './news.tsx'
import { Reading } from './reading.tsx'
import { RowsPreview } from './rowsPreview.tsx'
import { SamplingFailed } from './samplingFailed.tsx'
import { useSample } from './useSample.ts'
import { useTools } from './useTools.ts'
import type { StepProps } from './stepProps.ts'
import { Waiting } from './waiting.tsx'

export function ColumnsStep({ draft }: StepProps) {
  const namespace = useNamespace()
  const known = useQuery(getAttributesOptions({ path: { namespace } }))
  const sampling = useSample(draft)
  const tools = useTools()
  const { job, setup, definition } = draft
  const isMapped = definition.mapping.columns.length > 0
  if (sampling.busy) return <Waiting>Reading the beginning of the source …</Waiting>
  if (setup.source.kind === 'upload' && !isMapped && job?.state !== 'sampling_failed')
    return <GiveFile sampling={sampling} />
  const state = mappingOf(draft, sampling.sample, known.data?.attributes ?? [])
  const rows = sampling.sample?.rows ?? []
  return (
    <Stack gap="lg">
      {sampling.refused !== null && <ProblemAlert error={sampling.refused} again={() => sampling.read()} />}
      {job?.state === 'sampling_failed' && <SamplingFailed draft={draft} />}
      {sampling.unseen !== null && isMapped && (
        <Stack gap={4}>
          <Text size="sm" c="dimmed">
            The source cannot be looked at now; the mapping stands as it is.
          </Text>
          <ProblemAlert error={sampling.unseen} />
        </Stack>
      )}
      {draft.isNew && <Reading draft={draft} sampling={sampling} />}
      {isMapped && (
        <>
          <Questions
            questions={state.questions}
            columns={state.mapping.columns}
            change={(column) => state.change(column.column, column)}
            say={state.say}
          />
          <News state={state} />
          <ColumnList state={state} rows={rows} tools={tools} />
          <MoreMapping state={state} rows={rows} tools={tools} />
          <RowsPreview state={state} rows={rows} tools={tools} />
        </>
      )}
    </Stack>
  )
}
