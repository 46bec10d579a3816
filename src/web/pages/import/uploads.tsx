// The files that are on their way to the server, whatever page is shown.
import { useNavigate } from '@tanstack/react-router'
import { createContext, use, useCallback, useMemo, useRef, useState, type ReactNode } from 'react'
import type { UploadView } from '../../../client/index.ts'
import { systemClock } from '../../../core/clock.ts'
import { useNamespace } from '../../lib/place.ts'
import { sendFile } from './sending.ts'

export interface UnderWay {
  readonly id: number
  readonly name: string
  readonly bytes: number
  readonly sent: number
  /** Milliseconds since 1970. */
  readonly startedAt: number
  /** When it has landed. */
  readonly upload: UploadView | null
  readonly refused: unknown
  readonly namespace: string
}

interface Uploads {
  readonly list: readonly UnderWay[]
  readonly send: (files: readonly File[]) => void
  /** Stops sending, or takes it off the list. */
  readonly dismiss: (id: number) => void
}

const Context = createContext<Uploads>({ list: [], send: () => {}, dismiss: () => {} })

export function useUploads(): Uploads {
  return use(Context)
}

/** The address of the preview of an upload. */
export function previewOf(namespace: string, upload: string): string {
  return `/n/${namespace}/import?upload=${upload}`
}

export function UploadsProvider({ children }: { readonly children: ReactNode }) {
  const [list, setList] = useState<readonly UnderWay[]>([])
  const aborts = useRef(new Map<number, AbortController>())
  const next = useRef(1)
  const namespace = useNamespace()
  const go = useNavigate()

  const change = useCallback((id: number, parts: Partial<UnderWay>) => {
    setList((before) => before.map((one) => (one.id === id ? { ...one, ...parts } : one)))
  }, [])
  const dismiss = useCallback((id: number) => {
    aborts.current.get(id)?.abort()
    aborts.current.delete(id)
    setList((before) => before.filter((one) => one.id !== id))
  }, [])
  const sendOne = useCallback(
    async (file: File, alone: boolean) => {
      const id = next.current++
      const abort = new AbortController()
      aborts.current.set(id, abort)
      const begun = { id, name: file.name, bytes: file.size, sent: 0, upload: null, refused: null, namespace }
      setList((before) => [...before, { ...begun, startedAt: systemClock.now() }])
      const onProgress = (sent: number): void => change(id, { sent })
      try {
        const upload = await sendFile({ namespace, file, onProgress, signal: abort.signal })
        change(id, { upload, sent: file.size })
        if (!alone) return
        dismiss(id)
        await go({ to: previewOf(namespace, upload.id) })
      } catch (refused) {
        if (!abort.signal.aborted) change(id, { refused })
      }
    },
    [namespace, change, dismiss, go],
  )
  const send = useCallback(
    (files: readonly File[]) => {
      for (const file of files) void sendOne(file, files.length === 1)
    },
    [sendOne],
  )
  const value = useMemo(() => ({ list, send, dismiss }), [list, send, dismiss])
  return <Context value={value}>{children}</Context>
}
