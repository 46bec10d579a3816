// The request headers that routes heed, for the OpenAPI document. The routes read them themselves: a schema would take the others away.
import { idempotencyDescription, takesKey } from './idempotency.ts'

const ifMatch = {
  'if-match': {
    type: 'string',
    description: 'The ETag that was looked at: what has changed since is not changed (412).',
  },
}
const range = {
  range: { type: 'string', description: 'A part of the file, such as bytes=0-1023.' },
  'if-range': {
    type: 'string',
    description: 'The ETag the part must belong to; otherwise the whole file comes.',
  },
}
const version = { 'tus-resumable': { type: 'string', const: '1.0.0', description: 'The protocol.' } }
const checksum = {
  'upload-checksum': {
    type: 'string',
    description: 'sha1, sha256 or md5, a blank, and the checksum in Base64.',
  },
}

const namespace = '/v1/namespaces/:namespace'
const ofRoutes: Readonly<Record<string, Readonly<Record<string, object>>>> = {
  [`PATCH ${namespace}/jobs/:job`]: ifMatch,
  [`PATCH ${namespace}/settings`]: ifMatch,
  [`PATCH ${namespace}/members/:member`]: ifMatch,
  [`DELETE ${namespace}/members/:member`]: ifMatch,
  [`DELETE ${namespace}/tokens/:token`]: ifMatch,
  [`DELETE ${namespace}/webhooks/:webhook`]: ifMatch,
  [`PUT ${namespace}/secrets/:secret`]: ifMatch,
  [`DELETE ${namespace}/secrets/:secret`]: ifMatch,
  'PATCH /v1/users/:user': ifMatch,
  'DELETE /v1/users/:user/two-factor': ifMatch,
  [`GET ${namespace}/runs/:run/artifacts/:name`]: range,
  [`GET ${namespace}/uploads/:upload/content`]: range,
  [`POST ${namespace}/uploads/resumable`]: {
    ...version,
    'upload-length': { type: 'integer', description: 'Bytes of the whole file.' },
    'upload-metadata': { type: 'string', description: 'filename, a blank, and the name in Base64.' },
    ...checksum,
  },
  [`PATCH ${namespace}/uploads/resumable/:resumable`]: {
    ...version,
    'upload-offset': { type: 'integer', description: 'Where in the file the body begins.' },
    ...checksum,
  },
  [`DELETE ${namespace}/uploads/resumable/:resumable`]: version,
}

const key = {
  'idempotency-key': { type: 'string', minLength: 1, maxLength: 255, description: idempotencyDescription },
}

/** What a route heeds, as a part of its schema; empty: nothing of its own. */
export function requestHeadersOf(method: string, url: string): { readonly headers?: object } {
  const own = { ...ofRoutes[`${method} ${url}`], ...(takesKey(method, url) ? key : {}) }
  return Object.keys(own).length === 0 ? {} : { headers: { type: 'object', properties: own } }
}

/** Routes that are named here; each must exist. */
export const routesWithHeaders: readonly string[] = Object.keys(ofRoutes)
