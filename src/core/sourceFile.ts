// What a source has to give, before and while it is read.

/** One thing a source gives to a run: as a rule a file. */
export interface SourceFile {
  /** Names it within its source: the path below the folder's root. */
  readonly path: string
  /** What a person calls it, and what the landing is called. */
  readonly name: string
  /** Null: it has no versions and is read anew every time. */
  readonly version: FileVersion | null
  /** Sorts by age, oldest first: the date in its name where the pattern has one, else when it was changed. */
  readonly order: string
}

/** A file that has another size or time is another file. */
export interface FileVersion {
  readonly bytes: number
  /** Microseconds since 1970. */
  readonly modified: number
}

export const passedOverWhys = {
  too_old: 'older than the job takes',
  no_marker: 'its marker is not there yet, or older than the file',
  outside: 'a link that leads outside of the root',
  not_a_file: 'not a regular file',
  empty: 'empty',
} as const satisfies Readonly<Record<string, string>>
export type PassedOverWhy = keyof typeof passedOverWhys

/** What a look at a source found. */
export interface Findings {
  /** Oldest first. */
  readonly files: readonly SourceFile[]
  /** Fits the pattern and is not taken all the same. */
  readonly passedOver: readonly { readonly path: string; readonly why: PassedOverWhy }[]
}

export function sameVersion(a: FileVersion, b: FileVersion): boolean {
  return a.bytes === b.bytes && a.modified === b.modified
}
