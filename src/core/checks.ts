// Named sets of extra checks over a mapped record; never on by default, as real people have long names.
import { blueshiftChecks } from './checks/blueshift.ts'
import type { RecordCheck } from './checks/recordCheck.ts'
import type { MappedAttribute, MappedIdentifier } from './mapped.ts'
import type { Mapping } from './mapping.ts'

type CheckName = Mapping['checks'][number]
type CheckSet = (
  attributes: readonly MappedAttribute[],
  identifiers: readonly MappedIdentifier[],
) => RecordCheck[]

const checkSets: Readonly<Record<CheckName, CheckSet>> = { blueshift: blueshiftChecks }

export function compileChecks(
  names: readonly CheckName[],
  attributes: readonly MappedAttribute[],
  identifiers: readonly MappedIdentifier[],
): RecordCheck[] {
  return names.flatMap((name) => checkSets[name](attributes, identifiers))
}
