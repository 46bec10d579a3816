// Says when the server cannot be reached; nothing is shown while all is well.
import { Alert, Transition } from '@mantine/core'
import { IconPlugConnectedX } from '@tabler/icons-react'
import { useLiveState } from '../lib/live.ts'

export function Connection() {
  const lost = useLiveState() === 'lost'
  return (
    <div
      role="status"
      style={{ position: 'fixed', top: 64, left: '50%', transform: 'translateX(-50%)', zIndex: 250 }}
    >
      <Transition mounted={lost} transition="slide-down" enterDelay={1_500}>
        {(styles) => (
          <Alert
            style={{ ...styles, boxShadow: 'var(--mantine-shadow-md)' }}
            color="orange"
            variant="default"
            icon={<IconPlugConnectedX aria-hidden />}
            title="The connection is lost"
          >
            What you see may be out of date; it is tried again by itself.
          </Alert>
        )}
      </Transition>
    </div>
  )
}
