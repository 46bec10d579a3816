// What an address named and is not there, or not for whoever looks: said in words, with a way on.
import { Group } from '@mantine/core'
import type { ReactNode } from 'react'
import { refusalOf } from '../lib/queries.ts'
import { useNamespace } from '../lib/place.ts'
import { Empty } from './empty.tsx'
import { GoButton } from './go.tsx'

/** Whether what was asked for is not there: no such thing, or a name that nothing could have. */
export function isMissing(error: unknown): boolean {
  if (error === null) return false
  const { code, status } = refusalOf(error).problem
  return code === 'not_found' || status === 400
}

interface MissingProps {
  /** What it would be: `run r9999`. */
  readonly what: string
  /** The list it would stand in. */
  readonly list: { readonly label: string; readonly to: string }
  /** What may have become of it. */
  readonly children?: ReactNode
}

export function Missing({ what, list, children }: MissingProps) {
  const namespace = useNamespace()
  return (
    <Empty
      title={`There is no ${what} here`}
      action={
        <Group justify="center">
          <GoButton to={list.to}>{list.label}</GoButton>
          <GoButton to={`/n/${namespace}`} variant="default">
            Home
          </GoButton>
        </Group>
      }
    >
      {children ?? 'It may be in another namespace, or was removed since.'}
    </Empty>
  )
}
