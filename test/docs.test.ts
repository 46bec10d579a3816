// The docs say what is true: everything is documented, links lead somewhere, and the commands people are told to type exist.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { commands } from '../scripts/gen/commands.ts'
import { problems } from '../src/core/problems.ts'
import { readTree, root } from './tidy/source.ts'

const pages = readTree().filter(({ path }) => path.endsWith('.md'))
const handWritten = pages.filter(({ path }) => !path.startsWith('docs/reference/') && path !== 'CHANGELOG.md')

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

/** `## What it is called` → `what-it-is-called`, as code hosts do it. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

/** Links of a page that lead nowhere. */
function brokenLinks(path: string, text: string): string[] {
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link)
  return links
    .filter((link) => !/^[a-z]+:/.test(link))
    .filter((link) => {
      const [file = '', anchor] = link.split('#')
      const target = file === '' ? path : join(dirname(path), file)
      if (!existsSync(join(root, target))) return true
      return anchor !== undefined && !anchorsOf(read(target)).includes(anchor)
    })
}

/** Command lines in code: `sluice …`, in a sentence or in a block; a line that goes on with \ is one. */
function commandLines(text: string): string[] {
  const code = [...text.matchAll(/^```[^\n]*\n([^]*?)^```|`([^`\n]+)`/gm)].map(
    ([, block, span]) => block ?? span ?? '',
  )
  return code
    .flatMap((part) => part.replaceAll('\\\n', ' ').split('\n'))
    .flatMap((line) => /(?:^|[|$] ?|&& )(?:\S*=\S* )*(?:\.\/)?(sluice .+)$/.exec(line)?.[1] ?? [])
}

const known = commands()

/** What is wrong with a command line; undefined: it can be typed. */
function wrongWith(line: string): string | undefined {
  const typed = line.replace(/ #.*$/, '').trim()
  if (/^sluice (--help|--version|-V|COMMAND)/.test(typed)) return undefined
  // The longest name that fits: `sluice records retry` is not `sluice records`.
  const found = known.findLast(({ name }) => typed === name || typed.startsWith(`${name} `))
  if (found === undefined) return `${line}: no such command`
  const flags = ['--help', ...found.command.options.map((option) => option.long)]
  const wrong = [...typed.matchAll(/(?<=\s)--[a-z][a-z-]*/g)].find(([flag]) => !flags.includes(flag))
  return wrong === undefined ? undefined : `${line}: ${found.name} has no ${wrong[0]}`
}

describe('references are complete', () => {
  const codes = Object.keys(problems)
  test.each(codes)('BS-27 problem %s', (code) =>
    expect(read('docs/reference/problems.md')).toContain(`### ${code}\n`),
  )
  test.each(known.map(({ name }) => name))('%s', (name) => {
    expect(read('docs/reference/commands.md')).toContain(`## ${name}\n`)
  })
})

describe('links lead somewhere', () => {
  test.each(pages.map(({ path, text }) => [path, text]))('%s', (path, text) => {
    expect(brokenLinks(path, text)).toEqual([])
  })
  test('a missing page and a missing chapter are caught', () => {
    const text = '[a](gone.md) [b](README.md#gone) [c](README.md) [d](https://example.com)'
    expect(brokenLinks('README.md', text)).toEqual(['gone.md', 'README.md#gone'])
  })
})

describe('commands in the docs can be typed', () => {
  test.each(handWritten.map(({ path, text }) => [path, text]))('%s', (_, text) => {
    expect(
      commandLines(text)
        .map(wrongWith)
        .filter((wrong) => wrong !== undefined),
    ).toEqual([])
  })
  test('a missing command and a missing flag are caught', () => {
    const text = '```sh\n./sluice teleport x\n```\nType `sluice runs --sideways`, or `sluice runs --json`.'
    expect(commandLines(text).map(wrongWith)).toEqual([
      'sluice teleport x: no such command',
      'sluice runs --sideways: sluice runs has no --sideways',
      undefined,
    ])
  })
})

describe('flags in the advice of a problem exist', () => {
  const flags = new Set([
    '--help',
    ...known.flatMap(({ command }) => command.options.map((option) => option.long)),
  ])
  const advice = Object.entries(problems).map(([code, { advice: text }]) => [code, text] as const)
  test.each(advice.filter(([, text]) => text.includes('--')))('%s', (_, text) => {
    const others = /\b(?:useradd|npm|apt-get)\b.*?(?=,|;|$)/g
    const named = [...text.replaceAll(others, '').matchAll(/(?<=^|\s)--[a-z][a-z-]*/g)].map(([flag]) => flag)
    expect(named.filter((flag) => !flags.has(flag))).toEqual([])
  })
})
