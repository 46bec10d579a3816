// How many columns a text takes on a terminal: wide characters take two, marks none, colours none.
import { stripVTControlCharacters } from 'node:util'

const wide =
  /\p{Emoji_Presentation}|[\u1100-\u115F\u2E80-\u303E\u3041-\u33FF\u3400-\u4DBF\u4E00-\u9FFF\uA000-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{20000}-\u{3FFFD}]/u
const none = /^[\p{Mn}\p{Me}\p{Cf}]$/u
const segmenter = new Intl.Segmenter()
// oxlint-disable-next-line no-control-regex
const plain = /^[\x20-\x7E]*$/

/** Columns on a terminal. */
export function widthOf(text: string): number {
  const bare = stripVTControlCharacters(text)
  if (plain.test(bare)) return bare.length
  let width = 0
  for (const { segment } of segmenter.segment(bare))
    width += none.test(segment) ? 0 : wide.test(segment) ? 2 : 1
  return width
}

/** Fills with spaces up to the width; `right`: on the left side. */
export function pad(text: string, width: number, right = false): string {
  const spaces = ' '.repeat(Math.max(0, width - widthOf(text)))
  return right ? spaces + text : text + spaces
}

/** Cuts to the width, with … where something is missing; control characters become visible. */
export function cut(text: string, width: number): string {
  const clean = visible(text)
  if (widthOf(clean) <= width) return clean
  let kept = ''
  let used = 0
  for (const { segment } of segmenter.segment(stripVTControlCharacters(clean))) {
    const more = widthOf(segment)
    if (used + more > width - 1) break
    kept += segment
    used += more
  }
  return `${kept}…`
}

// oxlint-disable-next-line no-control-regex
const controls = /[\x00-\x08\x0B-\x1A\x1C-\x1F\x7F-\x9F]|\x1B(?!\[[\d;]*m)/g

/** A customer's value must not be able to move the cursor or ring the bell. */
export function visible(text: string): string {
  return text.replace(/\r?\n|\t/g, ' ').replace(controls, '·')
}

// oxlint-disable-next-line no-control-regex
const anyControl = /[\x00-\x1F\x7F-\x9F]/g

/** A customer's own text, before it is coloured: not even a colour of its own is left to it. */
export function harmless(text: string): string {
  return text.replace(/\r?\n|\t/g, ' ').replace(anyControl, '·')
}

/** Breaks into lines of at most this width, at spaces. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && widthOf(line) + 1 + widthOf(word) > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}
