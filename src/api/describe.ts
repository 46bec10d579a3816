// How routes appear in the OpenAPI document: schemas by name, and a name for every operation that programs can call it by.
import type { SwaggerTransform, SwaggerTransformObject } from '@fastify/swagger'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { requestHeadersOf } from './requestHeaders.ts'
import { completeDocument } from './document.ts'

const prefix = /^\/v1(\/namespaces\/:namespace(?=\/))?/

/**
 * The name of an operation: its method and the nouns of its path. `GET …/runs` is `getRuns`, `GET …/runs/:run` is `getRun`,
 * `POST …/runs/:run/retry-now` is `postRunRetryNow`. Unique, because methods and paths are.
 */
export function operationName(method: string, url: string): string {
  const parts = url.replace(prefix, '').split('/').slice(1)
  const nouns = parts
    .filter((part) => !part.startsWith(':'))
    .map((part) => {
      const followed = parts[parts.indexOf(part) + 1]?.startsWith(':') === true
      return camel(followed ? singular(part) : part)
    })
  return method.toLowerCase() + nouns.join('')
}

function singular(noun: string): string {
  return noun.replace(/ies$/, 'y').replace(/s$/, '')
}

function camel(part: string): string {
  return part.replaceAll(/(^|[-.])(\w)/g, (_, __, letter: string) => letter.toUpperCase())
}

/** What @fastify/swagger calls for every route. */
export const describeRoute: SwaggerTransform = (input) => {
  const described = jsonSchemaTransform(input)
  const { schema, route, url } = input
  if (schema?.hide === true) return described
  const method = Array.isArray(route.method) ? route.method[0]! : route.method
  const headers = requestHeadersOf(method, url)
  return {
    ...described,
    schema: { operationId: operationName(method, url), ...headers, ...described.schema },
  }
}

/** The whole document; of the schemas only those that somebody refers to. */
export const describeAll: SwaggerTransformObject = (input) => {
  const whole = jsonSchemaTransformObject(input) as {
    readonly paths?: unknown
    readonly components?: { readonly schemas?: Readonly<Record<string, unknown>> }
  }
  const all = whole.components?.schemas ?? {}
  const used = referredTo(whole.paths, all)
  const schemas = Object.fromEntries(Object.entries(all).filter(([name]) => used.has(name)))
  return completeDocument({ ...whole, components: { ...whole.components, schemas } }) as ReturnType<
    typeof jsonSchemaTransformObject
  >
}

function referredTo(paths: unknown, all: Readonly<Record<string, unknown>>): ReadonlySet<string> {
  const found = new Set<string>()
  const look = (part: unknown): void => {
    for (const [, name = ''] of JSON.stringify(part ?? {}).matchAll(/"#\/components\/schemas\/([^"]+)"/g))
      if (!found.has(name)) {
        found.add(name)
        look(all[name])
      }
  }
  look(paths)
  return found
}
