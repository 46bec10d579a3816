// Makes the typed client of the API from its OpenAPI document: docs/reference/openapi.json becomes src/client/, which is not committed.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createClient } from '@hey-api/openapi-ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const document = `${root}docs/reference/openapi.json`
const folder = `${root}src/client`
/** Streams of news are read by the browser's own EventSource. */
const leftOut = 'live'

interface Operation {
  readonly operationId: string
  readonly tags?: readonly string[]
}

/**
 * Writes src/client/: a function and the query options of every operation for the web app, and the types of what goes in and out, also
 * by method and path for the command line.
 */
export async function makeClient(): Promise<void> {
  await createClient({
    input: document,
    output: { path: folder, importFileExtension: '.ts' },
    logs: { level: 'silent' },
    parser: { filters: { tags: { exclude: [leftOut] } } },
    plugins: [
      { name: '@hey-api/client-fetch', throwOnError: true },
      '@hey-api/typescript',
      '@hey-api/sdk',
      '@tanstack/react-query',
    ],
  })
  const { paths } = JSON.parse(readFileSync(document, 'utf8')) as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  }
  writeFileSync(
    `${folder}/operations.gen.ts`,
    operationsOf(paths, readFileSync(`${folder}/types.gen.ts`, 'utf8')),
  )
}

/** Every operation by method and path. @throws where a name is not made as expected: then this has to be changed. */
function operationsOf(
  paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>,
  types: string,
): string {
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, operation]) => operation.tags?.includes(leftOut) !== true)
      .map(([method, { operationId: id }]) => ({ path, method, name: id[0]!.toUpperCase() + id.slice(1) })),
  )
  const byMethod = Map.groupBy(all, (each) => each.method.toUpperCase())
  const lines = [...byMethod].flatMap(([method, those]) => [
    `  ${method}: {`,
    ...those.map(({ path, name }) => {
      if (!types.includes(`export type ${name}Data = {`))
        throw new Error(`${name}Data is not in types.gen.ts`)
      const answer = types.includes(`export type ${name}Response = `) ? `t.${name}Response` : 'never'
      return `    '${path}': { given: t.${name}Data; answer: ${answer} }`
    }),
    '  }',
  ])
  return [
    '// This file is made by scripts/client.ts: what goes into every operation and what it answers, by method and path.',
    "import type * as t from './types.gen.ts'",
    '',
    'export interface Operations {',
    ...lines,
    '}',
    '',
  ].join('\n')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await makeClient()
