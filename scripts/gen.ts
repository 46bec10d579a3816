// Writes every file that is made from the code: `npm run gen`. `npm run gen -- --check` only says what is stale.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { accessPage } from './gen/access.ts'
import { commandsPage } from './gen/commands.ts'
import { dialectsPage } from './gen/dialects.ts'
import { jsonPage } from './gen/json.ts'
import { openApiDocument } from './gen/openapi.ts'
import { problemsPage } from './gen/problems.ts'
import { sourcesPage } from './gen/sources.ts'
import { statesPage } from './gen/states.ts'

interface Generator {
  /** From the root of the project. */
  readonly path: string
  readonly make: () => string | Promise<string>
}

/** Everything generated. A new reference page is one line here. */
const generators: readonly Generator[] = [
  { path: 'docs/reference/problems.md', make: problemsPage },
  { path: 'docs/reference/states.md', make: statesPage },
  { path: 'docs/reference/sources.md', make: sourcesPage },
  { path: 'docs/reference/access.md', make: accessPage },
  { path: 'docs/reference/dialects.md', make: dialectsPage },
  { path: 'docs/reference/commands.md', make: commandsPage },
  { path: 'docs/reference/json.md', make: jsonPage },
  { path: 'docs/reference/openapi.json', make: openApiDocument },
]

const root = fileURLToPath(new URL('..', import.meta.url))

function present(path: string): string | undefined {
  try {
    return readFileSync(join(root, path), 'utf8')
  } catch {
    return undefined
  }
}

/** The files whose content is not what the code says, with what it should be. */
async function stale(): Promise<{ path: string; text: string }[]> {
  const made = await Promise.all(generators.map(async ({ path, make }) => ({ path, text: await make() })))
  return made.filter(({ path, text }) => present(path) !== text)
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

const checking = process.argv.includes('--check')
for (const { path, text } of await stale()) {
  if (checking) {
    process.stdout.write(`${path} is stale: type npm run gen and commit it\n`)
    process.exitCode = 1
  } else {
    write(path, text)
    process.stdout.write(`${path} written\n`)
  }
}
