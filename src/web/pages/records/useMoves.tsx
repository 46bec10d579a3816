// Retrying and skipping records (AL-22 to AL-28): first counted, then asked, then done with exactly what was counted.
import { Stack, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { postRecordsRetry, postRecordsSkip } from '../../../client/index.ts'
import { count, noun } from '../../lib/numbers.ts'
import { useNamespace } from '../../lib/place.ts'
import { useAsk } from '../../parts/asking.tsx'
import type { orderFilterIn } from './filters.ts'
import { LeftOut } from './leftOut.tsx'
import type { Moved, MoveName } from './selection.ts'

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

export const verbs = { retry: 'Retry', skip: 'Skip' } as const

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
    ask({
      title: `${verb} ${noun(found.changed, 'record')}?`,
      body: <Consequences of={found} />,
      yes: `${verb} ${noun(found.changed, 'record')}`,
      act: async () => done(await order(namespace, move, { ...choice, asOf: found.asOf }, false)),
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

/** Does it, or with `dryRun` only counts what would be done. */
export async function order(
  namespace: string,
  move: MoveName,
  choice: Choice & { readonly asOf?: string | undefined },
  dryRun: boolean,
  signal?: AbortSignal,
): Promise<Moved & { readonly asOf: string }> {
  const asked = {
    path: { namespace },
    body: { ...choice, dryRun } as never,
    ...(signal === undefined ? {} : { signal }),
  }
  if (move === 'skip') {
    const { data } = await postRecordsSkip(asked)
    return { move, runs: [], ...data }
  }
  const { data } = await postRecordsRetry(asked)
  return { move, ...data }
}

function Consequences({ of: { move, changed, left, runs } }: { readonly of: Moved }) {
  const them = changed === 1 ? 'It' : 'They'
  return (
    <Stack gap="xs">
      {move === 'skip' ? (
        <Text>{them} will not be processed. What is skipped can be retried later.</Text>
      ) : (
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
