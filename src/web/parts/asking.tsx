// Questions before something that matters: what will happen, in words, and a button that says what it does.
import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { createContext, use, useCallback, useMemo, useState, type ReactNode } from 'react'
import { ProblemAlert } from './problem.tsx'

export interface Question {
  readonly title: string
  /** What will happen, and whether it can be taken back. */
  readonly body: ReactNode
  /** The verb on the button: `Stop the run`. */
  readonly yes: string
  readonly danger?: boolean
  /** Done when yes is said; the question stays open and shows the problem where it is refused. */
  readonly act: () => Promise<unknown>
}

const Asking = createContext<(question: Question) => void>(() => {})

/** Asks a question over the page. */
export function useAsk(): (question: Question) => void {
  return use(Asking)
}

export function ModalsProvider({ children }: { readonly children: ReactNode }) {
  const [question, setQuestion] = useState<Question | null>(null)
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<unknown>(null)
  const ask = useCallback((next: Question) => {
    setRefused(null)
    setQuestion(next)
  }, [])
  const close = useCallback(() => setQuestion(null), [])
  const say = useMemo(
    () => async () => {
      setBusy(true)
      try {
        await question?.act()
        close()
      } catch (error) {
        setRefused(error)
      } finally {
        setBusy(false)
      }
    },
    [question, close],
  )
  return (
    <Asking value={ask}>
      {children}
      <Modal opened={question !== null} onClose={close} title={question?.title} centered size="lg">
        <Stack>
          <Text component="div">{question?.body}</Text>
          {refused !== null && <ProblemAlert error={refused} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close} data-autofocus>
              Cancel
            </Button>
            <Button
              color={question?.danger === true ? 'red' : undefined}
              loading={busy}
              onClick={() => void say()}
            >
              {question?.yes}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </Asking>
  )
}
