// A change of the job that waits for somebody else to approve it (four eyes).
import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconUserCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getApprovalsOptions } from '../../../client/@tanstack/react-query.gen.ts'
import {
  deleteApproval,
  postApprovalApprove,
  postApprovalReject,
  type JobDetail,
} from '../../../client/index.ts'
import { useMay, useNamespace } from '../../lib/place.ts'
import { useAsk } from '../../parts/asking.tsx'
import { When } from '../../parts/when.tsx'
import { told } from './told.tsx'
import { useAnew } from './useJob.ts'

type Asked = NonNullable<JobDetail['awaiting']>

export function Awaiting({ job }: { readonly job: JobDetail }) {
  const { awaiting } = job
  if (awaiting === null) return null
  const what = awaiting.kind === 'activation' ? 'Switching it on' : 'A change'
  return (
    <Alert
      color="orange"
      icon={<IconUserCheck aria-hidden />}
      title={`${what} waits for somebody else to approve it`}
    >
      <Stack gap="xs">
        <Text>
          {awaiting.requestedBy} asked for it, <When at={awaiting.since} ago />. Until then the job stays as
          it is.
        </Text>
        {awaiting.says.map((line) => (
          <Text key={line} size="sm" className="code">
            {line}
          </Text>
        ))}
        <Deciding asked={awaiting} />
      </Stack>
    </Alert>
  )
}

const gone = 'Nobody is asked any more, and the job stays as it is.'
const noted = 'For whoever asked, and kept in the log. It may be left empty.'

function made({ kind }: Asked): string {
  return kind === 'activation'
    ? 'The job is switched on, as it was asked for.'
    : 'The change is made, as it was asked for, and is a version of the job.'
}

/** Approve and reject for who may; taking it back for who asked. */
function Deciding({ asked }: { readonly asked: Asked }) {
  const namespace = useNamespace()
  const ask = useAsk()
  const anew = useAnew()
  const mayApprove = useMay('approve')
  const { data } = useQuery(getApprovalsOptions({ path: { namespace }, query: { limit: 500 } }))
  const found = data?.approvals.find(({ id }) => id === asked.id)
  const path = { namespace, approval: asked.id }
  const approve = async (note: string | undefined): Promise<void> => {
    const { data: done } = await postApprovalApprove({ path, body: note === undefined ? {} : { note } })
    told(namespace, 'Approved.', done.run)
    await anew()
  }
  const reject = async (note: string | undefined): Promise<void> => {
    await postApprovalReject({ path, body: note === undefined ? {} : { note } })
    await anew()
  }
  const takeBack = async (): Promise<void> => {
    await deleteApproval({ path })
    await anew()
  }
  if (found?.why === 'own')
    return (
      <Group gap="sm">
        <Text>You asked for it, so somebody else has to approve it.</Text>
        <Button
          size="xs"
          variant="default"
          onClick={() => ask({ title: 'Take it back?', body: gone, yes: 'Take it back', act: takeBack })}
        >
          Take it back
        </Button>
      </Group>
    )
  if (!mayApprove || found?.mayDecide !== true) return null
  return (
    <Group gap="xs">
      <Button
        size="xs"
        onClick={() =>
          ask({ title: 'Approve it?', body: made(asked), yes: 'Approve', note: noted, act: approve })
        }
      >
        Approve…
      </Button>
      <Button
        size="xs"
        variant="default"
        onClick={() => ask({ title: 'Reject it?', body: gone, yes: 'Reject', note: noted, act: reject })}
      >
        Reject…
      </Button>
    </Group>
  )
}
