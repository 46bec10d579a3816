// Files of which a few bytes are wrong: rows or a problem come out, never a fault of ours, never an endless wait.
import { readFile } from 'node:fs/promises'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { memoryBytes } from '../../../test/support/containers.ts'
import { SluiceError } from '../../core/problem.ts'
import { describeContainer, partContent } from './parts.ts'

const folder = new URL('../../../test/fixtures/containers/', import.meta.url)
const trials = Number(process.env['TRIALS'] ?? 150)

async function outcome(file: Uint8Array): Promise<string> {
  try {
    const bytes = memoryBytes(file)
    const { parts } = await describeContainer(bytes)
    for await (const block of partContent(bytes, parts[0]!.name))
      if (block.length > 2 ** 27) return 'too much at once'
    return 'rows'
  } catch (error) {
    return error instanceof SluiceError ? 'a problem' : `a fault: ${String(error)}`
  }
}

test.each([
  'libreoffice.xlsx',
  'xlsxwriter.xlsx',
  'pyarrow-snappy.parquet',
  'pyarrow-zstd.parquet',
  'pyarrow-delta.parquet',
])('%s with wrong bytes', async (name) => {
  const whole = await readFile(new URL(name, folder))
  const wrong = fc.record({
    bytes: fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
    cut: fc.option(fc.nat(whole.length), { freq: 6 }),
  })
  const seen = new Set<string>()
  await fc.assert(
    fc.asyncProperty(wrong, async ({ bytes, cut }) => {
      const file = Buffer.from(whole)
      for (const [at, byte] of bytes) file[at] = byte
      const found = await outcome(cut === null ? file : file.subarray(0, cut))
      seen.add(found)
      expect(found).toMatch(/^(rows|a problem)$/)
    }),
    { seed: 5, numRuns: trials },
  )
  expect([...seen].sort()).toEqual(['a problem', 'rows'])
})
