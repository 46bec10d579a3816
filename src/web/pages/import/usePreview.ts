// What the preview of an upload knows: how the file was read, and what a person changed about it.
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { getAttributesOptions } from '../../../client/@tanstack/react-query.gen.ts'
import { postUploadInspect, type Inspection, type UploadView } from '../../../client/index.ts'
import type { Dialect } from '../../../core/dialect.ts'
import type { ImportDefinition } from '../../../core/job.ts'
import { writePolicySchema, type ColumnMapping, type WritePolicy } from '../../../core/mapping.ts'
import { applyFlags, openQuestions, type MappingFlags } from '../../../core/mappingFlags.ts'
import { useNamespace } from '../../lib/place.ts'
import type { KnownAttribute } from './targets.ts'

export type Question = Inspection['ambiguities'][number]

export interface PreviewState {
  readonly inspection: UseQueryResult<Inspection, unknown>
  readonly attributes: readonly KnownAttribute[]
  readonly columns: readonly ColumnMapping[]
  readonly questions: readonly Question[]
  readonly policy: WritePolicy
  readonly hints: Partial<Dialect>
  readonly setHints: (hints: Partial<Dialect>) => void
  readonly setPolicy: (policy: WritePolicy) => void
  /** A column is to become something, as --map takes it. */
  readonly retarget: (column: string, target: string) => void
  /** Another column mapping in place of the proposed. */
  readonly change: (mapping: ColumnMapping) => void
  /** What flags of the command line would change. */
  readonly say: (flags: MappingFlags) => void
  readonly definition: ImportDefinition | null
}

/** `job`: the name it is imported as; by custom that of the file. */
export function usePreview(upload: UploadView): PreviewState {
  const namespace = useNamespace()
  const [hints, setHints] = useState<Partial<Dialect>>({})
  const [policy, setPolicy] = useState<WritePolicy>(writePolicySchema.parse({}))
  const [changed, setChanged] = useState<ReadonlyMap<string, ColumnMapping>>(new Map())
  const inspection = useQuery({
    queryKey: ['inspection', namespace, upload.id, hints],
    queryFn: async () => {
      const body = { dialect: hints, job: upload.fileName }
      return (await postUploadInspect({ path: { namespace, upload: upload.id }, body })).data
    },
    staleTime: Infinity,
    placeholderData: (before) => before,
  })
  const known = useQuery(getAttributesOptions({ path: { namespace } }))
  const attributes = useMemo(() => known.data?.attributes ?? [], [known.data])
  const columns = useMemo(
    () =>
      ((inspection.data?.mapping.columns ?? []) as ColumnMapping[]).map(
        (column) => changed.get(column.column) ?? column,
      ),
    [inspection.data, changed],
  )
  const change = (mapping: ColumnMapping): void =>
    setChanged((before) => new Map(before).set(mapping.column, mapping))
  const say = (flags: MappingFlags): void => {
    const after = applyFlags({ columns: [...columns], checks: [] }, flags, attributes).columns
    setChanged((before) => new Map([...before, ...changesOf(columns, after)]))
  }
  const retarget = (column: string, target: string): void =>
    say(target === 'as_of' ? { asOf: column } : { map: [`${column}=${target}`] })
  const mapping = inspection.data === undefined ? null : { ...inspection.data.mapping, columns: [...columns] }
  const definition =
    inspection.data === undefined
      ? null
      : ({
          dialect: inspection.data.dialect,
          columns: inspection.data.columns.map(({ column }) => column),
          mapping,
          policy,
        } as unknown as ImportDefinition)
  const questions = questionsOf(inspection.data, definition, changed)
  return {
    inspection,
    attributes,
    columns,
    questions,
    policy,
    hints,
    setHints,
    setPolicy,
    retarget,
    change,
    say,
    definition,
  }
}

/** What only a person can answer, as long as it is open. */
function questionsOf(
  inspection: Inspection | undefined,
  definition: ImportDefinition | null,
  changed: ReadonlyMap<string, ColumnMapping>,
): Question[] {
  if (inspection === undefined || definition === null) return []
  const open = new Set(openQuestions(inspection.ambiguities, definition.mapping))
  return inspection.ambiguities.filter((one) =>
    one.about === 'remembered' ? !changed.has(one.column ?? '') : open.has(one as never),
  )
}

/** The columns that are not what they were. */
function changesOf(
  before: readonly ColumnMapping[],
  after: readonly ColumnMapping[],
): [string, ColumnMapping][] {
  return after
    .filter((one, i) => JSON.stringify(one) !== JSON.stringify(before[i]))
    .map((one) => [one.column, one])
}
