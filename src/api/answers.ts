// How failures leave the API: problem details of RFC 9457, from the catalogue.
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { SluiceError, type Problem } from '../core/problem.ts'
import { adviceFor, definitionOf, problem } from '../core/problems.ts'
import { isConnectionLoss, sqlState } from '../db/client.ts'

/** RFC 9457 with our extensions: code, advice, details. */
export const problemAnswerSchema = z
  .object({
    type: z.string().meta({ description: 'Link to the problem, /v1/problems/CODE.' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: 'What happened, in one sentence.' }),
    code: z.string().meta({ description: 'Stable; the same codes as in runs and error files.' }),
    advice: z.string().meta({ description: 'What to do next.' }),
    details: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'ProblemAnswer' })
export type ProblemAnswer = z.infer<typeof problemAnswerSchema>

export function problemAnswer(occurrence: Problem): ProblemAnswer {
  const { title, status = 422 } = definitionOf(occurrence.code)
  return {
    type: `/v1/problems/${occurrence.code}`,
    title,
    status,
    detail: occurrence.message,
    code: occurrence.code,
    advice: adviceFor(occurrence),
    ...(occurrence.details === undefined ? {} : { details: occurrence.details }),
  }
}

/** What an error means to the caller. */
export function meaningOf(error: unknown): Problem {
  if (error instanceof SluiceError) return error.problem
  const { statusCode, message, validation } = error as FastifyError
  if (validation !== undefined || (statusCode !== undefined && statusCode < 500))
    return problem('invalid_request', { detail: validation === undefined ? message : faultsOf(validation) })
  if (isConnectionLoss(error)) return problem('database_unreachable', { detail: (error as Error).message })
  if (sqlState(error) === '57014') return problem('search.too_slow', { seconds: 10 })
  return problem('internal', { detail: withoutValues(error) })
}

/** What PostgreSQL says can quote a customer's value, and what the system says names folders: their codes are enough to find it. */
function withoutValues(error: unknown): string {
  const state = sqlState(error)
  if (state !== undefined) return `PostgreSQL answered ${state}`
  const { code, syscall, message } = error as NodeJS.ErrnoException
  return code !== undefined && syscall !== undefined ? `${syscall} answered ${code}` : message
}

/** `run: a run id looks like r1042` for each value that does not fit. */
function faultsOf(validation: NonNullable<FastifyError['validation']>): string {
  return validation
    .map(
      ({ instancePath, message = 'does not fit' }) =>
        `${instancePath.replace(/^\//, '').replaceAll('/', '.')}: ${message}`,
    )
    .join('; ')
}

/** The error handler of the whole server. */
export function answerError(logFault: (error: unknown) => void) {
  return (error: FastifyError, _request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const answer = problemAnswer(meaningOf(error))
    if (answer.status >= 500) logFault(error)
    return reply.code(answer.status).type('application/problem+json').serializer(JSON.stringify).send(answer)
  }
}

/** The answer for a path nobody serves. */
export function answerUnknown(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const path = request.url.split('?')[0] ?? ''
  const answer = problemAnswer(problem('route.unknown', { method: request.method, path }))
  return reply.code(404).type('application/problem+json').serializer(JSON.stringify).send(answer)
}

/** Response schemas every route shares. */
export const failures = { '4xx': problemAnswerSchema, '5xx': problemAnswerSchema } as const
