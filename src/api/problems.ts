// The catalogue of problems: what a code means.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { failure, problems } from '../core/problems.ts'
import type { ProblemDefinition } from '../core/problem.ts'
import { failures } from './answers.ts'
import type { ApiContext } from './context.ts'

const schema = z.object({
  code: z.string(),
  class: z.enum(['transient', 'halting', 'record', 'bug']).meta({
    description: 'transient: may pass; halting: a person must act; record: this record only; bug: our fault.',
  }),
  title: z.string(),
  message: z.string().meta({ description: '{name} is filled from the details of an occurrence.' }),
  advice: z.string(),
})

export const problemRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app) => {
  app.get(
    '/problems/:code',
    {
      schema: {
        tags: ['problems'],
        summary: 'What a problem code means',
        params: z.object({ code: z.string() }),
        response: { 200: schema, ...failures },
      },
    },
    async (request) => {
      const { code } = request.params
      if (!Object.hasOwn(problems, code)) throw failure('not_found', { noun: 'problem', id: code })
      const { class: kind, title, message, advice } = (problems as Record<string, ProblemDefinition>)[code]!
      return { code, class: kind, title, message, advice }
    },
  )
}
