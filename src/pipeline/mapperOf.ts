// The mapping of a run, compiled.
import { compileMapping } from '../core/compileMapping.ts'
import type { ImportDefinition } from '../core/job.ts'
import type { RecordMapper } from '../core/mapped.ts'
import type { Mapping } from '../core/mapping.ts'
import type { Run } from '../db/runs.ts'

/** What a run maps its records with. */
export function mapperOf(run: Run): RecordMapper {
  return compileMapping(readMapping(run.definition), run.definition.columns, {
    file: run.fileName,
    now: () => performance.now(),
  })
}

/** Who deletes looks at no value, so none can be wrong; only a filter may still ask for one. */
function readMapping({ mapping, policy }: ImportDefinition): Mapping {
  if (policy.mode !== 'delete' || (mapping.filters ?? []).length > 0) return mapping
  const columns = mapping.columns.map((column) =>
    column.target.to === 'attribute' ? { column: column.column, ...ignored } : column,
  )
  return { ...mapping, columns, checks: [] }
}

const ignored = { target: { to: 'ignore' }, format: {}, blank: 'ignore', onBad: 'fail' } as const
