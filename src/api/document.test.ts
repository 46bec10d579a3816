// The OpenAPI document: examples fit the schemas of their routes, groups are explained, and every route says how it is refused.
import { subscribe } from 'node:diagnostics_channel'
import type { FastifyInstance, RouteOptions } from 'fastify'
import { beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { operationName } from './describe.ts'
import { tagNames } from './document.ts'
import examples from './examples.json' with { type: 'json' }
import { makeOpenApi } from './openapi.ts'

interface Operation {
  readonly operationId: string
  readonly tags?: string[]
  readonly security?: unknown[]
  readonly responses: Record<string, unknown>
}

const routes = new Map<string, RouteOptions['schema']>()
let operations: Operation[] = []

beforeAll(async () => {
  subscribe('fastify.initialization', (message) => {
    const { fastify } = message as { fastify: FastifyInstance }
    fastify.addHook('onRoute', ({ method, url, schema }) => {
      if (schema !== undefined) routes.set(operationName(String(method), url), schema)
    })
  })
  const { paths } = (await makeOpenApi('0.0.0')) as { paths: Record<string, Record<string, Operation>> }
  operations = Object.values(paths).flatMap((methods) => Object.values(methods))
})

test.each(Object.entries(examples))('the examples of %s fit its schemas', (name, example) => {
  const schema = routes.get(name) as { body?: z.ZodType; response?: Record<string, z.ZodType> } | undefined
  expect(schema).toBeDefined()
  if ('request' in example) z.parse(schema!.body!, example.request)
  const answer = Object.entries(schema!.response ?? {}).find(([status]) => status.startsWith('2'))?.[1]
  if ('response' in example) z.parse(answer!, example.response)
})

test('every group of routes is explained', () => {
  const used = new Set(operations.flatMap(({ tags = ['none'] }) => tags))
  expect([...used].filter((tag) => !tagNames.includes(tag))).toEqual([])
})

test('every route that needs a caller says how strangers are refused', () => {
  const silent = operations.filter(
    ({ security, responses }) => security?.length !== 0 && !('401' in responses),
  )
  expect(silent.map(({ operationId }) => operationId)).toEqual([])
})
