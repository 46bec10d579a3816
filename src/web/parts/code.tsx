// YAML or JSON to read and to edit, with line numbers, colours and folding.
import { Skeleton } from '@mantine/core'
import { lazy, Suspense } from 'react'

export interface CodeProps {
  readonly text: string
  /** What it is, for screen readers: `The job as YAML`. */
  readonly label: string
  /** Told of every change; without it the text can only be read and copied. */
  readonly onChange?: ((text: string) => void) | undefined
  /** A line that something is wrong with, from 1. */
  readonly faultAt?: number | undefined
}

// The editor is loaded when the first text is shown.
const Editor = lazy(async () => ({ default: (await import('./codeEditor.tsx')).CodeEditor }))

/** JSON is YAML, so both have the same colours. A changed `text` replaces what was typed. */
export function CodeText(props: CodeProps) {
  return (
    <Suspense fallback={<Skeleton height={320} />}>
      <Editor {...props} />
    </Suspense>
  )
}
