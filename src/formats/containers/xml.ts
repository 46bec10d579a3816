// Walks through an XML file in blocks, as far as spreadsheets need it: no tree, no declarations of own entities, nothing held.
import { failure } from '../../core/problems.ts'

export interface XmlHandler {
  /** `name` without its prefix; `attributes` as written: read them with `attribute`. */
  open(name: string, attributes: string): void
  close(name: string): void
  /** Text between tags; long ones come in several pieces. */
  text(text: string): void
  /** True: hold on, what was made of the file so far must be taken first. */
  full?(): boolean
}

/** No tag, comment or name of a spreadsheet is longer. */
const longestToken = 1 << 20

/** Takes the file block by block. Throws `container.damaged` and, for a document type, `container.bomb`. */
export class XmlWalk {
  readonly #handler: XmlHandler
  #rest = ''

  constructor(handler: XmlHandler) {
    this.#handler = handler
  }

  /** False: the handler is full; push an empty text to go on. */
  push(block: string): boolean {
    const text = this.#rest === '' ? block : this.#rest + block
    let at = 0
    let full = false
    while (at < text.length && !full) {
      const next = text.charCodeAt(at) === 60 ? this.#markup(text, at) : this.#text(text, at)
      if (next < 0) break
      at = next
      full = this.#handler.full?.() === true
    }
    this.#rest = text.slice(at)
    return !full
  }

  finish(): void {
    if (this.#rest.trim() !== '') throw broken('it ends in the middle of a tag')
  }

  #text(text: string, at: number): number {
    const end = text.indexOf('<', at)
    if (end < 0) {
      if (text.length - at < longestToken) return -1
      // An entity must not be cut in two.
      const cut = text.lastIndexOf('&')
      const to = cut > at && text.length - cut < 12 ? cut : text.length
      this.#handler.text(decoded(text.slice(at, to)))
      return to
    }
    this.#handler.text(decoded(text.slice(at, end)))
    return end
  }

  #markup(text: string, at: number): number {
    const second = text.charCodeAt(at + 1)
    if (second === 33) return this.#declaration(text, at)
    if (second === 63) return this.#past(text, at, '?>')
    // What ends a tag has no attributes, so no quotes.
    const end = second === 47 ? text.indexOf('>', at) : tagEnd(text, at)
    if (end < 0) return this.#wait(text, at)
    if (second === 47) this.#handler.close(nameIn(text, at + 2, end))
    else this.#opened(text, at, end)
    return end + 1
  }

  #opened(text: string, at: number, end: number): void {
    const empty = text.charCodeAt(end - 1) === 47
    const stop = empty ? end - 1 : end
    const from = nameEnd(text, at + 1, stop)
    const name = withoutPrefix(text.slice(at + 1, from))
    this.#handler.open(name, text.slice(from, stop))
    if (empty) this.#handler.close(name)
  }

  #declaration(text: string, at: number): number {
    if (text.startsWith('<!--', at)) return this.#past(text, at, '-->')
    if (text.startsWith('<![CDATA[', at)) {
      const end = text.indexOf(']]>', at)
      if (end < 0) return this.#wait(text, at)
      this.#handler.text(text.slice(at + 9, end))
      return end + 3
    }
    if (text.length - at < 9) return -1
    throw failure('container.bomb', {
      kind: 'xlsx',
      detail: 'it declares entities of its own, which no spreadsheet program writes',
    })
  }

  #past(text: string, at: number, mark: string): number {
    const end = text.indexOf(mark, at)
    return end < 0 ? this.#wait(text, at) : end + mark.length
  }

  #wait(text: string, at: number): number {
    if (text.length - at > longestToken) throw broken('a tag in it has no end')
    return -1
  }
}

/** The `>` that ends a tag: one inside quotes does not. */
function tagEnd(text: string, at: number): number {
  let end = text.indexOf('>', at)
  if (end === at + 2) return end
  let quote = text.indexOf('"', at)
  while (end >= 0 && quote >= 0 && quote < end) {
    const close = text.indexOf('"', quote + 1)
    if (close < 0) return -1
    if (close > end) end = text.indexOf('>', close)
    quote = text.indexOf('"', close + 1)
  }
  return end
}

function nameIn(text: string, from: number, end: number): string {
  return withoutPrefix(text.slice(from, nameEnd(text, from, end)))
}

function nameEnd(text: string, from: number, end: number): number {
  let i = from
  while (i < end && text.charCodeAt(i) > 32) i++
  return i
}

function withoutPrefix(name: string): string {
  const colon = name.indexOf(':')
  return colon < 0 ? name : name.slice(colon + 1)
}

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

/** The five entities that XML has, and characters by number. Others cannot be: no document type is taken. */
function decoded(text: string): string {
  if (!text.includes('&')) return text
  return text.replaceAll(/&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(\w{1,8}));/g, (whole, hex, decimal, name) => {
    if (name !== undefined) return named[name as string] ?? whole
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex as string, 16)
    return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code < 0xe000)
      ? String.fromCodePoint(code)
      : '\ufffd'
  })
}

/** One attribute's value, by its name as written (`r:id` by `id`); undefined where it is not there. */
export function attribute(attributes: string, name: string): string | undefined {
  for (let at = attributes.indexOf(`${name}=`); at >= 0; at = attributes.indexOf(`${name}=`, at + 1)) {
    const before = attributes.charCodeAt(at - 1)
    const quote = attributes[at + name.length + 1]!
    if (before !== 58 && before > 32) continue
    const end = attributes.indexOf(quote, at + name.length + 2)
    return end < 0 ? undefined : decoded(attributes.slice(at + name.length + 2, end))
  }
  return undefined
}

/** Reads a whole XML file. Bytes are UTF-8, or UTF-16 where a mark says so. */
export async function walkXml(content: AsyncIterable<Uint8Array>, handler: XmlHandler): Promise<void> {
  const walk = new XmlWalk(handler)
  for await (const text of textOf(content)) walk.push(text)
  walk.finish()
}

/** The text of an XML file, block by block. Throws `container.damaged` for bytes that are no text. */
export async function* textOf(content: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: InstanceType<typeof TextDecoder> | undefined
  try {
    for await (const block of content) {
      decoder ??= new TextDecoder(encodingOf(block), { fatal: true })
      yield decoder.decode(block, { stream: true })
    }
    if (decoder !== undefined) yield decoder.decode()
  } catch (error) {
    if (error instanceof TypeError) throw broken('it has bytes that are no text')
    throw error
  }
}

function encodingOf(head: Uint8Array): string {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  return head[0] === 0xfe && head[1] === 0xff ? 'utf-16be' : 'utf-8'
}

/** A workbook that is not as it should be. */
export function broken(detail: string): Error {
  return failure('container.damaged', { kind: 'xlsx', detail: `${detail}.` })
}
