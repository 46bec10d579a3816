// The job of a route: by its name, or by its id (j12).
import { z } from 'zod'
import { failure } from '../core/problems.ts'
import type { Namespace } from '../db/imports.ts'
import { findJob, type JobRow } from '../db/read/jobs.ts'
import { namespaceOf, type ApiContext } from './context.ts'
import { namespaceParams } from './params.ts'

export const jobParams = namespaceParams.extend({
  job: z.string().meta({ description: 'The name of the job, or its id.' }),
})

/** The job of a route with its namespace, or `not_found`. */
export async function jobOf(
  context: ApiContext,
  params: z.infer<typeof jobParams>,
): Promise<{ namespace: Namespace; job: JobRow }> {
  const namespace = await namespaceOf(context, params.namespace)
  const job = await findJob(context.database.pool, namespace, params.job)
  if (job === undefined) throw failure('not_found', { noun: 'job', id: params.job })
  return { namespace, job }
}
