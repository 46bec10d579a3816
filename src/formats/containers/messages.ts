// What the thread that unpacks and the one that waits for it tell each other.
import type { Problem } from '../../core/problem.ts'
import type { ContainerInfo } from './kind.ts'

/** What the thread is started with. Without a part it only looks what is inside. */
export interface UnpackOrder {
  readonly size: number
  readonly part: string | null
}

export type FromThread =
  | { readonly read: number; readonly start: number; readonly end: number }
  | { readonly block: Uint8Array }
  | { readonly info: ContainerInfo }
  | { readonly done: true }
  | { readonly problem: Problem }
  | { readonly fault: string }

export type ToThread =
  | { readonly bytes: Uint8Array; readonly read: number }
  | { readonly failed: string; readonly read: number }
  | { readonly more: true }
