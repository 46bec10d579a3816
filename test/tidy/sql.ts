// SQL stands in src/db only, and a state changes in one file only.
import ts from 'typescript'
import { at, isProduct, walk, type Source } from './source.ts'

const statements = [
  /^\s*select\s[^]*?\bfrom\b/i,
  /^\s*select\s+[\w.]+\(/i,
  /^\s*with\s+\w+\s+as\s*(materialized\s*)?\(/i,
  /\binsert into\s+["\w$]/i,
  /\bdelete from\s+["\w$]/i,
  /\bupdate\s+["\w.$]+\s+(\w+\s+)?set\s+["\w.$]+\s*=/i,
  /^\s*(create|alter|drop)\s+(unique\s+)?(table|schema|index|view|role|user|database|extension|sequence|function)\b/i,
  /^\s*copy\s[^]*?\b(from stdin|to stdout)\b/i,
  /^\s*(begin|commit|rollback)\s*$/i,
  /^\s*set\s+(local\s+)?\w+\s*(=|to)\s/i,
  /^\s*(listen|notify)\s+\w+\s*$/i,
]

/** A statement is written in one case; a sentence for people that begins with the same word is not. */
function isSql(text: string): boolean {
  return statements.some((statement) => {
    const verb = statement.exec(text)?.[0].trim().split(/\s/)[0]
    return verb !== undefined && (verb === verb.toLowerCase() || verb === verb.toUpperCase())
  })
}

const movesState = /\bupdate\b[^]*?\bset\b(?:(?!\bwhere\b)[^])*?\bstate\s*=/i

/** Files that may assign a state: the moves of runs, and the settling of records. */
const movers = ['src/db/moves.ts', 'src/db/recordMoves.ts', 'src/db/settle.ts']

/** The whole text of a string or template, holes shown as `$`. */
function literalText(node: ts.Node): string | undefined {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text
  if (!ts.isTemplateExpression(node)) return undefined
  return node.head.text + node.templateSpans.map((span) => `$${span.literal.text}`).join('')
}

/** A query builder's `.set({ state: … })`. */
function setsState(node: ts.Node): boolean {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false
  const [first] = node.arguments
  return (
    node.expression.name.text === 'set' &&
    first !== undefined &&
    ts.isObjectLiteralExpression(first) &&
    first.properties.some((property) => property.name?.getText() === 'state')
  )
}

/** SQL outside src/db. */
export function strandedSql(sources: readonly Source[]): string[] {
  return eachNode(
    sources,
    (path) => isProduct(path) && !path.startsWith('src/db/'),
    (node) => {
      const text = literalText(node)
      return text !== undefined && isSql(text)
        ? 'SQL belongs in src/db: give it a name there and call that'
        : undefined
    },
  )
}

/** States assigned anywhere but in the files that move them. */
export function strayStates(sources: readonly Source[]): string[] {
  return eachNode(
    sources,
    (path) => isProduct(path) && !movers.includes(path),
    (node) => {
      const text = literalText(node)
      return (text !== undefined && movesState.test(text)) || setsState(node)
        ? 'a state is assigned in db/moves.ts only: add a move to the machine and make it there'
        : undefined
    },
  )
}

function eachNode(
  sources: readonly Source[],
  holds: (path: string) => boolean,
  judge: (node: ts.Node) => string | undefined,
): string[] {
  const found: string[] = []
  for (const source of sources.filter(({ path }) => holds(path)))
    if (source.tree !== undefined)
      walk(source.tree, (node) => {
        const advice = judge(node)
        if (advice !== undefined) found.push(at(source, node, advice))
      })
  return found
}
