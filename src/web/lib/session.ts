// Whether the session ended while somebody was at the page, and what other windows hear of a sign-out.
import { useSyncExternalStore } from 'react'
import { systemClock } from '../../core/clock.ts'

let over = false
const watching = new Set<() => void>()

/** A session that ran out is asked about over the page, so that what was typed there stays. */
export function setSessionOver(next: boolean): void {
  if (over === next) return
  over = next
  for (const told of watching) told()
}

function watch(told: () => void): () => void {
  watching.add(told)
  return () => watching.delete(told)
}

export function useSessionOver(): boolean {
  return useSyncExternalStore(watch, () => over)
}

const signedOut = 'sluice.signedOut'

/** Who signs out means every window of this browser: none goes on showing people's data. */
export function tellSignedOut(): void {
  localStorage.setItem(signedOut, String(systemClock.now()))
}

/** Calls back when another window signs out; answers how to end that. */
export function onSignedOut(leave: () => void): () => void {
  const hear = ({ key }: StorageEvent): void => {
    if (key === signedOut) leave()
  }
  window.addEventListener('storage', hear)
  return () => window.removeEventListener('storage', hear)
}
