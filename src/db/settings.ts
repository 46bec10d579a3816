// What holds for a whole namespace (core/namespaceSettings.ts): read, and changed as one.
import type pg from 'pg'
import { changeSettings, type ChosenSettings } from '../core/changeSettings.ts'
import { namespaceSettingsSchema, type NamespaceSettings } from '../core/namespaceSettings.ts'
import { forgetPlans } from './schedules.ts'
import { prepared } from './sql.ts'

/** The settings of a namespace, with defaults where nobody chose. */
export async function readSettings(
  client: pg.ClientBase | pg.Pool,
  namespaceId: number,
): Promise<NamespaceSettings> {
  const { rows } = await client.query<{ settings: ChosenSettings }>(
    prepared('select settings from sluice.namespace where id = $1', [namespaceId]),
  )
  return namespaceSettingsSchema.parse(rows[0]?.settings ?? {})
}

/**
 * Lays a change over what was chosen, within a transaction. `check` sees what holds until now, when nobody else can
 * change it any more. Throws `settings.unknown` and `settings.invalid`.
 */
export async function writeSettings(
  client: pg.ClientBase,
  namespaceId: number,
  change: ChosenSettings,
  check: (now: NamespaceSettings) => void = () => {},
): Promise<NamespaceSettings> {
  const { rows } = await client.query<{ settings: ChosenSettings }>(
    prepared('select settings from sluice.namespace where id = $1 for update', [namespaceId]),
  )
  const before = rows[0]?.settings ?? {}
  check(namespaceSettingsSchema.parse(before))
  const chosen = changeSettings(before, change)
  await client.query('update sluice.namespace set settings = $2 where id = $1', [
    namespaceId,
    JSON.stringify(chosen),
  ])
  if (change['zone'] !== undefined) await forgetPlans(client, namespaceId)
  return namespaceSettingsSchema.parse(chosen)
}
