// What became of several jobs at once: changed so many, left the others, and why.
import { Alert, List, Text } from '@mantine/core'
import { IconCircleCheck, IconInfoCircle } from '@tabler/icons-react'
import { noun } from '../../lib/numbers.ts'
import { useNamespace } from '../../lib/place.ts'
import { Go } from '../../parts/go.tsx'
import { jobPage } from '../job/useJob.ts'

export interface Changed {
  readonly verb: keyof typeof past
  readonly changed: number
  /** The jobs that stay as they are, by name. */
  readonly left: readonly { readonly job: string; readonly why: string }[]
}

const past = { pause: 'paused', resume: 'resumed', archive: 'archived' } as const

interface ChangedAlertProps {
  readonly changed: Changed
  readonly close: () => void
}

export function ChangedAlert({ changed: { verb, changed, left }, close }: ChangedAlertProps) {
  const namespace = useNamespace()
  const done = changed === 0 ? `No job was ${past[verb]}` : `${noun(changed, 'job')} ${past[verb]}`
  return (
    <Alert
      color={left.length === 0 ? 'green' : 'orange'}
      icon={left.length === 0 ? <IconCircleCheck aria-hidden /> : <IconInfoCircle aria-hidden />}
      title={
        left.length === 0
          ? done
          : `${done}, ${left.length} left as ${left.length === 1 ? 'it was' : 'they were'}`
      }
      role="status"
      withCloseButton
      closeButtonLabel="Close"
      onClose={close}
    >
      {left.length > 0 && (
        <List size="sm" spacing={4} mah={320} style={{ overflowY: 'auto' }}>
          {left.map(({ job, why }) => (
            <List.Item key={job}>
              <Text span size="sm" style={{ overflowWrap: 'anywhere' }}>
                <Go to={jobPage(namespace, job)} size="sm" fw={600}>
                  {job}
                </Go>
                : {why}
              </Text>
            </List.Item>
          ))}
        </List>
      )}
    </Alert>
  )
}
