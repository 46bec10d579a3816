// Bringing an old version back: as a new one, after a look at what that changes.
import { Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getJobDiffOptions } from '../../../client/@tanstack/react-query.gen.ts'
import { getJobVersion, patchJob, type JobChangesInput, type JobDetail } from '../../../client/index.ts'
import { useMay, useNamespace } from '../../lib/place.ts'
import { useAsk } from '../../parts/asking.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Changes } from './changes.tsx'
import { told } from './told.tsx'
import { asSeen, useAnew } from './useJob.ts'

/** Asks, then does it; null where it is not possible, or not the viewer's to do. */
export function useRestore(job: JobDetail): ((version: number) => void) | null {
  const namespace = useNamespace()
  const ask = useAsk()
  const anew = useAnew()
  const mayEdit = useMay('edit_jobs')
  if (!mayEdit || !job.moves.includes('edit')) return null
  const path = { namespace, job: job.id }
  return (version) =>
    ask({
      title: `Bring back version ${version}?`,
      // A question stands over the page, outside of its address: it is told where it is.
      body: <Consequences namespace={namespace} job={job} version={version} />,
      yes: `Save as version ${job.version + 1}`,
      act: async () => {
        const { data } = await getJobVersion({ path: { ...path, version } })
        // The description belongs to no version.
        const { description: _, ...setup } = data.setup
        const body = { setup, definition: data.definition } as JobChangesInput
        const { data: after } = await patchJob({ path, body, headers: asSeen(job) })
        const isBack = after.version > job.version
        told(
          namespace,
          isBack
            ? `Version ${version} is back as version ${after.version}.`
            : after.awaiting === null
              ? `The newest version says the same as version ${version}.`
              : 'It waits for somebody else to approve it.',
          null,
        )
        await anew()
      },
    })
}

interface ConsequencesProps {
  readonly namespace: string
  readonly job: JobDetail
  readonly version: number
}

function Consequences({ namespace, job, version }: ConsequencesProps) {
  const diff = useQuery(
    getJobDiffOptions({ path: { namespace, job: job.id }, query: { from: job.version, to: version } }),
  )
  return (
    <Stack gap="sm">
      <Text>
        The job gets a new version that says what version {version} said. Nothing is lost, and a run under way
        keeps the version it began with.
      </Text>
      <Loaded query={diff}>
        {({ changes }) =>
          changes.length === 0 ? (
            <Text c="dimmed">It says the same as the newest one.</Text>
          ) : (
            <Changes
              changes={changes}
              before={`Version ${job.version}`}
              after={`Version ${job.version + 1}`}
            />
          )
        }
      </Loaded>
    </Stack>
  )
}
