// Who imports whom: the layers of ARCHITECTURE.md, the pure core, and no cycles.
import { posix } from 'node:path'
import ts from 'typescript'
import { at, isProduct, type Source } from './source.ts'

interface Import {
  readonly node: ts.Node
  readonly from: string
  /** Gone at run time: `import type`. */
  readonly typeOnly: boolean
}

/** What a layer may import besides itself. `types of x`: only `import type`. This table is the one in ARCHITECTURE.md. */
export const layers: Readonly<Record<string, readonly string[]>> = {
  core: [],
  formats: ['core'],
  blobs: ['core', 'formats'],
  connectors: ['core', 'formats'],
  db: ['core'],
  profiles: ['core', 'db'],
  pipeline: ['core', 'db', 'formats', 'blobs'],
  engine: ['core', 'db', 'blobs', 'connectors', 'profiles', 'pipeline'],
  api: ['core', 'db', 'blobs', 'connectors', 'formats'],
  cli: ['core', 'formats', 'types of client'],
  web: ['core', 'client'],
}

/** Layers that may import everything. */
const unbound = new Set(['host', 'main.ts'])

/** Libraries the core may use: pure ones, without input or output. */
const pureLibraries = [
  'zod',
  'temporal-polyfill',
  'croner',
  'libphonenumber-js',
  'yaml',
  '@marcbachmann/cel-js',
  '@noble/hashes',
]

function isTypeOnly(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(node)) return node.isTypeOnly
  const names = node.importClause?.namedBindings
  if (node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword) return true
  return (
    names !== undefined &&
    ts.isNamedImports(names) &&
    names.elements.length > 0 &&
    names.elements.every((name) => name.isTypeOnly)
  )
}

function importsOf(source: Source): Import[] {
  const found: Import[] = []
  for (const node of source.tree?.statements ?? []) {
    if (!ts.isImportDeclaration(node) && !ts.isExportDeclaration(node)) continue
    if (node.moduleSpecifier === undefined || !ts.isStringLiteral(node.moduleSpecifier)) continue
    found.push({ node, from: node.moduleSpecifier.text, typeOnly: isTypeOnly(node) })
  }
  return found
}

function target(source: Source, from: string): string {
  return posix.join(posix.dirname(source.path), from)
}

function layerOf(path: string): string | undefined {
  return /^src\/([^/]+)/.exec(path)?.[1]
}

/** A layer imports only those below it. Tests, benchmarks and scripts may import everything. */
export function crossedLayers(sources: readonly Source[]): string[] {
  return sources.filter((source) => isProduct(source.path)).flatMap(crossedIn)
}

function crossedIn(source: Source): string[] {
  const layer = layerOf(source.path)!
  if (unbound.has(layer)) return []
  const allowed = layers[layer]
  if (allowed === undefined)
    return [`${source.path}:1  ${layer}/ is no layer: add it to the table or move the file`]
  return importsOf(source).flatMap(({ node, from, typeOnly }) => {
    if (!from.startsWith('.')) return []
    const other = layerOf(target(source, from)) ?? 'the project root'
    const fine =
      other === layer || allowed.includes(other) || (typeOnly && allowed.includes(`types of ${other}`))
    const list = allowed.length === 0 ? 'nothing of ours' : allowed.join(', ')
    return fine
      ? []
      : [at(source, node, `${layer} may import ${list}; not ${other}: move what is shared down to core`)]
  })
}

/** The core has no input or output: no `node:`, only pure libraries. */
export function impureCore(sources: readonly Source[]): string[] {
  return sources
    .filter((source) => isProduct(source.path) && layerOf(source.path) === 'core')
    .flatMap((source) =>
      importsOf(source)
        .filter(({ from }) => !from.startsWith('.'))
        .filter(({ from }) => !pureLibraries.some((name) => from === name || from.startsWith(`${name}/`)))
        .map(({ node, from }) =>
          at(source, node, `core is pure: ${from} belongs in a layer above, handed in as a value`),
        ),
    )
}

/** Files that import each other in a ring; each ring is named once. */
export function cycles(sources: readonly Source[]): string[] {
  const graph = new Map(
    sources.map((source) => [
      source.path,
      importsOf(source)
        .filter(({ from }) => from.startsWith('.'))
        .map(({ from }) => target(source, from)),
    ]),
  )
  const found: string[] = []
  const done = new Set<string>()
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path)
    if (start >= 0) found.push([...trail.slice(start), path].join(' → '))
    if (start >= 0 || done.has(path)) return
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path])
    done.add(path)
  }
  for (const path of graph.keys()) visit(path, [])
  return found
}
