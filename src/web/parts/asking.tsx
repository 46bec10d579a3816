// Questions before something that matters: what will happen, in words, and a button that says what it does.
import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core'
import { createContext, use, useCallback, useState, type ReactNode } from 'react'
import { ProblemAlert } from './problem.tsx'

export interface Question {
  readonly title: string
  /** What will happen, and whether it can be taken back. */
  readonly body: ReactNode
  /** The verb on the button: `Stop the run`. */
  readonly yes: string
  readonly danger?: boolean
  /** There is room for a note, and this says who will read it. */
  readonly note?: string
  /**
   * Done when yes is said; the question stays open and shows the problem where it is refused. `note`: what was written,
   * where anything was.
   */
  readonly act: (note: string | undefined) => Promise<unknown>
}

const Asking = createContext<(question: Question) => void>(() => {})

/** Asks a question over the page. */
export function useAsk(): (question: Question) => void {
  return use(Asking)
}

interface Asked {
  /** The last one: it stays to be read while its dialog fades. */
  readonly question: Question | null
  readonly opened: boolean
  readonly busy: boolean
  readonly refused: unknown
  readonly note: string
}

const nothing: Asked = { question: null, opened: false, busy: false, refused: null, note: '' }

export function ModalsProvider({ children }: { readonly children: ReactNode }) {
  const [asked, setAsked] = useState<Asked>(nothing)
  const { question, opened, busy, note } = asked
  const ask = useCallback((next: Question) => setAsked({ ...nothing, question: next, opened: true }), [])
  // What is being done is seen to its end: a refusal has to be read by somebody.
  const close = (): void => setAsked((now) => (now.busy ? now : { ...now, opened: false }))
  const say = async (): Promise<void> => {
    if (question === null || !opened || busy) return
    const become = (change: Partial<Asked>): void =>
      setAsked((now) => (now.question === question ? { ...now, busy: false, ...change } : now))
    become({ busy: true, refused: null })
    try {
      await question.act(note.trim() === '' ? undefined : note.trim())
      become({ opened: false })
    } catch (error) {
      become({ refused: error })
    }
  }
  return (
    <Asking value={ask}>
      {children}
      <Modal opened={opened} onClose={close} title={question?.title} centered size="lg">
        {question !== null && (
          <Body
            asked={asked}
            question={question}
            write={(text) => setAsked((now) => ({ ...now, note: text }))}
            close={close}
            say={() => void say()}
          />
        )}
      </Modal>
    </Asking>
  )
}

interface BodyProps {
  readonly asked: Asked
  readonly question: Question
  readonly write: (note: string) => void
  readonly close: () => void
  readonly say: () => void
}

function Body({ asked: { busy, refused, note }, question, write, close, say }: BodyProps) {
  const { body, yes, danger = false, note: about } = question
  return (
    <Stack>
      <Text component="div">{body}</Text>
      {about !== undefined && (
        <Textarea
          label="Note"
          description={about}
          maxLength={1_000}
          autosize
          minRows={2}
          maxRows={8}
          value={note}
          onChange={({ currentTarget }) => write(currentTarget.value)}
        />
      )}
      {refused !== null && <ProblemAlert error={refused} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={close} disabled={busy} data-autofocus>
          Cancel
        </Button>
        <Button color={danger ? 'red' : undefined} loading={busy} onClick={say}>
          {yes}
        </Button>
      </Group>
    </Stack>
  )
}
