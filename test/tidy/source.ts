// The files of the project as the house rules see them: path, text, and the syntax tree where it is code.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

export interface Source {
  /** From the root of the project, with forward slashes. */
  readonly path: string
  readonly text: string
  /** Undefined for what is not code to parse. */
  readonly tree: ts.SourceFile | undefined
}

export const root = fileURLToPath(new URL('../../', import.meta.url))

const folders = ['src', 'test', 'scripts', 'bench', 'examples', 'docs', '.ci']
const ignored = new Set(['node_modules', 'data', 'results', 'client'])
const kept = /\.(tsx?|mjs|sql|sh|md)$|^\.ci\/run$/

/** A file that exists only in a test: what a rule must catch, or let pass. */
export function plant(path: string, text: string): Source {
  const tree = /\.tsx?$/.test(path)
    ? ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
    : undefined
  return { path, text, tree }
}

function pathsUnder(folder: string): string[] {
  const entries = readdirSync(join(root, folder), { withFileTypes: true })
  return entries.flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (!entry.isDirectory()) return kept.test(path) ? [path] : []
    return ignored.has(entry.name) || (folder === '' && !folders.includes(entry.name)) ? [] : pathsUnder(path)
  })
}

/** Every file the rules look at. */
export function readTree(): Source[] {
  return pathsUnder('').map((path) => plant(path, readFileSync(join(root, path), 'utf8')))
}

/** `path:line  what to do`, in the form editors can follow. */
export function at(source: Source, node: ts.Node, advice: string): string {
  const { line } = source.tree!.getLineAndCharacterOfPosition(node.getStart())
  return `${source.path}:${line + 1}  ${advice}`
}

/** Calls `visit` for every node, parents first. */
export function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node)
  ts.forEachChild(node, (child) => walk(child, visit))
}

/** The program itself: what runs in production. */
export function isProduct(path: string): boolean {
  return path.startsWith('src/') && !/\.test\.tsx?$/.test(path)
}
