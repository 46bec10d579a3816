// One word for one thing: the glossary of docs/concepts.md, enforced on file names and on every name we declare.
import ts from 'typescript'
import { at, walk, type Source } from './source.ts'

const grabBag = 'name it by what it does'

/** Words that are not used in names, with what to say instead. */
const replacements: ReadonlyMap<string, string> = new Map([
  ['task', 'say record, run, chunk or chore'],
  ['sync', 'say run or import'],
  ['item', 'say record, or what it is'],
  ['entity', 'say profile or record'],
  ['event', 'say record, or what happened'],
  ['manager', grabBag],
  ['helper', grabBag],
  ['util', grabBag],
  ['service', grabBag],
  ['common', grabBag],
])

/** `readTheFile`, `read-the-file`, `READ_FILE` → lower-case words, plural s taken off. */
export function wordsOf(name: string): string[] {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.toLowerCase().replace(/(?<!s)s$/, ''))
}

function adviceFor(name: string): string | undefined {
  const word = wordsOf(name).find((each) => replacements.has(each))
  return word === undefined ? undefined : `${name}: "${word}" is not a word here; ${replacements.get(word)}`
}

/** Names we choose. Imported names and those of other people's objects are not ours. */
function declaredName(node: ts.Node): ts.Identifier | undefined {
  const declares =
    ts.isVariableDeclaration(node) ||
    ts.isParameter(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isPropertyDeclaration(node) ||
    ts.isPropertySignature(node) ||
    ts.isMethodSignature(node)
  return declares && node.name !== undefined && ts.isIdentifier(node.name) ? node.name : undefined
}

/** Names and file names with a word that is not ours. */
export function strangeWords(sources: readonly Source[]): string[] {
  return sources.flatMap((source) => {
    const inPath = adviceFor(source.path.replace(/\.\w+$/, ''))
    const found = inPath === undefined ? [] : [`${source.path}:1  ${inPath}`]
    if (source.tree !== undefined)
      walk(source.tree, (node) => {
        const name = declaredName(node)
        const advice = name === undefined ? undefined : adviceFor(name.text)
        if (advice !== undefined) found.push(at(source, name!, advice))
      })
    return found
  })
}
