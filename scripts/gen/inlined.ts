// A JSON Schema without references, for pages that list fields: what has a name stands where it is meant.
import { z } from 'zod'

interface Node {
  readonly [key: string]: unknown
}

/** The schema of what goes in or comes out, every `$ref` replaced by what it names. Throws for one that holds itself. */
export function inlinedSchema(schema: z.ZodType, io: 'input' | 'output'): unknown {
  const { $defs = {}, ...whole } = z.toJSONSchema(schema, { io }) as Node & { $defs?: Record<string, Node> }
  return inline(whole, $defs, [])
}

function inline(node: unknown, named: Readonly<Record<string, Node>>, within: readonly string[]): unknown {
  if (Array.isArray(node)) return node.map((one) => inline(one, named, within))
  if (typeof node !== 'object' || node === null) return node
  const { $ref, ...own } = node as Node
  if (typeof $ref === 'string') {
    const name = $ref.replace('#/$defs/', '')
    if (within.includes(name)) throw new Error(`${name} holds itself`)
    return { ...(inline(named[name], named, [...within, name]) as Node), ...own }
  }
  return Object.fromEntries(Object.entries(own).map(([key, value]) => [key, inline(value, named, within)]))
}
