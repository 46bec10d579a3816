// Files dropped or chosen on any page: where they go, and what leads to their preview.
import { useNavigate } from '@tanstack/react-router'
import { createContext, use, useEffect, useMemo, useState, useSyncExternalStore, type ReactNode } from 'react'
import { SentFiles, type UnderWay } from '../../lib/sentFiles.ts'
import { useNamespace } from '../../lib/place.ts'

/** A page that wants the files that are dropped on it. */
interface Taker {
  /** `Drop to look into it` */
  readonly title: string
  readonly about: string
  readonly take: (file: File) => void
}

interface Uploads {
  /** Sends files to be looked at and imported. */
  readonly send: (files: readonly File[]) => void
  readonly files: SentFiles
  /** Null: files that are dropped are imported. */
  readonly taker: Taker | null
  readonly setTaker: (taker: Taker | null) => void
}

const none = new SentFiles()
const Context = createContext<Uploads>({ send: () => {}, files: none, taker: null, setTaker: () => {} })

export function useUploads(): Uploads {
  return use(Context)
}

/** As long as this is shown, it takes the files that are dropped. */
export function useTaker({ title, about, take }: Taker): void {
  const { setTaker } = useUploads()
  useEffect(() => {
    setTaker({ title, about, take })
    return () => setTaker(null)
  }, [setTaker, title, about, take])
}

/** The files on their way, and those that have landed or were refused and not looked at. */
export function useUnderWay(): readonly UnderWay[] {
  const { files } = useUploads()
  return useSyncExternalStore(files.watch, files.list)
}

/** The address of the preview of an upload. */
export function previewOf(namespace: string, upload: string): string {
  return `/n/${namespace}/import?upload=${upload}`
}

export function UploadsProvider({ children }: { readonly children: ReactNode }) {
  const [files] = useState(() => new SentFiles())
  const [taker, setTaker] = useState<Taker | null>(null)
  const namespace = useNamespace()
  const go = useNavigate()
  useStay(files)
  const value = useMemo(() => {
    const send = (chosen: readonly File[]): void => {
      const { pathname } = window.location
      for (const file of chosen)
        files.send({
          namespace,
          file,
          show: ({ id }) => {
            // Whoever went on with something else meanwhile is not taken away from it.
            if (chosen.length > 1 || window.location.pathname !== pathname) return false
            void go({ to: previewOf(namespace, id) })
            return true
          },
        })
    }
    return { send, files, taker, setTaker }
  }, [files, taker, namespace, go])
  return <Context value={value}>{children}</Context>
}

/** A page is not closed by accident while a file is on its way. */
function useStay(files: SentFiles): void {
  useEffect(() => {
    const ask = (leaving: BeforeUnloadEvent): void => {
      if (files.list().some(({ upload, refused }) => upload === null && refused === null))
        leaving.preventDefault()
    }
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [files])
}
