// A file dropped on any page is imported: the overlay that says so, and what catches it.
import { Center, Overlay, Stack, Text, Title } from '@mantine/core'
import { IconFileUpload } from '@tabler/icons-react'
import { useEffect, useState, type ReactNode } from 'react'
import { useMay } from '../../lib/place.ts'
import { useUploads } from './uploads.tsx'
import { UploadsPanel } from './uploadsPanel.tsx'

export function DropAnywhere({ children }: { readonly children: ReactNode }) {
  const may = useMay('import')
  const { taker } = useUploads()
  const over = useDrop(may)
  const [title, about] = wordsFor(may, taker)
  return (
    <>
      {children}
      <UploadsPanel />
      {over && (
        <Overlay fixed backgroundOpacity={0.75} blur={3} zIndex={400}>
          <Center h="100%">
            <Stack align="center" gap="xs" c="white" p="xl">
              <IconFileUpload size={64} stroke={1.2} aria-hidden />
              <Title order={2}>{title}</Title>
              <Text>{about}</Text>
            </Stack>
          </Center>
        </Overlay>
      )}
    </>
  )
}

function wordsFor(may: boolean, taker: ReturnType<typeof useUploads>['taker']): [string, string] {
  if (!may) return ['You may not import here', 'Importing needs the right to import; an owner gives it.']
  if (taker !== null) return [taker.title, taker.about]
  return ['Drop to import', 'You see what is in it before anything is written.']
}

/** Catches files that are dragged over the window. Answers whether some are over it now. */
function useDrop(may: boolean): boolean {
  const [over, setOver] = useState(false)
  const { send, taker } = useUploads()
  useEffect(() => {
    const move = (dragged: DragEvent): void => {
      if (dragged.dataTransfer?.types.includes('Files') !== true) return
      // Otherwise the browser would open the file in place of the app.
      dragged.preventDefault()
      setOver(true)
    }
    const leave = (dragged: DragEvent): void => {
      if (dragged.relatedTarget === null) setOver(false)
    }
    const drop = (dragged: DragEvent): void => {
      const files = [...(dragged.dataTransfer?.files ?? [])]
      setOver(false)
      if (files.length === 0) return
      dragged.preventDefault()
      if (!may) return
      if (taker === null) send(files)
      else taker.take(files[0]!)
    }
    window.addEventListener('dragover', move)
    window.addEventListener('dragleave', leave)
    window.addEventListener('drop', drop)
    return () => {
      window.removeEventListener('dragover', move)
      window.removeEventListener('dragleave', leave)
      window.removeEventListener('drop', drop)
    }
  }, [may, send, taker])
  return over
}
