// Checks that the JSON on standard input contains the JSON given as argument; says every difference.
import { readFileSync } from 'node:fs'

/** @returns {string[]} */
function differences(/** @type {unknown} */ found, /** @type {unknown} */ wanted, path = '') {
  if (typeof wanted !== 'object' || wanted === null || typeof found !== 'object' || found === null)
    return found === wanted
      ? []
      : [`${path || 'answer'} is ${JSON.stringify(found)}, expected ${JSON.stringify(wanted)}`]
  return Object.entries(wanted).flatMap(([key, value]) =>
    differences(
      /** @type {Record<string, unknown>} */ (found)[key],
      value,
      path === '' ? key : `${path}.${key}`,
    ),
  )
}

const wanted = JSON.parse(process.argv[2] ?? '{}')
const found = differences(JSON.parse(readFileSync(0, 'utf8')), wanted)
for (const difference of found) console.log(difference)
if (found.length === 0) console.log(`  as expected: ${JSON.stringify(wanted)}`)
process.exitCode = found.length === 0 ? 0 : 1
