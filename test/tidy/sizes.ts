// Functions and files stay small. What is too long today is listed with its length, and the list may only shrink.
import ts from 'typescript'
import { walk, type Source } from './source.ts'

export const limits = { file: 400, function: 60 } as const

/** Lines of files (`path`) and functions (`path name`) that are over their limit. */
export type Ratchet = Readonly<Record<string, number>>

function nameOf(node: ts.SignatureDeclaration): string {
  const own =
    node.name ??
    (ts.isVariableDeclaration(node.parent) || ts.isPropertyAssignment(node.parent)
      ? node.parent.name
      : undefined)
  return own === undefined ? 'without a name' : own.getText()
}

/** The body handed to describe() is a chapter, not a function. */
function isChapter(node: ts.Node): boolean {
  return ts.isCallExpression(node.parent) && /^(describe|suite)\b/.test(node.parent.expression.getText())
}

function longFunctions(source: Source): [string, number][] {
  const found: [string, number][] = []
  const tree = source.tree
  if (tree === undefined) return found
  walk(tree, (node) => {
    if (!ts.isFunctionLike(node) || !('body' in node) || node.body === undefined || isChapter(node)) return
    const first = tree.getLineAndCharacterOfPosition(node.getStart()).line
    const lines = tree.getLineAndCharacterOfPosition(node.end).line - first + 1
    if (lines > limits.function) found.push([`${source.path} ${nameOf(node)}`, lines])
  })
  return found
}

function isMeasured(path: string): boolean {
  return /\.(tsx?|mjs|sql|sh)$/.test(path) && !path.includes('.gen.')
}

/** Everything over its limit, with its length. */
export function oversized(sources: readonly Source[]): Map<string, number> {
  const found = new Map<string, number>()
  for (const source of sources.filter(({ path }) => isMeasured(path))) {
    const lines = source.text.trimEnd().split('\n').length
    if (lines > limits.file) found.set(source.path, lines)
    for (const [name, length] of longFunctions(source))
      found.set(name, Math.max(length, found.get(name) ?? 0))
  }
  return found
}

/** New or grown exceptions, and entries of the list that are no longer true. */
export function outgrown(sources: readonly Source[], ratchet: Ratchet): string[] {
  const today = oversized(sources)
  const grown = [...today]
    .filter(([name, lines]) => lines > (ratchet[name] ?? 0))
    .map(
      ([name, lines]) =>
        `${name}  ${lines} lines: split it (functions ≤ ${limits.function}, files ≤ ${limits.file})`,
    )
  const stale = Object.entries(ratchet)
    .filter(([name, lines]) => (today.get(name) ?? 0) < lines)
    .map(
      ([name]) =>
        `${name}  is ${today.get(name) ?? 'short enough'} now: lower or remove its line in test/tidy/ratchet.ts`,
    )
  return [...grown, ...stale]
}
