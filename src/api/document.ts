// What the OpenAPI document says beside the routes: what each group is about, how to sign in, standard answers, files, examples.
import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import examples from './examples.json' with { type: 'json' }
import { needOf } from './rights.ts'

type Json = Record<string, unknown>

const tags: Readonly<Record<string, string>> = {
  uploads:
    'Files that were sent, and what is in them. A file lands first; everything later reads the landing.',
  bulk: 'Records in the body of one request: CSV or JSON.',
  imports: 'Starting an import of a file, or of a corrected error file.',
  runs: 'Executions of jobs: the list, one with its numbers, what a person can do with it, its errors and files, the queue.',
  live: 'News as it happens, as server-sent events.',
  log: 'What happened to a job and its runs, line by line.',
  jobs: 'What is imported from where, how and when.',
  sources: 'Where the records of jobs come from.',
  schedules: 'When jobs run by themselves.',
  mappings: 'Which column becomes which attribute, and what is remembered of it.',
  records: 'Every record that was read, what became of it and why; retrying, skipping and settling them.',
  undos: 'Taking back what runs wrote.',
  profiles: 'People: finding them, one with its history.',
  attributes: 'What profiles can have.',
  approvals: 'Changes and runs that a second person agrees to.',
  messages: 'What people and programs were told, and webhooks.',
  retention: 'What will be removed, and when.',
  secrets: 'Secrets of connections and webhooks; they are never answered.',
  namespaces: 'Tenants: each with profiles, jobs and members of its own; their settings.',
  people: 'Signing in, users, members, invitations and tokens.',
  audit: 'Who did what.',
  problems: 'Everything that can go wrong, by its code.',
  server: 'The server itself.',
}

/** What @fastify/swagger begins with. */
export function documentBasis(version: string): NonNullable<FastifyDynamicSwaggerOptions['openapi']> {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Sluice',
      version,
      description:
        'Moves customer data in and out of one profile store. Failures are problem details (RFC 9457) with a stable code and advice.',
      license: { name: 'Apache 2.0', identifier: 'Apache-2.0' } as { name: string },
    },
    servers: [{ url: '/', description: 'This server.' }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    security: [{ token: [] }, { session: [] }],
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'A token: sluice token create makes one.' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'sluice',
          description: 'The cookie of somebody who signed in; over https it is called __Host-sluice.',
        },
      },
    },
  }
}

/** Every tag that routes may name. */
export const tagNames = Object.keys(tags)

const standard: Readonly<Record<string, string>> = {
  401: 'Nobody is signed in, or the token is not good.',
  403: 'The caller lacks the right for it.',
  404: 'There is no such thing, or not for this caller.',
  409: 'It is not possible in the state things are in; the answer says what is.',
  429: 'Too many requests; Retry-After says how long to wait.',
}

const fileTypes: Readonly<Record<string, readonly string[]>> = {
  getRunLogFile: ['text/plain', 'application/x-ndjson'],
  getJobLogFile: ['text/plain', 'application/x-ndjson'],
  getRunProcessed: ['text/csv'],
  getJobTemplate: ['text/csv'],
  getRunArtifact: ['text/csv', 'application/octet-stream'],
  getUploadContent: ['application/octet-stream'],
  getAuditFile: ['text/csv'],
  getWholeAuditFile: ['text/csv'],
}

const bodyTypes: Readonly<Record<string, readonly string[]>> = {
  postUploads: ['application/octet-stream'],
  postBulkCsv: ['text/csv'],
  postBulkJson: ['application/json', 'application/x-ndjson'],
  patchUploadsResumable: ['application/offset+octet-stream'],
}

const bytes = { schema: { type: 'string', format: 'binary' } }

function contentOf(types: readonly string[]): Record<string, Json> {
  return Object.fromEntries(types.map((type) => [type, bytes]))
}

interface Operation extends Json {
  readonly operationId?: string
  readonly responses?: Record<string, Json>
  readonly requestBody?: { readonly required?: boolean; readonly content?: Record<string, Json> }
}

/** Completes what the routes say of themselves. */
export function completeDocument<T extends { readonly paths?: unknown }>(document: T): T {
  const paths = (document.paths ?? {}) as Record<string, Record<string, Operation>>
  const completed = Object.entries(paths).map(([path, operations]) => [
    path,
    Object.fromEntries(
      Object.entries(operations).map(([method, operation]) => [method, complete(path, method, operation)]),
    ),
  ])
  return { ...document, paths: Object.fromEntries(completed) as unknown }
}

function complete(path: string, method: string, operation: Operation): Operation {
  const { operationId: name = '' } = operation
  const url = path.replaceAll(/\{(\w+)\}/g, ':$1')
  const open = needOf(method.toUpperCase(), url) === 'public'
  const takes = bodyTypes[name]
  return {
    ...operation,
    ...(open ? { security: [] } : {}),
    ...(takes === undefined ? {} : { requestBody: { required: true, content: contentOf(takes) } }),
    ...withRequestExample(name, operation),
    responses: responsesOf(name, operation.responses ?? {}, { open, method, path }),
  }
}

function withRequestExample(name: string, { requestBody }: Operation): Json {
  const example = (examples as Record<string, { request?: unknown }>)[name]?.request
  const content = requestBody?.content?.['application/json']
  if (example === undefined || content === undefined) return {}
  return {
    requestBody: {
      ...requestBody,
      content: { ...requestBody!.content, 'application/json': { ...content, example } },
    },
  }
}

function responsesOf(
  name: string,
  given: Record<string, Json>,
  { open, method, path }: { readonly open: boolean; readonly method: string; readonly path: string },
): Record<string, Json> {
  const answered: Record<string, Json> = {}
  const takesNames = path.replace('/namespaces/{namespace}', '').includes('{')
  for (const [status, answer] of Object.entries(given)) answered[status] = answerOf(name, status, answer)
  if (path.startsWith('/v1'))
    for (const [status, description] of Object.entries(standard)) {
      const fits =
        (status === '401' || status === '403' ? !open : true) &&
        (status === '404' ? takesNames || path.includes('{') : true) &&
        (status === '409' ? method !== 'get' : true)
      if (fits) answered[status] ??= { description, content: problemContent }
    }
  return answered
}

const problemContent = {
  'application/problem+json': { schema: { $ref: '#/components/schemas/ProblemAnswer' } },
}

function answerOf(name: string, status: string, answer: Json): Json {
  const content = answer['content'] as Record<string, Json> | undefined
  const json = content?.['application/json']
  if (/^[45]/.test(status) && json !== undefined)
    return {
      ...answer,
      description: 'A problem: what happened, and what to do next.',
      content: { 'application/problem+json': json },
    }
  const types = fileTypes[name]
  if (status.startsWith('2') && types !== undefined)
    return {
      ...answer,
      description: status === '206' ? 'The part of the file.' : 'The file.',
      content: contentOf(types),
    }
  const example = exampleOf(name, status)
  if (!status.startsWith('2') || example === undefined || json === undefined) return answer
  return { ...answer, content: { ...content, 'application/json': { ...json, example } } }
}

/** Of a route that answers in several ways one for each, or the same for all. */
function exampleOf(name: string, status: string): unknown {
  const { response, responses } = (examples as Record<string, Answers | undefined>)[name] ?? {}
  return responses?.[status] ?? response
}

interface Answers {
  readonly response?: unknown
  readonly responses?: Readonly<Record<string, unknown>>
}
