// QR codes (ISO/IEC 18004): a text as dark and light modules; bytes, error correction level M, up to version 20. Pure.

// Level M, by version: codewords of error correction in a block, and blocks.
const correction = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26]
const blocks = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16]
const levelM = 0

type Grid = boolean[][]

/** Rows of modules, true where dark, without the quiet zone. Throws where the text has more than 666 bytes. */
export function qrModules(text: string): readonly (readonly boolean[])[] {
  const bytes = [...new TextEncoder().encode(text)]
  const version = versionFor(bytes.length)
  const frame = frameOf(version)
  const bits = interleaved(dataOf(bytes, version), version)
  const tried = masks.map((mask, number) => finished(frame, bits, mask, number))
  const penalties = tried.map(penaltyOf)
  return tried[penalties.indexOf(Math.min(...penalties))]!
}

/** Modules that carry codewords, in bits. */
function roomOf(version: number): number {
  const all = (16 * version + 128) * version + 64
  if (version < 2) return all
  const aligned = Math.floor(version / 7) + 2
  return all - (25 * aligned - 10) * aligned + 55 - (version < 7 ? 0 : 36)
}

function dataCodewords(version: number): number {
  return Math.floor(roomOf(version) / 8) - correction[version - 1]! * blocks[version - 1]!
}

function countBits(version: number): number {
  return version < 10 ? 8 : 16
}

function versionFor(length: number): number {
  for (let version = 1; version <= blocks.length; version++)
    if (4 + countBits(version) + 8 * length <= 8 * dataCodewords(version)) return version
  throw new RangeError('too long for a QR code')
}

/** Mode, length, bytes, end, and padding. */
function dataOf(bytes: readonly number[], version: number): number[] {
  const bits = [...bitsOf(0b0100, 4), ...bitsOf(bytes.length, countBits(version))]
  for (const byte of bytes) bits.push(...bitsOf(byte, 8))
  const room = dataCodewords(version)
  bits.push(...bitsOf(0, Math.min(4, 8 * room - bits.length)))
  while (bits.length % 8 !== 0) bits.push(0)
  const data = Array.from({ length: bits.length / 8 }, (_, at) =>
    bits.slice(8 * at, 8 * at + 8).reduce((value, bit) => 2 * value + bit, 0),
  )
  for (let pad = 0xec; data.length < room; pad ^= 0xec ^ 0x11) data.push(pad)
  return data
}

function bitsOf(value: number, length: number): number[] {
  return Array.from({ length }, (_, at) => (value >> (length - 1 - at)) & 1)
}

/** Blocks with their error correction, one codeword of each in turn, as bits. */
function interleaved(data: readonly number[], version: number): number[] {
  const parts = blocks[version - 1]!
  const checks = correction[version - 1]!
  const short = Math.floor(data.length / parts)
  const longOnes = data.length % parts
  let from = 0
  const split = Array.from({ length: parts }, (_, part) => {
    const block = data.slice(from, from + short + (part >= parts - longOnes ? 1 : 0))
    from += block.length
    return block
  })
  const words: number[] = []
  for (let at = 0; at <= short; at++) for (const block of split) if (at < block.length) words.push(block[at]!)
  const checked = split.map((block) => checksOf(block, checks))
  for (let at = 0; at < checks; at++) for (const check of checked) words.push(check[at]!)
  return words.flatMap((word) => bitsOf(word, 8))
}

/** In the field of 256 elements with the polynomial 0x11d. */
function times(a: number, b: number): number {
  let product = 0
  for (let bit = 7; bit >= 0; bit--) {
    product = (product << 1) ^ ((product >> 7) * 0x11d)
    if (((b >> bit) & 1) === 1) product ^= a
  }
  return product
}

/** The remainder by the generator of Reed-Solomon codes with so many checks. */
function checksOf(block: readonly number[], checks: number): number[] {
  let generator = [1]
  for (let power = 1, i = 0; i < checks; i++, power = times(power, 2)) {
    const longer = [...generator, 0]
    generator.forEach((factor, at) => (longer[at + 1]! ^= times(factor, power)))
    generator = longer
  }
  const rest = Array.from({ length: checks }, () => 0)
  for (const word of block) {
    const lead = word ^ rest.shift()!
    rest.push(0)
    for (let at = 0; at < checks; at++) rest[at]! ^= times(generator[at + 1]!, lead)
  }
  return rest
}

interface Frame {
  readonly dark: Grid
  /** Modules that are not for data. */
  readonly taken: Grid
}

/** What every code of this version has: finders, timing, alignment, version. */
function frameOf(version: number): Frame {
  const side = 17 + 4 * version
  const empty = (): Grid => Array.from({ length: side }, () => Array.from({ length: side }, () => false))
  const frame = { dark: empty(), taken: empty() }
  const set = (x: number, y: number, dark: boolean): void => {
    if (x < 0 || y < 0 || x >= side || y >= side) return
    frame.dark[y]![x] = dark
    frame.taken[y]![x] = true
  }
  for (let at = 0; at < side; at++) {
    set(6, at, at % 2 === 0)
    set(at, 6, at % 2 === 0)
  }
  const square = (x: number, y: number, reach: number, light: readonly number[]): void => {
    for (let dy = -reach; dy <= reach; dy++)
      for (let dx = -reach; dx <= reach; dx++)
        set(x + dx, y + dy, !light.includes(Math.max(Math.abs(dx), Math.abs(dy))))
  }
  const far = side - 4
  for (const [x, y] of [
    [3, 3],
    [far, 3],
    [3, far],
  ] as const)
    square(x, y, 4, [2, 4])
  const places = alignments(version)
  const last = places.at(-1)!
  for (const y of places)
    for (const x of places)
      if (!((x === 6 && y === 6) || (x === 6 && y === last) || (x === last && y === 6))) square(x, y, 2, [1])
  for (let at = 0; at < 9; at++) {
    for (const [x, y] of [
      [8, at],
      [at, 8],
    ] as const)
      if (!frame.taken[y]![x]!) set(x, y, false)
    if (at < 8) set(side - 1 - at, 8, false)
    if (at < 8) set(8, side - 1 - at, false)
  }
  if (version >= 7)
    bitsOf((version << 12) | remainder(version, 12, 0x1f25), 18)
      .toReversed()
      .forEach((bit, at) => {
        const [long, across] = [Math.floor(at / 3), side - 11 + (at % 3)]
        set(long, across, bit === 1)
        set(across, long, bit === 1)
      })
  return frame
}

function alignments(version: number): number[] {
  if (version === 1) return [6]
  const count = Math.floor(version / 7) + 2
  const step = 2 * Math.floor((8 * version + 3 * count + 5) / (4 * count - 4))
  const rest = Array.from({ length: count - 1 }, (_, at) => 10 + 4 * version - at * step)
  return [6, ...rest.toReversed()]
}

/** Of a cyclic code: `value`, moved up by `bits`, divided by the generator. */
function remainder(value: number, bits: number, generator: number): number {
  let rest = value
  for (let at = 0; at < bits; at++) rest = (rest << 1) ^ ((rest >> (bits - 1)) * generator)
  return rest
}

type Mask = (x: number, y: number) => number
const masks: readonly Mask[] = [
  (x, y) => (x + y) % 2,
  (_x, y) => y % 2,
  (x) => x % 3,
  (x, y) => (x + y) % 3,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2,
  (x, y) => ((x * y) % 2) + ((x * y) % 3),
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2,
]

/** The frame with data, in columns of two from the right, up and down in turn, masked; and which mask it is. */
function finished({ dark, taken }: Frame, bits: readonly number[], mask: Mask, number: number): Grid {
  const grid = dark.map((line) => [...line])
  const side = grid.length
  let next = 0
  let up = true
  for (let right = side - 1; right > 0; right -= right === 8 ? 3 : 2, up = !up)
    for (let step = 0; step < side; step++)
      for (const x of [right, right - 1]) {
        const y = up ? side - 1 - step : step
        if (taken[y]![x]!) continue
        grid[y]![x] = ((bits[next++] ?? 0) === 1) !== (mask(x, y) === 0)
      }
  const kind = (levelM << 3) | number
  const format = bitsOf(((kind << 10) | remainder(kind, 10, 0x537)) ^ 0x5412, 15).map((bit) => bit === 1)
  const beside = [0, 1, 2, 3, 4, 5, 7, 8]
  format.forEach((bit, at) => {
    if (at < 7) grid[8]![beside[at]!] = bit
    else grid[beside[14 - at]!]![8] = bit
    if (at < 7) grid[side - 1 - at]![8] = bit
    else grid[8]![side - 15 + at] = bit
  })
  grid[side - 8]![8] = true
  return grid
}

/** How hard it would be to read: long runs, squares, what looks like a finder, and a lack of balance. */
function penaltyOf(grid: Grid): number {
  const side = grid.length
  const lines = [...grid, ...grid.map((_, x) => grid.map((line) => line[x]!))].map((line) =>
    line.map((dark) => (dark ? '1' : '0')).join(''),
  )
  let penalty = 0
  for (const line of lines) {
    for (const [run] of line.matchAll(/0{5,}|1{5,}/g)) penalty += run.length - 2
    for (const _ of line.matchAll(/(?=10111010000|00001011101)/g)) penalty += 40
  }
  for (let y = 1; y < side; y++)
    for (let x = 1; x < side; x++) {
      const one = grid[y]![x]
      if (one === grid[y]![x - 1] && one === grid[y - 1]![x] && one === grid[y - 1]![x - 1]) penalty += 3
    }
  const dark = grid.flat().filter(Boolean).length / side ** 2
  return penalty + 10 * Math.floor(Math.abs(dark * 20 - 10))
}
