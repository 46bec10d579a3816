// The nightly chore that removes audit lines older than each namespace wants them kept, and tries to sign in of days ago.
import { namespaceSettingsSchema } from '../../core/namespaceSettings.ts'
import { auditedNamespaces, removeAudit } from '../../db/audit.ts'
import { allNamespaces } from '../../db/read/namespaces.ts'
import { readSettings } from '../../db/settings.ts'
import { removeOldTries } from '../../db/signInTries.ts'
import type { Chore } from './chore.ts'

const day = 86_400_000

export const auditRetention: Chore = {
  name: 'audit_retention',
  cron: '37 3 * * *',
  run: async ({ db, clock }) => {
    const now = clock.now()
    // Lines of the whole installation, and of namespaces that are gone, are kept as long as anywhere by default.
    const usual = namespaceSettingsSchema.parse({}).retention.audit
    const days = new Map<string | null, number | null>([[null, usual]])
    for (const name of await auditedNamespaces(db.pool)) days.set(name, usual)
    for (const { id, name } of await allNamespaces(db.pool))
      days.set(name, (await readSettings(db.pool, id)).retention.audit)
    for (const [name, kept] of days)
      if (kept !== null) await removeAudit(db, name, new Date(now - kept * day).toISOString())
    await removeOldTries(db.pool, new Date(now).toISOString())
  },
}
