// Advisory locks are known by numbers: two uses of one number would wait for each other for ever, as `secret rotate` once did.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

test('every lock of the whole installation has a number of its own', () => {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.ts'),
  )
  const found = files.flatMap((path) => {
    // A lock with a class and a number is another kind, and never meets these.
    const text = readFileSync(`${root}/${path}`, 'utf8').replaceAll(/^const lockClass = .*$/gm, '')
    return [
      ...new Set([...text.matchAll(/\b7_?305_?\d{3}\b/g)].map(([number]) => number.replaceAll('_', ''))),
    ]
  })
  expect(found.length).toBeGreaterThan(2)
  expect(found.filter((number, i) => found.indexOf(number) !== i)).toEqual([])
})
