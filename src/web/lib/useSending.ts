// One file that a page sends by itself, and what it shows meanwhile.
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { UploadView } from '../../client/index.ts'
import { useNamespace } from './place.ts'
import { FileSender, notBegun, type Progress } from './sendFile.ts'

export interface Sent {
  readonly file: File
  readonly progress: Progress
}

export interface OneSending {
  /** Null: nothing is on its way. */
  readonly underWay: Sent | null
  /** Null: it was stopped. Throws a `Refusal`. */
  readonly send: (file: File) => Promise<UploadView | null>
  readonly pause: () => void
  readonly goOn: () => void
  readonly stop: () => void
}

/** Who leaves the page pauses it: given again, the file goes on where it was. */
export function useSending(): OneSending {
  const namespace = useNamespace()
  const sender = useRef<FileSender | null>(null)
  const [underWay, setUnderWay] = useState<Sent | null>(null)
  useEffect(() => () => sender.current?.pause(), [])
  const send = useCallback(
    async (file: File) => {
      setUnderWay({ file, progress: notBegun })
      const onProgress = (progress: Progress): void => setUnderWay({ file, progress })
      sender.current = new FileSender({ namespace, file, onProgress })
      try {
        return await sender.current.done
      } finally {
        sender.current = null
        setUnderWay(null)
      }
    },
    [namespace],
  )
  return useMemo(
    () => ({
      underWay,
      send,
      pause: () => sender.current?.pause(),
      goOn: () => sender.current?.goOn(),
      stop: () => sender.current?.stop(),
    }),
    [underWay, send],
  )
}
