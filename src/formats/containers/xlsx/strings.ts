// The texts of a workbook that its cells name by number, each ready to be written as JSON.
import { caps } from '../../../core/caps.ts'
import { failure } from '../../../core/problems.ts'
import { walkXml, type XmlHandler } from '../xml.ts'
import type { Workbook } from './workbook.ts'

/** Texts at most: what the caps on bytes would still allow of empty ones would fill the memory. */
const textsMax = 16 << 20

/** Null stands for an empty text. Throws `container.too_large`. */
export async function readStrings({ archive, strings }: Workbook): Promise<(string | null)[]> {
  if (strings === null) return []
  const texts: (string | null)[] = []
  await walkXml(capped(archive.content(strings)), gathering(texts))
  return texts
}

async function* capped(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let found = 0
  for await (const block of content) {
    found += block.length
    if (found > caps.sheetStringsBytes) throw tooLarge(found)
    yield block
  }
}

function tooLarge(found: number): Error {
  return failure('container.too_large', {
    kind: 'xlsx',
    what: 'a table of texts',
    found,
    limit: caps.sheetStringsBytes,
  })
}

/** `<si>` is one text, of one `<t>` or of several with different looks; `<rPh>` says how it is pronounced. */
function gathering(texts: (string | null)[]): XmlHandler {
  let text = ''
  let wanted = false
  let spoken = 0
  return {
    open(name) {
      if (name === 'si') text = ''
      else if (name === 'rPh') spoken++
      else if (name === 't') wanted = spoken === 0
    },
    close(name) {
      if (name === 't') wanted = false
      else if (name === 'rPh') spoken--
      else if (name === 'si') {
        if (texts.length >= textsMax) throw tooLarge(caps.sheetStringsBytes)
        texts.push(text === '' ? null : JSON.stringify(unescaped(text)))
      }
    },
    text(piece) {
      if (wanted && text.length <= caps.fieldBytes) text += piece
    },
  }
}

/** Characters that XML cannot have are written `_x000D_`, and a text that looks like that `_x005F_x000D_`. */
export function unescaped(text: string): string {
  if (!text.includes('_x')) return text
  return text.replaceAll(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
}
