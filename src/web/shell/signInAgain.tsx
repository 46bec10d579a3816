// A session that ran out is renewed over the page: what was typed there is still there afterwards.
import { Button, Group, Modal, Skeleton, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useEffect } from 'react'
import { getMeQueryKey } from '../../client/@tanstack/react-query.gen.ts'
import { getMe, type Me } from '../../client/index.ts'
import { onSignedOut, setSessionOver, useSessionOver } from '../lib/session.ts'
import { ProblemAlert } from '../parts/problem.tsx'

const SignInForms = lazy(async () => ({ default: (await import('../pages/people/signIn.tsx')).SignInForms }))

/** Nothing as long as the session holds. */
export function SignInAgain() {
  const over = useSessionOver()
  useEffect(() => onSignedOut(leave), [])
  return (
    <Modal
      opened={over}
      onClose={() => {}}
      title="Your session has ended"
      centered
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      // Nobody who passes by reads what is below.
      overlayProps={{ blur: 10, backgroundOpacity: 0.6 }}
      zIndex={500}
    >
      <Again />
    </Modal>
  )
}

function Again() {
  const goOn = useGoOn()
  return (
    <Stack>
      <Text>Sign in again to go on where you were. What you typed on this page is still there.</Text>
      {goOn.error !== null && <ProblemAlert error={goOn.error} />}
      <Suspense fallback={<Skeleton height={180} />}>
        <SignInForms done={() => goOn.mutate()} />
      </Suspense>
      <Group justify="space-between">
        <Button variant="subtle" color="gray" size="xs" onClick={leave}>
          Leave this page
        </Button>
        <Button variant="subtle" size="xs" loading={goOn.isPending} onClick={() => goOn.mutate()}>
          I signed in elsewhere
        </Button>
      </Group>
    </Stack>
  )
}

/** The same person goes on; anybody else gets the page afresh. */
function useGoOn() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async () => (await getMe()).data,
    onSuccess: async (me) => {
      const before = queries.getQueryData<Me>(getMeQueryKey())
      if (before?.user?.email !== me.user?.email) {
        window.location.reload()
        return
      }
      setSessionOver(false)
      await queries.invalidateQueries()
    },
  })
}

function leave(): void {
  const { pathname, search, hash } = window.location
  window.location.assign(`/sign-in?to=${encodeURIComponent(pathname + search + hash)}`)
}
