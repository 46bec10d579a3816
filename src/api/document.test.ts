// The OpenAPI document: examples fit the schemas of their routes, groups are explained, and every route says how it is refused.
import { subscribe } from 'node:diagnostics_channel'
import type { FastifyInstance, RouteOptions } from 'fastify'
import { beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { operationName } from './describe.ts'
import { tagNames } from './document.ts'
import examples from './examples.json' with { type: 'json' }
import { makeOpenApi } from './openapi.ts'

type Content =
  | Record<string, { readonly example?: unknown; readonly schema?: { readonly format?: string } }>
  | undefined

interface Operation {
  readonly operationId: string
  readonly tags?: string[]
  readonly security?: unknown[]
  readonly requestBody?: { readonly content?: Content }
  readonly responses: Record<string, { readonly content?: Content }>
}

interface Answers {
  readonly response?: unknown
  readonly responses?: Readonly<Record<string, unknown>>
}

const isNothing = (answer: z.ZodType): boolean => answer instanceof z.ZodUndefined

const routes = new Map<string, RouteOptions['schema']>()
let operations: Operation[] = []

beforeAll(async () => {
  subscribe('fastify.initialization', (message) => {
    const { fastify } = message as { fastify: FastifyInstance }
    fastify.addHook('onRoute', ({ method, url, schema }) => {
      const { operationId: named } = (schema ?? {}) as { operationId?: string }
      if (schema !== undefined) routes.set(named ?? operationName(String(method), url), schema)
    })
  })
  const { paths } = (await makeOpenApi('0.0.0')) as { paths: Record<string, Record<string, Operation>> }
  operations = Object.values(paths).flatMap((methods) => Object.values(methods))
})

test.each(Object.entries(examples))('the examples of %s fit its schemas', (name, example) => {
  const schema = routes.get(name) as { body?: z.ZodType; response?: Record<string, z.ZodType> } | undefined
  expect(schema).toBeDefined()
  if ('request' in example) z.parse(schema!.body!, example.request)
  const { response, responses = {} } = example as Answers
  for (const [status, answer] of Object.entries(schema!.response ?? {}))
    if (status.startsWith('2') && !isNothing(answer)) {
      const shown = responses[status] ?? response
      if (shown !== undefined) z.parse(answer, shown)
    }
})

/** Of its JSON: what is a file has no example, and the document is its own. */
const wanting = (content: Content): boolean => {
  const json = content?.['application/json']
  return json !== undefined && json.example === undefined && json.schema?.format !== 'binary'
}

test('every JSON body that is sent has an example', () => {
  const without = operations.filter(({ requestBody }) => wanting(requestBody?.content))
  expect(without.map(({ operationId }) => operationId)).toEqual([])
})

test('every JSON answer has an example', () => {
  const without = operations.filter(({ responses }) =>
    Object.entries(responses).some(([status, { content }]) => status.startsWith('2') && wanting(content)),
  )
  expect(without.map(({ operationId }) => operationId)).toEqual(['getOpenapiJson'])
})

test('no example has anything that opens a door', () => {
  const text = JSON.stringify(examples)
  const keys = [...text.matchAll(/sluice_[\w-]{20,}|whsec_[\w+/=]+|welcome#[\w-]+/g)].map(([key]) => key)
  expect(keys.filter((key) => !/EXAMPLE|RVhBTVBMR/.test(key))).toEqual([])
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
