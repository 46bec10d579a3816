// How the job is set up: to read, or as YAML or JSON that can be changed.
import { Group, SegmentedControl, Stack } from '@mantine/core'
import type { JobDetail } from '../../../client/index.ts'
import { useAddressPart } from '../../lib/address.ts'
import { useMay, useNamespace } from '../../lib/place.ts'
import { GoButton } from '../../parts/go.tsx'
import { AsText } from './asText.tsx'
import { MappingTable } from './mappingTable.tsx'
import { SetupView } from './setupView.tsx'
import { editPage } from './useJob.ts'

const forms = [
  { value: 'form', label: 'To read' },
  { value: 'yaml', label: 'YAML' },
  { value: 'json', label: 'JSON' },
]

export function Configuration({ job }: { readonly job: JobDetail }) {
  const namespace = useNamespace()
  const mayEdit = useMay('edit_jobs')
  const [asked, setAsked] = useAddressPart('as')
  const form = asked === 'yaml' || asked === 'json' ? asked : 'form'
  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <SegmentedControl
          aria-label="How it is shown"
          value={form}
          onChange={(next) => setAsked(next === 'form' ? undefined : next)}
          data={forms}
        />
        {form === 'form' && mayEdit && job.moves.includes('edit') && (
          <GoButton to={editPage(namespace, job)} variant="default">
            Edit step by step
          </GoButton>
        )}
      </Group>
      {form === 'form' ? (
        <>
          <SetupView job={job} />
          <MappingTable job={job} />
        </>
      ) : (
        <AsText key={form} job={job} form={form} />
      )}
    </Stack>
  )
}
