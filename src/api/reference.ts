// The reference of the API as a page, made by Scalar from our own OpenAPI document; nothing of it comes from elsewhere.
import { randomBytes } from 'node:crypto'
import { gunzip as unpack, gzip as pack } from 'node:zlib'
import { promisify } from 'node:util'
import fastify, { type FastifyInstance } from 'fastify'
import { z } from 'zod'
import { failures } from './answers.ts'
import { contentPolicy } from './headers.ts'

const gzip = promisify(pack)
const gunzip = promisify(unpack)

/**
 * Runs before Scalar, so that its page needs no weaker policy than the others: sheets that it makes carry the nonce of this answer, style
 * attributes become properties, which the policy allows, and zod does not try whether texts may become code.
 */
const before = `'use strict'
{
  const nonce = document.querySelector('meta[property=csp-nonce]').content
  const create = Document.prototype.createElement
  Document.prototype.createElement = function (name, options) {
    const made = create.call(this, name, options)
    if (made instanceof HTMLStyleElement) made.nonce = nonce
    return made
  }
  const set = Element.prototype.setAttribute
  Element.prototype.setAttribute = function (name, value) {
    if (name === 'style' && this.style !== undefined) this.style.cssText = value
    else set.call(this, name, value)
  }
  const inner = Object.getOwnPropertyDescriptor(Element.prototype, 'innerHTML')
  Object.defineProperty(Element.prototype, 'innerHTML', {
    ...inner,
    set(html) {
      inner.set.call(this, String(html).replace(/(<[a-z][^<>]*) style="/gi, '$1 data-styled="'))
      for (const styled of this.querySelectorAll('[data-styled]')) {
        styled.style.cssText = styled.getAttribute('data-styled')
        styled.removeAttribute('data-styled')
      }
    },
  })
  globalThis.__zod_globalConfig = { jitless: true }
}
`

/** No fonts, no telemetry, no services of its makers: the page works without a way out, and asks for none. */
const settings = {
  withDefaultFonts: false,
  telemetry: false,
  hideClientButton: true,
  showDeveloperTools: 'never',
  agent: { disabled: true },
  mcp: { disabled: true },
  documentDownloadType: 'json',
  defaultOpenAllTags: false,
  operationTitleSource: 'summary',
  pageTitle: 'Sluice API',
}

const page = (nonce: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Sluice API</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta property="csp-nonce" content="${nonce}">
<link rel="icon" href="data:,">
</head>
<body>
<script id="api-reference" type="application/json" data-url="/v1/openapi.json" data-configuration="${JSON.stringify(settings).replaceAll('"', '&quot;')}"></script>
<script src="/reference/before.js"></script>
<script src="/reference/scalar.js"></script>
</body>
</html>
`

/** Adds the page, its script, and the document itself at /v1/openapi.json. */
export async function referencePage(app: FastifyInstance): Promise<void> {
  let script: Promise<Buffer> | undefined

  app.get('/reference', { schema: { hide: true } }, async (_request, reply) => {
    const nonce = randomBytes(16).toString('base64url')
    return reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('content-security-policy', contentPolicy(nonce))
      .send(page(nonce))
  })

  app.get('/reference/before.js', { schema: { hide: true } }, async (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').header('cache-control', 'no-cache').send(before),
  )

  app.get('/reference/scalar.js', { schema: { hide: true } }, async (request, reply) => {
    script ??= scalarScript()
    const packed = await script
    const takesGzip = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')
    void reply
      .type('text/javascript; charset=utf-8')
      .header('cache-control', 'public, max-age=86400')
      .header('vary', 'accept-encoding')
    if (takesGzip) return reply.header('content-encoding', 'gzip').send(packed)
    return reply.send(await gunzip(packed))
  })

  app.get(
    '/v1/openapi.json',
    {
      schema: {
        tags: ['server'],
        summary: 'This document',
        description: 'Every route with its schemas, as OpenAPI 3.1; /reference shows it as a page.',
        response: { 200: z.record(z.string(), z.unknown()), ...failures },
      },
    },
    async (_request, reply) =>
      reply.header('cache-control', 'no-cache').serializer(JSON.stringify).send(app.swagger()),
  )
}

/** Loaded when somebody looks: it is large, and most servers are never asked. Kept compressed. */
async function scalarScript(): Promise<Buffer> {
  const { default: scalar } = await import('@scalar/fastify-api-reference')
  const shelf = fastify()
  await shelf.register(scalar, { routePrefix: '/reference', configuration: { content: '{}' } })
  const { rawPayload } = await shelf.inject('/reference/js/scalar.js')
  await shelf.close()
  return gzip(rawPayload)
}
