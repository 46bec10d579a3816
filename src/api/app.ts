// The web app on the same port as the API: its files, and its one page for every address that people open in a browser.
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { answerUnknown } from './answers.ts'
import { contentPolicy } from './headers.ts'

const missing = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Sluice</title>
<h1>The web app is not built</h1><p>Type <code>npm run build</code> in the folder of Sluice, then start it again.</p></html>`

/** Adds the files of the app below `/assets`. Their names say what is in them: browsers keep them for good. */
export async function appFiles(app: FastifyInstance, { folder }: { readonly folder: string }): Promise<void> {
  if (!existsSync(join(folder, 'assets'))) return
  await app.register(fastifyStatic, {
    root: join(folder, 'assets'),
    prefix: '/assets/',
    index: false,
    preCompressed: true,
    immutable: true,
    maxAge: '365d',
    schemaHide: true,
  })
}

/** The answer for what no route serves: the app's page to a browser that asks for one, else the problem. */
export function answerPage(folder: string): (request: FastifyRequest, reply: FastifyReply) => FastifyReply {
  const file = join(folder, 'index.html')
  // Read anew each time: it names the files of the build that is there now.
  const page = (): string => (existsSync(file) ? readFileSync(file, 'utf8') : missing)
  return (request, reply) => {
    const path = request.url.split('?')[0] ?? ''
    const asksForPage = request.method === 'GET' && request.headers.accept?.includes('text/html') === true
    if (!asksForPage || /^\/(v1|assets)(\/|$)/.test(path)) return answerUnknown(request, reply)
    const nonce = randomBytes(16).toString('base64url')
    return reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('content-security-policy', contentPolicy(nonce))
      .send(page().replaceAll('SLUICE_NONCE', nonce))
  }
}
