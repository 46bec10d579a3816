// Retrying, skipping and settling records (AL-22 to AL-28, AL-D01): counted, then asked, then done with what was counted.
import { Stack, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { postRecordsRetry, postRecordsSettle, postRecordsSkip } from '../../../client/index.ts'
import { count, noun } from '../../lib/numbers.ts'
import { useNamespace } from '../../lib/place.ts'
import { useAsk } from '../../parts/asking.tsx'
import type { orderFilterIn } from './filters.ts'
import { LeftOut } from './leftOut.tsx'
import type { Moved, MoveName } from './selection.ts'
import { delivered, Settling, type Said } from './settling.tsx'

export type Choice =
  | { readonly ids: string[] }
  | { readonly filter: ReturnType<typeof orderFilterIn>; readonly asOf?: string | undefined }

interface Moves {
  /** Counts, asks, and does it. Throws what the server refuses. */
  readonly move: (move: MoveName, choice: Choice) => Promise<void>
  /** Which is being counted. */
  readonly counting: MoveName | null
  readonly refused: unknown
  /** What the last order did, until it is forgotten. */
  readonly moved: Moved | null
  readonly forget: () => void
}

export const verbs = { retry: 'Retry', skip: 'Skip', settle: 'Settle' } as const

export function useMoves(after: () => void): Moves {
  const namespace = useNamespace()
  const queries = useQueryClient()
  const ask = useAsk()
  const [counting, setCounting] = useState<MoveName | null>(null)
  const [moved, setMoved] = useState<Moved | null>(null)
  const [refused, setRefused] = useState<unknown>(null)
  const done = async (answer: Moved): Promise<void> => {
    setMoved(answer)
    after()
    await queries.invalidateQueries({ queryKey: ['getRecords', namespace] })
    await queries.invalidateQueries({ queryKey: ['record', namespace] })
  }
  const counted = async (move: MoveName, choice: Choice): Promise<void> => {
    const found = await order(namespace, move, choice, true)
    if (found.changed === 0) return setMoved(found)
    const verb = verbs[move]
    // What the question about waiting records was answered with by the time yes is said.
    const answer: { said: Said } = { said: delivered }
    ask({
      title: `${verb} ${noun(found.changed, 'record')}?`,
      body: <Consequences of={found} tell={(said) => (answer.said = said)} />,
      yes: `${verb} ${noun(found.changed, 'record')}`,
      act: async () => done(await order(namespace, move, { ...choice, asOf: found.asOf, ...answer }, false)),
    })
  }
  return {
    counting,
    moved,
    refused,
    forget: () => setMoved(null),
    move: async (move, choice) => {
      setCounting(move)
      setMoved(null)
      setRefused(null)
      await counted(move, choice).catch(setRefused)
      setCounting(null)
    },
  }
}

export interface OrderOptions {
  readonly asOf?: string | undefined
  /** Of records that wait: what became of them. */
  readonly said?: Said
}

/** Does it, or with `dryRun` only counts what would be done. */
export async function order(
  namespace: string,
  move: MoveName,
  { said = delivered, ...choice }: Choice & OrderOptions,
  dryRun: boolean,
  signal?: AbortSignal,
): Promise<Moved & { readonly asOf: string }> {
  const told = move === 'settle' ? { ...said, ...waitingOf(choice) } : {}
  const asked = {
    path: { namespace },
    body: { ...choice, ...told, dryRun } as never,
    ...(signal === undefined ? {} : { signal }),
  }
  if (move === 'retry') {
    const { data } = await postRecordsRetry(asked)
    return { move, ...data }
  }
  const { data } = await (move === 'skip' ? postRecordsSkip(asked) : postRecordsSettle(asked))
  return { move, runs: [], ...data }
}

/** Few wait: the server need not look through all that match. */
function waitingOf(choice: Choice): Partial<Choice> {
  if (!('filter' in choice) || choice.filter.state !== undefined) return {}
  return { filter: { ...choice.filter, state: 'waiting' } }
}

interface ConsequencesProps {
  readonly of: Moved
  readonly tell: (said: Said) => void
}

function Consequences({ of: { move, changed, left, runs }, tell }: ConsequencesProps) {
  const them = changed === 1 ? 'It' : 'They'
  return (
    <Stack gap="xs">
      {move === 'settle' && <Settling many={changed} tell={tell} />}
      {move === 'skip' && <Text>{them} will not be processed. What is skipped can be retried later.</Text>}
      {move === 'retry' && (
        <Text>
          {them} {changed === 1 ? 'is' : 'are'} read again from what landed, each as a new row in{' '}
          {runs.length === 1 ? 'a run' : `${count(runs.length)} runs`} of its own; the old{' '}
          {changed === 1 ? 'row stays as it is' : 'rows stay as they are'} and{' '}
          {changed === 1 ? 'names' : 'name'} the new one. The run can be undone like any other.
          {runs.some(({ staged }) => staged) &&
            ' Jobs that process their records later take them with their next processing run.'}
        </Text>
      )}
      <LeftOut left={left} verb="will be left" />
    </Stack>
  )
}
