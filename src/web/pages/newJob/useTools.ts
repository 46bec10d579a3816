// Loads what maps the sample in the browser; pages work without it until it is there.
import { useEffect, useState } from 'react'

type Tools = typeof import('./tools.ts')

/** Null: not loaded yet. */
export function useTools(): Tools | null {
  const [tools, setTools] = useState<Tools | null>(null)
  useEffect(() => {
    let left = false
    void import('./tools.ts').then((loaded) => {
      if (!left) setTools(loaded)
    })
    return () => {
      left = true
    }
  }, [])
  return tools
}
