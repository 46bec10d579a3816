// What the preview of an upload knows: how the file was read, and what a person changed about it.
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useCallback, useMemo, useState } from 'react'
import { getAttributesOptions } from '../../../client/@tanstack/react-query.gen.ts'
import { postUploadInspect, type Inspection, type UploadView } from '../../../client/index.ts'
import type { Dialect } from '../../../core/dialect.ts'
import type { ImportDefinition } from '../../../core/job.ts'
import { jobNameOf } from '../../../core/jobSetup.ts'
import { writePolicySchema, type ColumnMapping, type WritePolicy } from '../../../core/mapping.ts'
import { applyFlags, openQuestions, type MappingFlags } from '../../../core/mappingFlags.ts'
import { useNamespace } from '../../lib/place.ts'
import type { Question } from '../../parts/reading/questions.tsx'
import type { KnownAttribute } from '../../parts/reading/targets.ts'

export interface PreviewState {
  readonly inspection: UseQueryResult<Inspection, unknown>
  readonly attributes: readonly KnownAttribute[]
  readonly columns: readonly ColumnMapping[]
  readonly questions: readonly Question[]
  readonly policy: WritePolicy
  readonly hints: Partial<Dialect>
  /** Reads the file again, with what is said beside what was said before. */
  readonly read: (said: Partial<Dialect>) => void
  readonly setPolicy: (policy: WritePolicy) => void
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
      const body = { dialect: hints, job: jobNameOf(upload.fileName) }
      return (await postUploadInspect({ path: { namespace, upload: upload.id }, body })).data
    },
    staleTime: Infinity,
    placeholderData: (before) => before,
  })
  const known = useQuery(getAttributesOptions({ path: { namespace } }))
  const attributes = useMemo(() => known.data?.attributes ?? [], [known.data])
  const proposed = inspection.data?.mapping.columns as readonly ColumnMapping[] | undefined
  const columns = useMemo(() => withChanges(proposed, changed), [proposed, changed])
  const change = useCallback(
    (mapping: ColumnMapping) => setChanged((before) => new Map(before).set(mapping.column, mapping)),
    [],
  )
  // The same function as long as the file is: thousands of columns are not drawn again for one.
  const say = useCallback(
    (flags: MappingFlags) =>
      setChanged((before) => {
        const now = withChanges(proposed, before)
        const { columns: after } = applyFlags({ columns: [...now], checks: [] }, flags, attributes)
        return new Map([...before, ...changesOf(now, after)])
      }),
    [proposed, attributes],
  )
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
    read: (said) => setHints((before) => ({ ...before, ...said })),
    setPolicy,
    change,
    say,
    definition,
  }
}

/** The proposed columns with what a person made of them. */
function withChanges(
  proposed: readonly ColumnMapping[] = [],
  changed: ReadonlyMap<string, ColumnMapping>,
): ColumnMapping[] {
  return proposed.map((column) => changed.get(column.column) ?? column)
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
