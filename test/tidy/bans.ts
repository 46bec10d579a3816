// What is not written in this project, each with what to write instead.
import ts from 'typescript'
import { at, isProduct, walk, type Source } from './source.ts'

interface Ban {
  readonly what: string
  readonly instead: string
  readonly holds: (path: string) => boolean
  readonly is: (node: ts.Node) => boolean
}

/** `object.name`, called or not. */
function isMember(node: ts.Node, object: string, name?: string): boolean {
  if (!ts.isPropertyAccessExpression(node) || !ts.isIdentifier(node.expression)) return false
  return node.expression.text === object && (name === undefined || node.name.text === name)
}

function readsClock(node: ts.Node): boolean {
  const bareDate =
    ts.isNewExpression(node) &&
    ts.isIdentifier(node.expression) &&
    node.expression.text === 'Date' &&
    (node.arguments?.length ?? 0) === 0
  return bareDate || isMember(node, 'Date', 'now') || isMember(node, 'Temporal', 'Now')
}

const outside =
  (...paths: string[]) =>
  (path: string) =>
    isProduct(path) && !paths.some((kept) => path.startsWith(kept))

const bans: readonly Ban[] = [
  {
    what: 'asking what time it is',
    instead: 'take a Clock (core/clock.ts) or a time as an argument',
    holds: outside('src/core/clock.ts', 'src/host/clock.ts'),
    is: readsClock,
  },
  {
    what: 'process.env',
    instead: 'read the setting in host/config.ts and pass it on',
    holds: outside('src/host/config.ts'),
    is: (node) => isMember(node, 'process', 'env'),
  },
  {
    what: 'console',
    instead: 'log through the logger, or print in cli/',
    holds: outside('src/cli/', 'src/host/'),
    is: (node) => isMember(node, 'console'),
  },
  {
    what: 'Math.random',
    instead: 'take randomness as an argument, or make ids in the ids file',
    holds: (path) => !/\/ids?\.ts$/.test(path),
    is: (node) => isMember(node, 'Math', 'random'),
  },
  {
    what: 'any',
    instead: 'use unknown and narrow it',
    holds: () => true,
    is: (node) => node.kind === ts.SyntaxKind.AnyKeyword,
  },
  {
    what: 'enum',
    instead: 'use a list `as const`, or a machine',
    holds: () => true,
    is: ts.isEnumDeclaration,
  },
  {
    what: 'a default export',
    instead: 'export it by its name',
    // vitest wants its settings and the set-up of a test run as default exports.
    holds: (path) => path !== 'test/postgres.ts' && !path.endsWith('.config.ts'),
    is: isDefaultExport,
  },
]

function isDefaultExport(node: ts.Node): boolean {
  if (ts.isExportAssignment(node)) return true
  return (
    ts.canHaveModifiers(node) &&
    (ts.getModifiers(node) ?? []).some((m) => m.kind === ts.SyntaxKind.DefaultKeyword)
  )
}

/** Uses of what is banned. */
export function banned(sources: readonly Source[]): string[] {
  return sources.flatMap((source) => {
    const here = bans.filter((ban) => ban.holds(source.path))
    const found: string[] = []
    if (source.tree !== undefined)
      walk(source.tree, (node) => {
        for (const { what, instead, is } of here)
          if (is(node)) found.push(at(source, node, `not here: ${what}; ${instead}`))
      })
    return found
  })
}
