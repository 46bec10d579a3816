// The flags of `sluice import`, as its parts pass them on.
import type { PartOptions } from './containers.ts'
import type { ShapeOptions } from './importFlags.ts'
import type { SharedOptions } from './session.ts'

export interface ImportOptions extends SharedOptions, ShapeOptions, PartOptions {
  readonly yes?: boolean
  readonly dryRun?: boolean
  readonly again?: boolean
  readonly skipSeen?: boolean
  readonly resume?: boolean
  readonly anew?: boolean
  readonly job?: string
  readonly saveMapping?: string
  readonly memory?: boolean
  readonly mode?: string
  readonly onSeveral?: string
  readonly duplicates?: string
}
