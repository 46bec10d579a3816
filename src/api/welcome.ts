// The page that one-time links lead to, from three files beside this one.
import { readFile } from 'node:fs/promises'
import type { FastifyInstance } from 'fastify'

const files = [
  { path: '/welcome', file: 'page.html', type: 'text/html; charset=utf-8' },
  { path: '/welcome.css', file: 'page.css', type: 'text/css; charset=utf-8' },
  { path: '/welcome.js', file: 'page.js', type: 'text/javascript; charset=utf-8' },
] as const

/** Adds the page; it is for people and stands in no description of the API. */
export async function welcomePage(app: FastifyInstance): Promise<void> {
  for (const { path, file, type } of files) {
    const text = await readFile(new URL(`./welcome/${file}`, import.meta.url), 'utf8')
    app.get(path, { schema: { hide: true } }, (_request, reply) =>
      reply.type(type).header('cache-control', 'no-cache').send(text),
    )
  }
}
