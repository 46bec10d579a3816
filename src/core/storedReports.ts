// What the pipeline keeps in the validation of a run for people to read: of a dry run, a held run, a mirror, an undo.

/** What a run would do, under `dryRun` or in `held`. */
export interface StoredPlan {
  readonly counters: Readonly<Record<string, number>>
  readonly differences: readonly {
    readonly ordinal: number
    readonly identifier: string | null
    readonly profileId: number
    readonly attribute: string
    readonly before: string | null
    readonly after: string | null
  }[]
  readonly repeats: number
  readonly newAttributes: readonly string[]
  /** The first people whom a record would delete. */
  readonly deleted?: readonly string[]
}

/** Of a mirror, under `mirror`: who would be deleted because the file does not have them. */
export interface StoredAbsent {
  readonly people: number
  readonly names: readonly string[]
  readonly unreadable: number
  readonly firstUnreadable: number | null
}

/** Of an undo, under `undo`: what was given back, and what stays and why. */
export interface StoredUndo {
  readonly counters: Readonly<Record<string, number>>
  readonly kept: Readonly<
    Record<
      string,
      {
        readonly count: number
        readonly examples: readonly {
          readonly profile: number
          readonly identifier: string | null
          readonly message: string
        }[]
      }
    >
  >
  readonly profilesKept: number
}

/** Records that lost against the run that is undone, under `lost`. */
export interface StoredLost {
  readonly run: string
  readonly reason: string
  readonly count: number
}
