// What waits for a slow reader: the newest of each thing, ids that stay true, and never without bound.
import { describe, expect, test } from 'vitest'
import { LiveStream, messageOf, type Wants } from './liveStream.ts'

const wants: Wants = {
  namespace: { id: 1, name: 'main', schema: 'sluice_main', catalogue: 1 },
  kinds: new Set(['run']),
  runs: null,
  job: null,
  dialect: 'sluice',
  untilSettled: false,
}

function streamAt(mark: number): LiveStream {
  return new LiveStream(wants, { mark, catchingUp: false })
}

/** Everything a reader gets that comes only now: `run {"n":1} #5`, by name, data and id. */
async function read(stream: LiveStream): Promise<string[]> {
  stream.finish()
  const pieces: Buffer[] = []
  for await (const piece of stream) pieces.push(piece as Buffer)
  return Buffer.concat(pieces)
    .toString()
    .split('\n\n')
    .filter((block) => block !== '')
    .map((block) => {
      const [name, data, id] = block.split('\n').map((line) => line.replace(/^\w+: /, ''))
      return `${name} ${data} #${id}`
    })
}

describe('a reader that comes late', () => {
  test('gets each thing once, as it is now, and ids from which nothing is missed', async () => {
    const stream = streamAt(4)
    stream.add('run 1', messageOf('run', { n: 'old' }))
    stream.settle(5)
    stream.add('run 2', messageOf('run', { n: 2 }))
    stream.settle(6)
    stream.add('run 1', messageOf('run', { n: 'new' }))
    stream.settle(7)
    // Whoever is cut off after the first message still needs what came after line 5.
    expect(await read(stream)).toEqual(['run {"n":"new"} #5', 'run {"n":2} #7'])
  })

  test('is told to read everything anew where too much waits', async () => {
    const stream = streamAt(4)
    for (let n = 0; n < 600; n++) stream.add(`run ${n}`, messageOf('run', { n }))
    stream.settle(9)
    const told = await read(stream)
    expect(told[0]).toMatch(/^reset \{\} #/)
    expect(told.length).toBeLessThan(200)
    expect(told.at(-1)).toBe('run {"n":599} #9')
  })

  test('also where it is too long', async () => {
    const stream = streamAt(4)
    for (let n = 0; n < 5; n++) stream.add(`run ${n}`, messageOf('run', 'x'.repeat(1 << 20)))
    stream.settle(9)
    expect(await read(stream)).toHaveLength(2)
  })

  test('hears only why it ends, where it may not look any more', async () => {
    const stream = streamAt(4)
    stream.add('run 1', messageOf('run', {}))
    stream.refuse(messageOf('problem', { code: 'access.sign_in' }))
    stream.add('run 2', messageOf('run', {}))
    expect(await read(stream)).toEqual(['problem {"code":"access.sign_in"} #4'])
  })
})

test('a stream that is being caught up keeps its place until it is', async () => {
  const stream = new LiveStream(wants, { mark: 4, catchingUp: true })
  stream.add('run 1', messageOf('run', {}))
  stream.settle(9)
  stream.caughtUp()
  stream.add('run 2', messageOf('run', {}))
  stream.settle(10)
  expect(await read(stream)).toEqual(['run {} #4', 'run {} #10'])
})
