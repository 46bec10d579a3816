// A file dropped on any page is imported.
import type { ReactNode } from 'react'

export function DropAnywhere({ children }: { readonly children: ReactNode }) {
  return <>{children}</>
}
