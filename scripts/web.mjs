// Builds the web app where it is older than what it is made from. Plain JavaScript: set-up runs under whatever Node the machine has.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const folders = ['src/web', 'src/core']
const files = ['vite.config.ts', 'scripts/client.ts', 'docs/reference/openapi.json', 'package-lock.json']

/** A name for what the app is made from. */
function sourcesOf(root) {
  const hash = createHash('sha256')
  const look = (path) => {
    for (const entry of readdirSync(join(root, path), { withFileTypes: true })) {
      const inside = `${path}/${entry.name}`
      if (entry.isDirectory()) look(inside)
      else if (!/\.test\.tsx?$/.test(entry.name)) hash.update(inside).update(readFileSync(join(root, inside)))
    }
  }
  for (const folder of folders.filter((each) => existsSync(join(root, each)))) look(folder)
  for (const file of files.filter((each) => existsSync(join(root, each))))
    hash.update(readFileSync(join(root, file)))
  return hash.digest('hex')
}

/** Whether the built app and the client of the API are those of the sources as they are. */
export function isBuilt(root) {
  if (!existsSync(join(root, 'vite.config.ts'))) return true
  const made = join(root, 'dist/web/sources')
  if (!existsSync(made) || !existsSync(join(root, 'src/client/index.ts'))) return false
  return readFileSync(made, 'utf8') === sourcesOf(root)
}

/** Makes src/client/ and dist/web/ with this Node. Answers whether that went well; what went wrong is printed. */
export function build(root, node) {
  const sources = sourcesOf(root)
  const steps = [['scripts/client.ts'], ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn']]
  for (const step of steps)
    if (spawnSync(node, step, { cwd: root, stdio: ['ignore', 2, 2] }).status !== 0) return false
  writeFileSync(join(root, 'dist/web/sources'), sources)
  return true
}
