// `sluice job source`: what lies where a job reads from, and what became of each file.
import type { Command } from 'commander'
import type { SourceView } from '../client/types.gen.ts'
import { exits } from './exit.ts'
import { plural, size, time } from './format.ts'
import type { Host } from './host.ts'
import { withClient, type SharedOptions } from './session.ts'
import { shellWord } from './shellWord.ts'
import { color, facts, paragraph, print, printJson, table } from './terminal.ts'

interface PageOptions extends SharedOptions {
  readonly limit: string
  readonly cursor?: string
}

/** Newest first. */
export async function showSource(host: Host, command: Command, [job = '']: string[]): Promise<number> {
  const options = command.opts<PageOptions>()
  const { limit, cursor } = options
  return withClient(host, options, async (client) => {
    const view = await client.get('/jobs/{job}/source', { job, limit, cursor })
    if (options.json === true) printJson(view)
    else printSource(view)
    return exits.ok
  })
}

function printSource(view: SourceView): void {
  const word = shellWord(view.job)
  if (view.kind === 'upload')
    return print(
      `The files of ${view.job} are given by hand:\n  sluice job run ${word} --file FILE\nTo have them read from a folder:\n  sluice job edit ${word} --folder 'in/*.csv'`,
    )
  if (view.kind === 'profiles')
    return print(`${view.job} reads the profiles themselves, as they are when a run begins.`)
  print(
    `${color.bold(view.job)}\n${facts([
      ['Folder', placeOf(view)],
      ['Names', view.pattern ?? '*'],
      ['Takes', view.take === 'newest' ? 'the newest file' : 'every new file, oldest first'],
    ])}\n`,
  )
  if (view.problem !== null)
    return print(`${color.yellow('!')} ${view.problem.detail}\n${paragraph(view.problem.advice)}`)
  if (view.files.length === 0)
    return print(`No file lies there. Put one there and look again: sluice job source ${word}`)
  const rows = view.files.map((file) => [
    nameOf(file.path),
    file.bytes === null ? '' : size(file.bytes),
    time(file.modified),
    stateText(file),
  ])
  const heads = [
    { title: 'file', flexible: true },
    { title: 'size', right: true },
    { title: 'changed (UTC)', from: 80 },
    { title: '', flexible: true },
  ]
  print(table(heads, rows))
  const fresh = view.files.filter(({ state }) => state === 'new').length
  if (fresh > 0)
    print(color.dim(`\n${plural(fresh, 'new file')}. Do not wait for the next run: sluice job run ${word}`))
  if (view.next !== null)
    print(color.dim(`\nThere are more: sluice job source ${word} --cursor ${shellWord(view.next)}`))
}

function placeOf({ root, path }: SourceView): string {
  if (root === null) return path ?? ''
  return path === null || path === '' ? root : `${root.replace(/\/$/, '')}/${path}`
}

function nameOf(path: string): string {
  return path.split('/').at(-1)!
}

function stateText({ state, run, runState, why }: SourceView['files'][number]): string {
  const before = run === null ? '' : color.dim(` (${run} ${(runState ?? 'is gone').toLowerCase()})`)
  switch (state) {
    case 'new':
      return color.green('new') + before
    case 'arriving':
      return color.cyan('arriving: it must stay as it is for 30 s')
    case 'taken':
      return `${run}  ${(runState ?? 'its run is gone').toLowerCase()}`
    case 'older':
      return color.dim('older than the one that was taken')
    case 'passed_over':
      return color.yellow(`passed over: ${why}`)
  }
}
