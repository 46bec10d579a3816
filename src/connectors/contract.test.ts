// What every connector of the registry must do, whatever it talks to. A new one is tested by being on the list.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { SluiceError } from '../core/problem.ts'
import { definitionOf } from '../core/problems.ts'
import { sourceSchema, type Source } from '../core/setup/source.ts'
import type { Connector, SourceIo } from './contract.ts'
import { connectorOf, connectors } from './registry.ts'

let root: string
beforeAll(async () => {
  root = await mkdtemp('/tmp/sluice-contract-')
  await mkdir(join(root, 'in'))
  await writeFile(join(root, 'in', 'people.csv'), content)
})
afterAll(() => rm(root, { recursive: true, force: true }))

const content = `email,name\n${'a@x.io,Ada\n'.repeat(100_000)}`

async function* profiles(): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += 65_536) yield Buffer.from(content.slice(at, at + 65_536))
}

const io = (): SourceIo => ({ root, ofOthers: async () => false, now: () => 0, profiles })

/** A source of each kind that has something to give; null: it never has. */
const working: { readonly [K in Source['kind']]: object | null } = {
  upload: null,
  folder: { path: 'in', pattern: '*.csv' },
  profiles: {},
}

/** Sources that cannot be read. */
const broken: { readonly [K in Source['kind']]: readonly [object, Partial<SourceIo>][] } = {
  upload: [[{}, {}]],
  folder: [
    [{ path: 'nowhere' }, {}],
    [{ path: 'in' }, { root: null }],
    [{ path: 'in/people.csv' }, {}],
  ],
  profiles: [],
}

const all = Object.values(connectors) as unknown as readonly Connector[]
const sourceOf = (kind: string, options: object): Source => sourceSchema.parse({ kind, ...options })

async function read(blocks: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = []
  for await (const block of blocks) parts.push(block)
  return Buffer.concat(parts).toString()
}

test('the registry has a connector for every kind of source, under its own name', () => {
  const kinds = sourceSchema.options.map((option) => option.shape.kind.value)
  expect(Object.keys(connectors).toSorted()).toEqual(kinds.toSorted())
  for (const kind of kinds) expect(connectors[kind].kind).toBe(kind)
})

describe.each(all.map((connector) => ({ kind: connector.kind, connector })))(
  '$kind',
  ({ kind, connector }) => {
    test('has words for people, for itself and for every option', () => {
      expect(connector.title).toMatch(/^[A-Z]/)
      expect(connector.summary).toMatch(/\.$/)
      const schema = z.toJSONSchema(connector.options, { io: 'input' }) as {
        properties: Record<string, { title?: string; description?: string }>
      }
      for (const [name, option] of Object.entries(schema.properties)) {
        if (name === 'kind') continue
        expect({ name, ...option }).toMatchObject({
          name,
          title: expect.any(String),
          description: expect.any(String),
        })
      }
    })

    test('gives the same bytes as often as it is read, in blocks of a megabyte at most', async () => {
      const options = working[kind]
      expect(options !== null).toBe(connector.capabilities.canSample)
      if (options === null) return
      const source = sourceOf(kind, options)
      await connector.check(source, io())
      const { files } = await connector.find(source, io())
      const opened = await connector.open(source, files[0]!, io())
      try {
        expect(await read(opened.content())).toBe(content)
        expect(await read(opened.content())).toBe(content)
        for await (const block of opened.content()) expect(block.length).toBeLessThanOrEqual(1 << 20)
        if (opened.random === null) return
        expect(Buffer.from(await opened.random.read(6, 10)).toString()).toBe('name')
      } finally {
        await opened.close()
      }
    })

    test('stops at once when it is told to', async () => {
      const options = working[kind]
      if (options === null || kind === 'profiles') return
      const source = sourceOf(kind, options)
      const { files } = await connector.find(source, io())
      const opened = await connector.open(source, files[0]!, io())
      const leave = new AbortController()
      const reason = new Error('told to leave')
      let blocks = 0
      const reading = async (): Promise<void> => {
        for await (const _block of opened.content(leave.signal)) {
          blocks++
          leave.abort(reason)
        }
      }
      await expect(reading()).rejects.toBe(reason)
      await opened.close()
      expect(blocks).toBe(1)
      await expect(connector.find(source, io(), leave.signal)).rejects.toBe(reason)
    })

    test.each(broken[kind])(
      'refuses %j with a problem that may pass or needs a person',
      async (options, changes) => {
        const world = { ...io(), ...changes }
        const source = sourceOf(kind, options)
        const error: unknown = await connectorOf(source)
          .find(source, world)
          .then(
            () => null,
            (thrown: unknown) => thrown,
          )
        expect(error).toBeInstanceOf(SluiceError)
        expect(['transient', 'halting']).toContain(definitionOf((error as SluiceError).problem.code).class)
      },
    )
  },
)
