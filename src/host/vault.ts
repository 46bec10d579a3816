// The vault of this machine: its keys, and what of it the API and those who speak to other systems are handed.
import type { SecretsPort } from '../api/context.ts'
import { failure } from '../core/problems.ts'
import type { Database } from '../db/client.ts'
import { readSecret, rewrapSecrets, writeSecret } from '../db/secrets.ts'
import type { Config } from './config.ts'
import { masterKeys } from './masterKeys.ts'

export interface Vault extends SecretsPort {
  /** The value of a secret, for who speaks to another system; never for an answer or a log. */
  readonly read: (namespaceId: number, name: string) => Promise<string>
}

/** Throws `secret.key_invalid` where the key of the environment is none. */
export function openVault(database: Database, config: Pick<Config, 'home' | 'key' | 'keyBefore'>): Vault {
  const keys = masterKeys(config)
  return {
    keys,
    write: (namespace, secret, check) => writeSecret(database, keys, namespace.id, secret, check),
    read: (namespaceId, name) => readSecret(database.pool, keys, namespaceId, name),
    rotate: async () => {
      const count = await rewrapSecrets(database, keys, keys.fixed ? () => Promise.resolve() : keys.renew)
      if (keys.fixed && count === 0) throw failure('secret.key_fixed')
      await keys.forget()
      return count
    },
  }
}
