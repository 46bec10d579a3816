// What the web app weighs and how soon it can be used: `node bench/web.ts [--rounds 5]`.
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { systemClock } from '../src/core/clock.ts'
import { WebApp } from '../test/support/webApp.ts'

const built = fileURLToPath(new URL('../dist/web/', import.meta.url))
const resultsFolder = fileURLToPath(new URL('./results/', import.meta.url))

/** Kilobytes of JavaScript, compressed, before anything is shown; milliseconds until the first page can be used. */
const aims = { kilobytes: 250, milliseconds: 1_000 } as const

interface Chunk {
  readonly file: string
  readonly imports?: readonly string[]
  readonly isEntry?: boolean
}

/** Compressed bytes (gzip) of a chunk and everything it imports at once. */
function weightOf(names: readonly string[], manifest: Readonly<Record<string, Chunk>>): number {
  const seen = new Set<string>()
  const look = (name: string): number => {
    if (seen.has(name)) return 0
    seen.add(name)
    const { file, imports = [] } = manifest[name]!
    return statSync(join(built, `${file}.gz`)).size + imports.reduce((sum, one) => sum + look(one), 0)
  }
  return names.reduce((sum, name) => sum + look(name), 0)
}

function weights(): { readonly entry: number; readonly withHome: number } {
  const manifest = JSON.parse(readFileSync(join(built, '.vite/manifest.json'), 'utf8')) as Record<
    string,
    Chunk
  >
  const entry = Object.keys(manifest).filter((name) => manifest[name]!.isEntry === true)
  return { entry: weightOf(entry, manifest), withHome: weightOf([...entry, 'pages/home/home.tsx'], manifest) }
}

/** Milliseconds from the address to a home page that shows its numbers, in a browser that has nothing of it yet. */
async function firstPage(app: WebApp, rounds: number): Promise<number[]> {
  const person = await app.person('ada@example.com')
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const { page, context } = await app.again(person, {})
    const began = systemClock.now()
    await page.goto('/n/main')
    await page.getByRole('heading', { name: 'Home' }).waitFor()
    await page.getByRole('button', { name: 'Import a file' }).first().waitFor()
    times.push(systemClock.now() - began)
    await context.close()
  }
  return times.sort((a, b) => a - b)
}

const { values } = parseArgs({ options: { rounds: { type: 'string' } } })
const { entry, withHome } = weights()
const app = await WebApp.open()
const times = await firstPage(app, Number(values.rounds ?? 5))
await app.close()
const median = times[Math.floor(times.length / 2)]!
const kilobytes = (bytes: number): number => Math.round(bytes / 1_000)
const date = new Date(systemClock.now()).toISOString().slice(0, 10)
const load = Math.round((loadavg()[0] ?? 0) * 10) / 10
const result = {
  date,
  load,
  kilobytes: { entry: kilobytes(entry), withHome: kilobytes(withHome) },
  milliseconds: { median, all: times },
  aims,
}
mkdirSync(resultsFolder, { recursive: true })
writeFileSync(join(resultsFolder, `${date}-web.json`), `${JSON.stringify(result, null, 1)}\n`)
process.stdout.write(`${JSON.stringify(result, null, 1)}\n`)
