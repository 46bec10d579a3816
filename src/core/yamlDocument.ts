// YAML that people write: read with the place of every fault, and without the tricks of YAML.
import type { z } from 'zod'
import { isMap, isNode, LineCounter, parseAllDocuments, type Document } from 'yaml'

/** Makes the error of a fault; line and column count from 1. */
export type Refuse = (line: number, at: number, detail: string) => Error

export type YamlPath = readonly (string | number)[]

/** Aliases are not needed in what people write here; without a limit a few bytes could become gigabytes. */
const aliasesMax = 10

export class YamlDocument {
  readonly document: Document.Parsed
  readonly #lines: LineCounter
  readonly #refuse: Refuse

  constructor(document: Document.Parsed, lines: LineCounter, refuse: Refuse) {
    this.document = document
    this.#lines = lines
    this.#refuse = refuse
  }

  /** The document as plain data. */
  plain(): unknown {
    try {
      return this.document.toJS({ maxAliasCount: aliasesMax }) as unknown
    } catch {
      throw this.faultAt(0, 'it refers to itself too often')
    }
  }

  /** The data as a schema has it. `within` is where the data stands in the document. */
  parse<T>(schema: z.ZodType<T>, data: unknown, within: YamlPath = []): T {
    const parsed = schema.safeParse(data)
    if (parsed.success) return parsed.data
    const issue = telling(parsed.error.issues[0]!)
    const path = [...within, ...issue.path.filter((step) => typeof step !== 'symbol')]
    const where = path.length === 0 ? '' : `${path.join('.')}: `
    const quotes = /expected string, received (?:number|boolean|null)/.test(issue.message)
    const detail = quotes ? 'a text that looks like a number or a word of YAML goes in quotes' : issue.message
    throw this.fault(path, `${where}${detail}`)
  }

  /** A fault at the node of a path; at its nearest parent where the path names something missing. */
  fault(path: YamlPath, detail: string): Error {
    return this.faultAt(this.#offsetOf(path), detail)
  }

  /** A fault at the key of a path, not at its value. */
  faultAtKey(path: YamlPath, detail: string): Error {
    const parent: unknown =
      path.length === 1 ? this.document.contents : this.document.getIn(path.slice(0, -1), true)
    const pair = isMap(parent)
      ? parent.items.find(({ key }) => isNode(key) && String(key) === String(path.at(-1)))
      : undefined
    const key = pair?.key
    return isNode(key) && key.range ? this.faultAt(key.range[0], detail) : this.fault(path, detail)
  }

  faultAt(offset: number, detail: string): Error {
    const { line, col } = this.#lines.linePos(offset)
    return this.#refuse(Math.max(line, 1), Math.max(col, 1), detail)
  }

  #offsetOf(path: YamlPath): number {
    for (let length = path.length; length > 0; length--) {
      const node: unknown = this.document.getIn(path.slice(0, length), true)
      if (isNode(node) && node.range) return node.range[0]
    }
    return this.document.contents?.range[0] ?? 0
  }
}

/** The documents of a text, `---` between them; empty ones are left out. */
export function readYaml(text: string, refuse: Refuse): YamlDocument[] {
  const lines = new LineCounter()
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false })
  // Of an empty text the library answers an object of its own instead of a list.
  const all: readonly Document.Parsed[] = Array.isArray(documents) ? documents : []
  return all.flatMap((document) => {
    const read = new YamlDocument(document, lines, refuse)
    const fault = document.errors[0]
    if (fault !== undefined) throw read.faultAt(fault.pos[0], fault.message)
    return document.contents === null ? [] : [read]
  })
}

/** Of the alternatives of a union, the one that was meant: the one whose fault lies deepest. */
function telling(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'invalid_union') return issue
  const all = issue.errors.flatMap((issues) => issues.slice(0, 1).map(telling))
  const deepest = all.reduce(
    (best, one) => (best === null || depthOf(one) > depthOf(best) ? one : best),
    null as z.core.$ZodIssue | null,
  )
  return deepest === null ? issue : { ...deepest, path: [...issue.path, ...deepest.path] }
}

/** A wrong kind of value says least: it is the alternative that was not meant. */
function depthOf({ path, code }: z.core.$ZodIssue): number {
  return path.length + (code === 'invalid_type' || code === 'invalid_value' ? 0 : 0.5)
}
