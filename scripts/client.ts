// Makes the typed client of the API from its OpenAPI document: docs/reference/openapi.json becomes src/client/, which is not committed.
import { fileURLToPath } from 'node:url'
import { createClient } from '@hey-api/openapi-ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Writes src/client/: a function and the query options of every operation, and the types of what goes in and out. */
export async function makeClient(): Promise<void> {
  await createClient({
    input: `${root}docs/reference/openapi.json`,
    output: { path: `${root}src/client`, importFileExtension: '.ts' },
    logs: { level: 'silent' },
    // Streams of news are read by the browser's own EventSource.
    parser: { filters: { tags: { exclude: ['live'] } } },
    plugins: [
      { name: '@hey-api/client-fetch', throwOnError: true },
      '@hey-api/typescript',
      '@hey-api/sdk',
      '@tanstack/react-query',
    ],
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await makeClient()
