// The OpenAPI document, made from the routes themselves: docs/reference/openapi.json is this, written down.
import type { ApiContext } from './context.ts'
import { makeServer } from './server.ts'

/** OpenAPI 3.1 as a value. Needs no database: routes are described, not called. */
export async function makeOpenApi(version: string): Promise<unknown> {
  const about = { version, pid: 0, home: '', port: () => null }
  // Nothing of the context is touched before a request comes.
  const app = await makeServer({ about, web: '', logFault: () => {} } as unknown as ApiContext)
  await app.ready()
  const document: unknown = app.swagger()
  await app.close()
  return document
}
