// Whether the job that another one runs after is there, and does not run after it in turn.
import type pg from 'pg'
import type { JobSetup } from '../core/jobSetup.ts'
import { failure } from '../core/problems.ts'
import { lockFollows } from '../db/follows.ts'
import type { Namespace } from '../db/imports.ts'
import { findJob, runsAfterItself } from '../db/read/jobs.ts'
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

/**
 * Jobs that run after each other in a circle would never stop. Holds until the transaction ends: nobody else closes one
 * meanwhile. Throws `job.setup_invalid`.
 */
export async function checkCircle(
  client: pg.ClientBase,
  namespace: Namespace,
  name: string,
  { after }: Pick<JobSetup, 'after'>,
): Promise<void> {
  if (after === null) return
  await lockFollows(client, namespace.id)
  await refuseCircle(client, namespace, name, after)
}

/**
 * The same for another name, by which a job may come to follow itself. It waits for nobody: a rename holds the rows of those
 * that follow it.
 */
export async function checkRenamed(
  client: pg.ClientBase,
  namespace: Namespace,
  name: string,
  { after }: Pick<JobSetup, 'after'>,
): Promise<void> {
  if (after !== null) await refuseCircle(client, namespace, name, after)
}

async function refuseCircle(
  client: pg.ClientBase,
  namespace: Namespace,
  name: string,
  after: string,
): Promise<void> {
  if (await runsAfterItself(client, namespace, name, after))
    throw failure('job.setup_invalid', { detail: `${name} would run after itself, by way of ${after}.` })
}
