// Whether the job that another one runs after is there.
import type { JobSetup } from '../core/jobSetup.ts'
import { failure } from '../core/problems.ts'
import type { Namespace } from '../db/imports.ts'
import { findJob } from '../db/read/jobs.ts'
import type { ApiContext } from './context.ts'

/** A draft may be written before the job it follows; one that is switched on would wait for ever. Throws `after.unknown`. */
export async function checkFollowed(
  { database }: ApiContext,
  namespace: Namespace,
  name: string,
  { after }: JobSetup,
): Promise<void> {
  if (after === null) return
  const followed = await findJob(database.pool, namespace, after)
  // Found by its id, it is not the name that is followed.
  if (followed?.name !== after || followed.state === 'archived')
    throw failure('after.unknown', { job: name, after })
}
