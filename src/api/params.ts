// Path and query parts that many routes share.
import { z } from 'zod'
import { runIdParam } from './runId.ts'

export const namespaceParams = z.object({
  namespace: z.string().meta({ description: 'The tenant; the first is main.' }),
})

export const runParams = namespaceParams.extend({ run: runIdParam })

/** Page size; a list never answers more than this at once. */
export const pageLimit = z.coerce.number().int().min(1).max(500).default(50)

/** A date or a time; without a zone it is UTC. */
export const timeText = z
  .string()
  .regex(
    /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/,
    'a date like 2026-01-31 or a time like 2026-01-31T18:00:00Z',
  )

/** What a decision may say, as an approval and as a move of a run alike; it may come without a body. */
export const noteBody = z
  .object({ note: z.string().trim().max(1_000).optional().meta({ description: 'Why; kept in the log.' }) })
  .nullish()
