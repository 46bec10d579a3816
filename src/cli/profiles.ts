// `sluice profiles find` and `sluice profiles show`.
import type { Command } from 'commander'
import type { ProfileDetailView, ProfilePage } from '../client/types.gen.ts'
import { exits } from './exit.ts'
import { number, plural, time } from './format.ts'
import type { HistoryOptions } from './history.ts'
import type { Host } from './host.ts'
import { profileId } from './ids.ts'
import { withClient, type SharedOptions } from './session.ts'
import { color, columns, print, printJson, table, type Column } from './terminal.ts'
import { textOf } from './valueText.ts'

interface FindOptions extends SharedOptions {
  readonly where?: string[]
  readonly count?: boolean
  readonly limit: string
  readonly cursor?: string
}

/** By identifier, by attributes, or all; `--count` only counts. */
export async function findProfiles(host: Host, command: Command, [identifier]: string[]): Promise<number> {
  const options = command.opts<FindOptions>()
  const { where = [], limit, cursor } = options
  return withClient(host, options, async (client) => {
    if (options.count === true) {
      const { count } = await client.get('/profiles/count', { identifier, where })
      if (options.json === true) printJson({ count })
      else print(plural(count, 'profile'))
      return exits.ok
    }
    const page = await client.get('/profiles', { identifier, where, limit, cursor })
    if (options.json === true) printJson(page)
    else printPage(page)
    return exits.ok
  })
}

/** A page as a table; `more`: and how to see the rest of it. */
export function printPage({ profiles, next }: ProfilePage, more = true): void {
  if (profiles.length === 0) return print('No profile fits.')
  const keys = [...new Set(profiles.flatMap(({ attributes }) => Object.keys(attributes)))]
  // As many attributes as fit at a readable width; the others are a command away.
  const shown = keys.slice(0, Math.max(1, Math.floor((columns() - 10) / 14)))
  const heads: Column[] = [
    { title: 'profile', right: true },
    ...shown.map((title) => ({ title, flexible: true })),
  ]
  const rows = profiles.map(({ id, attributes }) => [
    String(id),
    ...shown.map((key) => textOf(attributes[key])),
  ])
  print(table(heads, rows))
  const first = profiles[0]!
  if (shown.length < keys.length && more)
    print(
      color.dim(
        `\n${plural(keys.length - shown.length, 'more attribute')}: sluice profiles show ${first.id}`,
      ),
    )
  if (next !== null && more)
    print(color.dim(`\nThere are more. Go on with the same command and --cursor ${next}`))
}

/** One person, each value with the record, file and line it came from. */
export async function showProfile(host: Host, command: Command, [text = '']: string[]): Promise<number> {
  const options = command.opts<HistoryOptions & { readonly history?: boolean }>()
  const id = profileId(text)
  if (options.history === true || options.attribute !== undefined)
    return (await import('./history.ts')).showHistory(host, options, id)
  return withClient(host, options, async (client) => {
    const detail = await client.get('/profiles/{profile}', { profile: id })
    if (options.json === true) printJson(detail)
    else printDetail(detail)
    return exits.ok
  })
}

const detailHeads: Column[] = [
  { title: '' },
  { title: 'value', flexible: true },
  { title: 'from' },
  { title: 'file', flexible: true },
  { title: 'line', right: true },
  { title: 'as of' },
]

/** One person, value by value; `next`: and how to see more. */
export function printDetail(detail: ProfileDetailView, next = true): void {
  print(
    `${color.bold(`Profile ${detail.id}`)}  ${color.dim(`created ${time(detail.createdAt)} by ${detail.createdBy.record}`)}`,
  )
  print()
  const identifiers = detail.identifiers.map(({ label, value, given, source }) => [
    label,
    given ?? value,
    ...sourceOf(source),
  ])
  const attributes = detail.attributes.map(({ label, value, source }) => [
    label,
    textOf(value),
    ...sourceOf(source),
  ])
  print(table(detailHeads, [...identifiers, ...attributes], 2))
  if (next) print(`\n  ${color.dim('What it was before:')} sluice profiles show ${detail.id} --history`)
}

type Source = ProfileDetailView['createdBy'] | null

function sourceOf(source: Source): string[] {
  if (source === null) return ['', '', '', '']
  return [
    source.record,
    source.file ?? '',
    source.line === null ? '' : number(source.line),
    time(source.asOf),
  ]
}
