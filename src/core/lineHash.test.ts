// Hashes of lines: the same for the same bytes, another for any other, wherever they stand; and the set of them.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { HashTable, LineHasher, lineKeyOf } from './lineHash.ts'

const key = lineKeyOf('00112233-4455-6677-8899-aabbccddeeff')

function hashOf(bytes: Uint8Array, from = 0, to = bytes.length, hasher = new LineHasher(key)): string {
  hasher.hash(bytes, from, to)
  return [hasher.a, hasher.b, hasher.c, hasher.d].join(' ')
}

test('a key is the digits of a UUID', () => {
  expect(key).toEqual([0x00112233, 0x44556677, 0x8899aabb | 0, 0xccddeeff | 0])
})

test('the same bytes have the same hash wherever they stand; another key gives another', () => {
  const line = Buffer.from('17,ada@example.com,Ada')
  const file = Buffer.from(`1,x\n${line.toString()}\n`)
  expect(hashOf(file, 4, 4 + line.length)).toBe(hashOf(line))
  const other = new LineHasher(lineKeyOf('00112233-4455-6677-8899-aabbccddeefe'))
  expect(hashOf(line, 0, line.length, other)).not.toBe(hashOf(line))
})

test('BL-20: no two of 200,000 lines that differ in little have the same hash, nor any half of it', () => {
  const hasher = new LineHasher(key)
  const left = new Set<string>()
  const right = new Set<string>()
  const take = (text: string): void => {
    const bytes = Buffer.from(text, 'latin1')
    hasher.hash(bytes, 0, bytes.length)
    left.add(`${hasher.a} ${hasher.b}`)
    right.add(`${hasher.c} ${hasher.d}`)
  }
  for (let i = 0; i < 100_000; i++) {
    take(`${i},user@example.com,Rome`)
    take(`7,user@example.com,Rome${i}`)
  }
  // Only zeros, in every length: the length counts.
  for (let length = 0; length < 1_000; length++) take('\0'.repeat(length))
  expect(left.size).toBe(201_000)
  expect(right.size).toBe(left.size)
})

test('every single bit of a line changes about half of the hash', () => {
  const line = Buffer.from('17,ada@example.com,Ada,Lovelace,Berlin')
  const hasher = new LineHasher(key)
  const words = (): number[] => {
    hasher.hash(line, 0, line.length)
    return [hasher.a, hasher.b, hasher.c, hasher.d]
  }
  const before = words()
  for (let bit = 0; bit < line.length * 8; bit++) {
    line[bit >> 3]! ^= 1 << (bit & 7)
    const flipped = words().map((word, i) => (word ^ before[i]!) >>> 0)
    line[bit >> 3]! ^= 1 << (bit & 7)
    const ones = flipped.map((word) => word.toString(2).replaceAll('0', '').length)
    // Far wider than chance would go: 64 of 128, within 7 standard deviations.
    expect(ones.reduce((a, b) => a + b)).toBeGreaterThan(24)
    expect(Math.min(...ones)).toBeGreaterThan(2)
  }
})

test('the set of hashes knows exactly what was added, also where many share a slot', () => {
  const word = fc.constantFrom(0, 1, -1, 2, 1 << 20)
  const hash = fc.tuple(word, word, word, word)
  fc.assert(
    fc.property(fc.array(hash, { maxLength: 40 }), fc.array(hash, { maxLength: 40 }), (added, asked) => {
      const table = new HashTable(40)
      for (const one of added) table.add(...one)
      const naive = new Set(added.map(String))
      expect(table.count).toBe(naive.size)
      for (const one of [...asked, ...added]) expect(table.has(...one)).toBe(naive.has(String(one)))
    }),
    { seed: 43 },
  )
})

test('a full set takes no more: a line it does not know is imported, which is never wrong', () => {
  const table = new HashTable(2)
  for (let i = 1; i <= 3; i++) table.add(i, i, i, i)
  expect([1, 2, 3].map((i) => table.has(i, i, i, i))).toEqual([true, true, false])
})
