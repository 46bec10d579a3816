// The API as OpenAPI 3.1, read from the routes themselves.
import { readFileSync } from 'node:fs'
import { makeOpenApi } from '../../src/api/openapi.ts'

/** docs/reference/openapi.json */
export async function openApiDocument(): Promise<string> {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  return `${JSON.stringify(await makeOpenApi(version), null, 1)}\n`
}
