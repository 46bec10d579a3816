// The parameter with which an answer gets a vendor's words beside ours, and the words themselves.
import { z } from 'zod'
import { dialectNames, type VendorDialect } from '../core/namespaceSettings.ts'
import { readSettings } from '../db/settings.ts'
import type { Namespace } from '../db/imports.ts'
import type { ApiContext } from './context.ts'

/** Of lists and views. */
export const dialectQuery = z.object({
  dialect: z
    .enum([...dialectNames, 'namespace'])
    .default('sluice')
    .meta({
      description:
        'Adds the words of this vendor beside ours; namespace: of the one that is chosen in the settings.',
    }),
})

/** Which dialect is asked for. */
export async function dialectOf(
  context: ApiContext,
  namespace: Namespace,
  { dialect }: z.infer<typeof dialectQuery>,
): Promise<VendorDialect> {
  return dialect === 'namespace' ? (await readSettings(context.database.pool, namespace.id)).dialect : dialect
}
