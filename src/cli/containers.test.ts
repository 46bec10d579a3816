// Which parts of a file are taken, by what a person says.
import { describe, expect, test } from 'vitest'
import { SluiceError } from '../core/problem.ts'
import type { ContainerInfo, Part } from '../formats/containers/kind.ts'
import { allSheets, chosenParts, type PartOptions } from './containers.ts'

/** `name`, `(name)` hidden, `-name` empty. */
function part(noun: Part['noun'], text: string): Part {
  const [, hidden, empty, name] = /^(\()?(-)?([^)]*)\)?$/.exec(text)!
  return { name: name!, noun, hidden: hidden !== undefined, empty: empty !== undefined, bytes: null }
}

async function taken(kind: ContainerInfo['kind'], names: string, options: PartOptions = {}): Promise<string> {
  const noun = kind === 'xlsx' ? 'sheet' : 'file'
  const parts = names.split(' ').map((name) => part(noun, name))
  try {
    const chosen = await chosenParts('x', { kind, parts }, options, allSheets)
    return chosen.map(({ name }) => name).join(' ')
  } catch (error) {
    if (error instanceof SluiceError) return error.problem.code
    throw error
  }
}

describe('of a workbook', () => {
  test.each<[sheets: string, sheet: string[] | undefined, taken: string]>([
    ['May', undefined, 'May'],
    ['May -June (Lists)', undefined, 'May'],
    ['May June', undefined, 'May June'],
    ['-May (Lists)', undefined, 'container.nothing_inside'],
    ['May (Lists)', ['Lists'], 'Lists'],
    ['May June', ['june'], 'June'],
    ['May June', ['2'], 'June'],
    ['May 1', ['1'], '1'],
    ['May June', ['June', 'May'], 'June May'],
    ['May June', ['3'], 'container.part_missing'],
    ['May June', ['July'], 'container.part_missing'],
  ])('%s with --sheet %j: %s', async (sheets, sheet, expected) => {
    expect(await taken('xlsx', sheets, sheet === undefined ? {} : { sheet })).toBe(expected)
  })
})

describe('of an archive', () => {
  test.each<[files: string, member: string[] | undefined, taken: string]>([
    ['a.csv b.json.gz', undefined, 'a.csv b.json.gz'],
    ['a.csv logo.png README.txt', undefined, 'a.csv'],
    ['data notes', undefined, 'data notes'],
    ['a.csv -b.csv', undefined, 'a.csv'],
    ['-a.csv', undefined, 'container.nothing_inside'],
    ['in/a.csv in/b.csv c.csv', ['a*'], 'in/a.csv'],
    ['in/a.csv in/b.csv c.csv', ['in/*'], 'in/a.csv in/b.csv'],
    ['in/a.csv in/b.csv c.csv', ['?.csv', 'in/b.csv'], 'in/a.csv in/b.csv c.csv'],
    ['A.CSV', ['a.csv'], 'A.CSV'],
    ['logo.png', ['*.png'], 'logo.png'],
    ['a+b.csv aab.csv', ['a+b.csv'], 'a+b.csv'],
    ['a.csv', ['*.json'], 'container.part_missing'],
  ])('%s with --member %j: %s', async (files, member, expected) => {
    expect(await taken('zip', files, member === undefined ? {} : { member })).toBe(expected)
  })
})
