// The table of rights and the routes: each has the other; and what the audit is told about.
import { expect, test } from 'vitest'
import { makeOpenApi } from './openapi.ts'
import { isAudited, needOf, routesWithNeeds } from './rights.ts'

async function everyRoute(): Promise<string[]> {
  const { paths } = (await makeOpenApi('0.0.0')) as { paths: Record<string, Record<string, unknown>> }
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
  )
}

test('#55 every route has a line in src/api/rights.ts (without one it is refused), and every line a route', async () => {
  // Pages are in the table and in no description of the API.
  const ofTheApi = [...routesWithNeeds.keys()].filter((line) => / \/(v1\/|healthz$|readyz$)/.test(line))
  expect(ofTheApi.sort()).toEqual((await everyRoute()).sort())
})

test('#55 a route nobody decided about needs something nobody has', () => {
  expect(needOf('GET', '/v1/namespaces/:namespace/treasure')).toBeUndefined()
  expect(needOf('DELETE', '/v1/namespaces/:namespace/runs')).toBeUndefined()
  expect(needOf('HEAD', '/v1/namespaces/:namespace/runs')).toBe('view')
})

test('#56 the audit hears of writes and of downloads of personal data, not of looking', () => {
  expect(isAudited('POST', 'run')).toBe(true)
  expect(isAudited('POST', 'public')).toBe(true)
  expect(isAudited('POST', 'view')).toBe(false)
  expect(isAudited('GET', 'audit')).toBe(false)
  expect(isAudited('GET', 'download_personal')).toBe(true)
})
