// What a connector is: the code that talks to one kind of system, as data and three functions. One file each.
import type { z } from 'zod'
import type { Source } from '../core/setup/source.ts'
import type { Findings, SourceFile } from '../core/sourceFile.ts'
import type { RandomBytes } from '../formats/containers/bytes.ts'

/** What a connector is given of the world; nothing else is at its hand. */
export interface SourceIo {
  /** The folder below which folders of the job's namespace are watched; null: the server was started without. */
  readonly root: string | null
  /** Whether a folder that lies directly below that belongs to another namespace. */
  readonly ofOthers: (folder: string) => Promise<boolean>
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Profiles of the job's namespace as JSON lines, in one snapshot. */
  readonly profiles: (where: readonly string[], signal?: AbortSignal) => AsyncIterable<Uint8Array>
}

export interface Capabilities {
  /** The job may be edited while it is switched on (BS-24). */
  readonly editableWhileActive: boolean
  /** A sample can be read without a run (BS-D11). */
  readonly canSample: boolean
  /** What it gives arrives by itself, so a run can start when it does. */
  readonly canArrive: boolean
}

/** A file that is open, whatever becomes of its name meanwhile. */
export interface OpenedFile {
  /** As it is now. */
  readonly file: SourceFile
  /**
   * The bytes from the beginning, once or several times. A source that changes while it is read throws a transient
   * problem at the end rather than giving half of each.
   */
  content(signal?: AbortSignal): AsyncIterable<Uint8Array>
  /** Reading at any place, where the system offers it. */
  readonly random: RandomBytes | null
  close(): Promise<void>
}

/**
 * A connector refuses by throwing a problem of the catalogue: a transient one (may pass; `retryAfter` in its details,
 * in seconds, where the system said when) or a halting one (a person must act). Anything else thrown is a bug. It never
 * tries again by itself: what a refusal means is the failure policy's business.
 */
export interface Connector<O extends Source = Source> {
  readonly kind: O['kind']
  readonly title: string
  readonly summary: string
  readonly capabilities: Capabilities
  /** With `.meta({ title, description })` on every option: forms and help are made from it. */
  readonly options: z.ZodType<O>
  /** Throws what would keep a run from reading, as far as it can be told without reading. */
  check(options: O, io: SourceIo): Promise<void>
  find(options: O, io: SourceIo, signal?: AbortSignal): Promise<Findings>
  open(options: O, file: SourceFile, io: SourceIo): Promise<OpenedFile>
}
