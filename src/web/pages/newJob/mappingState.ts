// The mapping that is being made: what the sample says of each column, and how a choice changes it.
import type { JobSampleView } from '../../../client/index.ts'
import type { ColumnMapping, Mapping } from '../../../core/mapping.ts'
import { applyFlags, openQuestions, type MappingFlags } from '../../../core/mappingFlags.ts'
import type { Question } from '../../parts/reading/questions.tsx'
import type { KnownAttribute } from '../../parts/reading/targets.ts'
import type { Draft } from './draft.ts'
import type * as Tools from './tools.ts'

export type ColumnReport = JobSampleView['columns'][number]

export interface MappingState {
  readonly mapping: Mapping
  /** Of the file, in its order; computed columns are none of them. */
  readonly columns: readonly string[]
  readonly attributes: readonly KnownAttribute[]
  readonly sample: JobSampleView | undefined
  readonly reports: ReadonlyMap<string, ColumnReport>
  readonly questions: readonly Question[]
  readonly set: (mapping: Mapping) => void
  /** Another mapping of one column; null takes it out. */
  readonly change: (column: string, to: ColumnMapping | null) => void
  /** As flags of the command line say it. */
  readonly say: (flags: MappingFlags) => void
}

/** The mapping beside the rows of the sample. */
export interface OfRows {
  readonly state: MappingState
  readonly rows: readonly Tools.Row[]
  /** Null: not loaded yet. */
  readonly tools: typeof Tools | null
}

export function mappingOf(
  draft: Draft,
  sample: JobSampleView | undefined,
  attributes: readonly KnownAttribute[],
): MappingState {
  const { mapping, columns } = draft.definition
  const set = (next: Mapping): void => draft.edit({ definition: { mapping: next } })
  const open = new Set(openQuestions(sample?.ambiguities ?? [], mapping))
  return {
    mapping,
    columns,
    attributes,
    sample,
    reports: new Map((sample?.columns ?? []).map((report) => [report.column, report])),
    questions: (sample?.ambiguities ?? []).filter((one) => open.has(one as never)),
    set,
    change: (column, to) => set({ ...mapping, columns: changed(mapping.columns, column, to) }),
    say: (flags) => set(applyFlags(mapping, flags, attributes)),
  }
}

function changed(columns: readonly ColumnMapping[], name: string, to: ColumnMapping | null): ColumnMapping[] {
  if (to === null) return columns.filter(({ column }) => column !== name)
  if (!columns.some(({ column }) => column === name)) return [...columns, to]
  return columns.map((one) => (one.column === name ? to : one))
}
