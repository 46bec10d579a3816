// `sluice explain --identifier`: the records that are about one person, each a command away from its explanation.
import { failure } from '../core/problems.ts'
import { exits } from './exit.ts'
import type { Host } from './host.ts'
import { printPage } from './records.ts'
import { withClient, type SharedOptions } from './session.ts'
import { color, print, printJson } from './terminal.ts'

/** Newest run first. Records that went to nobody are found where the identifier is the one that names them. */
export async function showMentions(host: Host, options: SharedOptions, identifier: string): Promise<number> {
  return withClient(host, options, async (client) => {
    const { profiles } = await client.get('/profiles', { identifier, limit: 1 })
    const [profile] = profiles
    const filter = profile === undefined ? { identifier } : { profile: profile.id }
    const page = await client.get('/records', { ...filter, limit: 50 })
    if (options.json === true) {
      printJson({ profile: profile?.id ?? null, ...page })
      return exits.ok
    }
    const [first] = page.records
    if (first === undefined && page.next === null)
      throw failure('not_found', { noun: 'record about', id: identifier })
    if (profile !== undefined) print(`${color.bold(identifier)} is profile ${profile.id}.\n`)
    printPage(page)
    if (first !== undefined) print(color.dim(`\nWhat became of one, and why: sluice explain ${first.id}`))
    return exits.ok
  })
}
