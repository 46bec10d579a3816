// The form of a file: its first line says what it is for, and a page has one title.
import type { Source } from './source.ts'

const openings: readonly [RegExp, RegExp][] = [
  [/\.(tsx?|mjs)$/, /^\/\/ \S/],
  [/\.sql$/, /^-- \S/],
  [/\.sh$|^\.ci\//, /^#!.*\n# \S/],
]

/** Code files that do not begin by saying what they are for. */
export function unintroduced(sources: readonly Source[]): string[] {
  return sources
    .filter(({ path, text }) => openings.some(([kind, opening]) => kind.test(path) && !opening.test(text)))
    .map(({ path }) => `${path}:1  begin with one comment line that says what the file is for`)
}

function titlesOf(text: string): string[] {
  const prose = text.replaceAll(/^(```|~~~)[^]*?^\1/gm, '')
  return prose.match(/^# .+$/gm) ?? []
}

/** Pages without exactly one title, on their first line. */
export function untitled(sources: readonly Source[]): string[] {
  return sources
    .filter(({ path }) => path.endsWith('.md'))
    .filter(({ text }) => !text.startsWith('# ') || titlesOf(text).length !== 1)
    .map(({ path }) => `${path}:1  a page has one title, on its first line`)
}
