// What would become of one record now: the plan of an import for it alone, in a transaction that may only read.
import type pg from 'pg'
import type { Attribute } from '../core/attribute.ts'
import type { Existing, Identifier, Shape } from '../core/changeSet.ts'
import { decidedNow } from '../core/explain/decision.ts'
import type { DecisionFacts } from '../core/explain/explained.ts'
import type { RecordMapper } from '../core/mapped.ts'
import type { WritePolicy } from '../core/mapping.ts'
import { changed, valuesIn, type PreparedRecord } from '../core/prepared.ts'
import { inReadOnly, type Database } from '../db/client.ts'
import type { Delivery } from '../db/delivery.ts'
import type { Namespace } from '../db/imports.ts'
import { loadIdentifiers, loadProfiles } from '../db/resolve.ts'
import type { ProfileEndpoint } from './context.ts'
import { shapeOf } from './importChunks.ts'

interface Asked {
  readonly namespace: Namespace
  readonly runId: number
  readonly asOf: number
  readonly policy: WritePolicy
  readonly mapper: RecordMapper
}

/** Decides about one record as if it came now, alone. */
export async function decideNow(
  { db, profiles }: { readonly db: Database; readonly profiles: ProfileEndpoint },
  asked: Asked,
  record: PreparedRecord,
  catalogue: readonly Attribute[],
): Promise<DecisionFacts> {
  if (record.failed !== null || record.skipped !== null) return unplanned(record)
  const { attributes, identifiers } = asked.mapper
  const known = new Set(catalogue.map(({ key }) => key))
  const kept = attributes.flatMap(({ key }, i) => (known.has(key) ? [i] : []))
  const narrow = narrowed(record, kept, attributes.length)
  const whole = shapeOf(asked.mapper, catalogue, asked.policy.mode)
  const deletes = asked.policy.mode === 'delete'
  const shape = deletes ? whole : { ...whole, attributes: kept.map((i) => whole.attributes[i]!) }
  return db.withClient((client) =>
    inReadOnly(client, async () => {
      const delivery = deliveryOf(asked, shape)
      const hits = await profiles.resolve(client, delivery, valuesIn([narrow], identifiers.length))
      const decision = await profiles.decide(client, delivery, [narrow], hits)
      const existing = await existingOf(
        client,
        asked.namespace.schema,
        decision.shape,
        profiles.matchedProfiles(hits),
      )
      const planned = { record, attributes, slots: whole.slots }
      return decidedNow(planned, hits, decision.changeSet, existing, decision.shape)
    }),
  )
}

function unplanned({ failed, skipped, warnings }: PreparedRecord): DecisionFacts {
  return {
    state: failed === null ? 'skipped' : 'failed',
    outcome: null,
    reason: failed === null ? skipped!.reason : null,
    problem: failed,
    warnings: [...(skipped?.note == null ? [] : [skipped.note]), ...(warnings ?? [])],
    profile: null,
    lookedUp: [],
    merged: [],
    values: [],
    added: [],
    removed: [],
  }
}

/** Attributes that do not exist yet cannot be looked up; every value of theirs is new. */
function narrowed(record: PreparedRecord, kept: readonly number[], all: number): PreparedRecord {
  if (kept.length === all) return record
  const cells = record.row.split('\t')
  const cleared = record.cleared?.map((i) => kept.indexOf(i)).filter((i) => i !== -1) ?? null
  return changed(record, { cleared, row: kept.map((i) => cells[i]).join('\t') })
}

function deliveryOf({ namespace, runId, asOf, policy }: Asked, shape: Shape): Delivery {
  return {
    schema: namespace.schema,
    run: runId,
    asOf,
    runMonth: '',
    shape,
    policy,
    // Nobody is made: any number will do, and taking real ones would be a write.
    ids: {
      take: (_client, count) => Promise.resolve(Array.from({ length: count }, (_, i) => -1 - i)),
      giveBack: () => {},
    },
  }
}

async function existingOf(
  client: pg.ClientBase,
  schema: string,
  shape: Shape,
  ids: readonly number[],
): Promise<Map<number, Existing & { readonly identifiers: readonly Identifier[] }>> {
  const found = await loadProfiles(client, schema, shape, ids)
  const identifiers = await loadIdentifiers(client, schema, [...found.keys()])
  return new Map(
    [...found].map(([id, profile]) => [id, { ...profile, identifiers: identifiers.get(id) ?? [] }]),
  )
}
