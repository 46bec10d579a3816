// What a person can do with a run, done through the API and shown at once.
import { useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import {
  postRunDrop,
  postRunRelease,
  postRunResume,
  postRunRetryNow,
  postRunStop,
  postUndos,
  type RunView,
} from '../../../client/index.ts'
import { runPage } from './links.ts'

const calls = {
  stop: postRunStop,
  resume: postRunResume,
  'retry-now': postRunRetryNow,
} as const
const decisions = { release: postRunRelease, drop: postRunDrop } as const

export type Move =
  | { readonly move: keyof typeof calls }
  /** `note`: why, for whoever asked. */
  | { readonly move: keyof typeof decisions; readonly note: string | undefined }

/** Makes a move. What the page shows is asked for anew, also where it was refused: then somebody else was first. */
export function useMove({ run: { namespace, id } }: RunView): UseMutationResult<unknown, Error, Move> {
  const queries = useQueryClient()
  const path = { namespace, run: id }
  return useMutation({
    mutationFn: async (order: Move): Promise<unknown> =>
      'note' in order
        ? decisions[order.move]({ path, body: order.note === undefined ? {} : { note: order.note } })
        : calls[order.move]({ path }),
    onSettled: () => queries.invalidateQueries(),
  })
}

/** Starts the preview of an undo, and goes to its page, where it is released or dropped. */
export function useUndo(namespace: string): (run: string) => Promise<void> {
  const go = useNavigate()
  return async (run) => {
    const { data } = await postUndos({ path: { namespace }, body: { runs: [run], preview: true } })
    const [undo] = data.undos
    if (undo !== undefined) await go({ to: runPage(namespace, undo.run) })
  }
}
