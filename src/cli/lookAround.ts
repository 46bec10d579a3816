// Looking around in what `sluice try` imported: a small menu, until the person leaves or imports it for real.
import type { NamespaceView, RunView } from '../client/types.gen.ts'
import type { Mapping } from '../core/mapping.ts'
import { adviceFor } from '../core/problems.ts'
import type { Client } from './client.ts'
import { printDryRun } from './dryRun.ts'
import { exits } from './exit.ts'
import { meaningOf, printProblem } from './failures.ts'
import { number, plural } from './format.ts'
import { importSource, type Session, type Shown } from './import.ts'
import type { ImportOrder } from './orderImport.ts'
import { printPreview } from './preview.ts'
import { printDetail, printPage } from './profiles.ts'
import { printRun } from './runCommands.ts'
import { printErrors } from './runErrors.ts'
import type { FileSource } from './sources.ts'
import { color, print } from './terminal.ts'
import { watchRun } from './watch.ts'

/** One import that was tried; a workbook has one for every sheet. */
export interface Tried extends Shown {
  readonly order: ImportOrder
  /** How it ended. */
  readonly view: RunView
}

/** What there is to look at. */
export interface Trial {
  readonly session: Session
  readonly source: FileSource
  readonly namespace: NamespaceView
  /** Whether it stays when the person leaves. */
  readonly kept: boolean
  readonly tried: readonly Tried[]
}

type Place = 'profiles' | 'person' | 'failed' | 'columns' | 'again' | 'real' | 'leave'

/** Answers the exit code of the real import; null: the person left without one. */
export async function lookAround(trial: Trial): Promise<number | null> {
  for (let place: Place | undefined; ;) {
    place = await choose(trial, place)
    if (place === 'leave') return null
    print()
    try {
      if (place === 'real') return await forReal(trial)
      await rooms[place](trial)
    } catch (error) {
      const found = meaningOf(error)
      printProblem(found.code, found.message, adviceFor(found))
    }
  }
}

async function choose({ session, namespace, kept, tried }: Trial, last: Place | undefined): Promise<Place> {
  const { isCancel, select } = await import('@clack/prompts')
  const { count } = await session.client.get('/profiles/count')
  const failed = tried.reduce((all, { view }) => all + view.counters.failed.total, 0)
  const warned = tried.some(({ view }) => Object.keys(view.run.warnings).length > 0)
  const held = tried.some(({ view }) => view.run.state === 'held')
  const options: { value: Place; label: string; hint?: string }[] = [
    { value: 'profiles', label: 'See the profiles', hint: plural(count, 'profile') },
    { value: 'person', label: 'Find somebody', hint: 'by e-mail address, customer id…' },
    ...(failed > 0 || warned || held
      ? [{ value: 'failed' as const, label: 'See what went wrong', hint: `${number(failed)} failed` }]
      : []),
    { value: 'columns', label: 'See the columns, and what they became' },
    { value: 'again', label: 'See what importing it again would do' },
    { value: 'real', label: `Import it for real, into ${session.options.namespace}` },
    { value: 'leave', label: 'Leave', hint: `${namespace.name} is ${kept ? 'kept' : 'dropped'}` },
  ]
  const message = 'Nothing of this is in your data yet. What do you want to see?'
  const initial = last === undefined ? {} : { initialValue: last }
  const answer = await select({ message, options, ...initial })
  return isCancel(answer) ? 'leave' : answer
}

const rooms: Readonly<Record<Exclude<Place, 'real' | 'leave'>, (trial: Trial) => Promise<void>>> = {
  profiles: async ({ session: { client } }) => {
    const page = await client.get('/profiles', { limit: 10 })
    printPage(page, false)
    if (page.next !== null) print(color.dim('\n  The first 10 of them.'))
  },
  person: async ({ session: { client } }) => {
    const { isCancel, text } = await import('@clack/prompts')
    const answer = await text({ message: 'Who?', placeholder: 'ada@example.com' })
    if (isCancel(answer) || answer === undefined || answer.trim() === '') return
    await showPerson(client, answer.trim())
  },
  failed: async ({ session: { client }, tried }) => {
    for (const { view } of tried)
      printErrors(await client.get('/runs/{run}/errors', { run: view.run.id }), false)
  },
  // oxlint-disable-next-line require-await -- the other rooms ask the server
  columns: async ({ tried }) => {
    for (const { source, report, mapping } of tried)
      printPreview({ name: source.name, bytes: source.bytes, report, mapping })
  },
  again: async ({ session: { host, client }, tried }) => {
    for (const { order } of tried) {
      const answer = await client.post('/imports', { body: { ...order, again: true, dryRun: true } })
      printDryRun(await watchRun(host, client, answer.run, false), false)
    }
  },
}

async function showPerson(client: Client, identifier: string): Promise<void> {
  const { profiles } = await client.get('/profiles', { identifier, limit: 1 })
  const found = profiles[0]
  if (found === undefined) return print('  No profile has this identifier.')
  printDetail(await client.get('/profiles/{profile}', { profile: found.id }), false)
}

/** The same file with the same mapping, where it counts. */
async function forReal({ session, source, tried }: Trial): Promise<number> {
  const settled = new Map<string, Mapping>(tried.map((one) => [one.source.name, one.mapping]))
  const { home, host } = session
  const witness = {
    ordered: () => {},
    ended: (view: RunView) => printRun(host, view, false),
    left: async () => {},
  }
  const options = { ...session.options, again: false }
  const code = await importSource({ ...session, client: home, options, settled, witness }, source)
  return code === exits.usage ? exits.failed : code
}
