// The checks a record goes through before anything is looked up, each with what it found.
import type { Mapping } from '../mapping.ts'
import type { PreparedRecord } from '../prepared.ts'
import type { Problem } from '../problem.ts'
import type { RawRecord } from '../dialect.ts'
import type { ColumnTrace } from './traceMapping.ts'

export interface CheckTrace {
  readonly check: 'readable' | 'identifier' | 'values' | 'as_of' | 'named' | 'filter'
  /** Null: it was not reached. */
  readonly passed: boolean | null
  /** What was checked, in words. */
  readonly says: string
  readonly problem: Problem | null
}

/** In the order in which the mapper asks; what comes after the first failure was not reached. */
export function traceChecks(
  mapping: Mapping,
  raw: RawRecord,
  prepared: PreparedRecord,
  traces: readonly ColumnTrace[],
): CheckTrace[] {
  const { failed, skipped } = prepared
  const checks = [
    { check: 'readable' as const, says: 'it can be read', problem: raw.bad },
    { check: 'identifier' as const, says: identifiersSay(traces), problem: among(failed, /^identifier\./) },
    { check: 'values' as const, says: valuesSay(traces, failed), problem: valueProblem(failed) },
    ...(mapping.columns.some(({ target }) => target.to === 'as_of')
      ? [
          {
            check: 'as_of' as const,
            says: 'its time is not in the future',
            problem: among(failed, /^as_of\.future$/),
          },
        ]
      : []),
    ...mapping.checks.map((name) => ({
      check: 'named' as const,
      says: `the checks of ${name}`,
      problem: among(failed, new RegExp(`^${name}\\.`)),
    })),
    ...(mapping.filters ?? []).map(({ name }) => ({
      check: 'filter' as const,
      says: `the filter "${name}" keeps it`,
      problem: [skipped?.note ?? null, failed].find((one) => isOf(one, name)) ?? null,
    })),
  ]
  let reached = true
  return checks.map(({ problem, ...rest }) => {
    const passed = reached ? problem === null : null
    if (problem !== null) reached = false
    return { ...rest, passed, problem: passed === false ? problem : null }
  })
}

function among(failed: Problem | null, codes: RegExp): Problem | null {
  return failed !== null && codes.test(failed.code) ? failed : null
}

function isOf(found: Problem | null, filter: string): boolean {
  return found !== null && /^(record\.filtered|filter\.)/.test(found.code) && found.details?.['by'] === filter
}

const others = /^(identifier|as_of|read|blueshift|filter)\./

/** A value that does not fit, or is missing where it must not be. */
function valueProblem(failed: Problem | null): Problem | null {
  return failed === null || others.test(failed.code) ? null : failed
}

function identifiersSay(traces: readonly ColumnTrace[]): string {
  const used = traces.filter(({ target, what }) => target === 'identifier' && what === 'value')
  return used.length === 0
    ? 'it has a usable identifier'
    : `it has a usable identifier (${used.map(({ key }) => key).join(', ')})`
}

function valuesSay(traces: readonly ColumnTrace[], failed: Problem | null): string {
  if (valueProblem(failed) !== null) return 'its values fit'
  const asserted = traces.filter(({ target, what }) => target === 'attribute' && what !== 'blank')
  const fit = asserted.filter(({ what }) => what === 'value' || what === 'cleared')
  if (asserted.length === 0) return 'there is no value to check'
  return fit.length === asserted.length
    ? `its ${asserted.length === 1 ? 'value fits its type' : `${asserted.length} values fit their types`}`
    : `${fit.length} of ${asserted.length} values fit their types`
}
