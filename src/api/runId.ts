// How a caller names a run: r1042.
import { z } from 'zod'

/** In paths and answers: `r` and the run's number in its namespace. The leading r may be left out when asking. */
export const runIdParam = z
  .string()
  .regex(/^r?\d{1,15}$/, 'a run id looks like r1042')
  .transform((text) => Number(text.replace(/^r/, '')))
  .meta({ description: 'The run, for example r1042.' })

export const runIdText = z.string().meta({ description: 'The run, for example r1042.' })
