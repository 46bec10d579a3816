// `sluice job list|versions|diff`: what is imported, and how its definition changed over time.
import type { Command } from 'commander'
import type { JobPage, JobVersions } from '../client/types.gen.ts'
import { jobMachine } from '../core/jobState.ts'
import { failure } from '../core/problems.ts'
import { exits } from './exit.ts'
import { number, plural, time } from './format.ts'
import { printChangeLines } from './diffText.ts'
import type { Host } from './host.ts'
import { activityText, lastRunSigns } from './jobShow.ts'
import { withClient, type SharedOptions } from './session.ts'
import { shellWord } from './shellWord.ts'
import { color, inTone, print, printJson, table } from './terminal.ts'

interface PageOptions extends SharedOptions {
  readonly limit: string
  readonly cursor?: string
}

interface ListOptions extends PageOptions {
  readonly state?: readonly string[]
  readonly kind?: string
  readonly source?: string
  readonly text?: string
  readonly sort: string
  readonly dialect: string
  readonly archived?: boolean
}

/** Newest first, unless asked otherwise. */
export async function listJobs(host: Host, command: Command): Promise<number> {
  const options = command.opts<ListOptions>()
  const { limit, cursor, kind, source, text, sort, archived } = options
  const state = archived === true ? [...(options.state ?? []), 'archived'] : options.state
  const filtered = [state, kind, source, text, cursor].some((one) => one !== undefined)
  return withClient(host, options, async (client) => {
    const query = {
      limit,
      cursor,
      state,
      kind: kind?.replace('-', '_'),
      source,
      text,
      sort,
      dialect: options.dialect,
    }
    const page = await client.get('/jobs', query)
    if (options.json === true) printJson(page)
    else if (page.jobs.length === 0 && filtered)
      print('No job fits. Leave a filter out, or see all with sluice job list.')
    else printJobs(page)
    return exits.ok
  })
}

function printJobs({ jobs, next }: JobPage): void {
  if (jobs.length === 0)
    return print(
      "No jobs yet. Every imported file makes one, named after it: sluice import FILE.\nFor files that arrive in a folder: sluice job create NAME --folder 'in/*.csv' --every 15m",
    )
  const rows = jobs.map((view) => [
    view.job,
    inTone(jobMachine.states[view.state].tone, view.word ?? view.label),
    activityText(view.activity),
    view.provider.kind,
    lastRunSigns(view.lastRuns),
    view.lastRun ?? '–',
    time(view.updatedAt),
  ])
  const heads = [
    { title: 'job', flexible: true },
    { title: 'state' },
    { title: 'doing', flexible: true },
    { title: 'source', from: 100 },
    { title: 'runs' },
    { title: 'last run' },
    { title: 'updated (UTC)', from: 90 },
  ]
  print(table(heads, rows))
  if (next !== null) print(color.dim(`\nThere are more. Go on with the same command and --cursor ${next}`))
}

/** Every version with the runs that used it and what it changed. */
export async function jobVersions(host: Host, command: Command, [job = '']: string[]): Promise<number> {
  const options = command.opts<PageOptions>()
  const { limit, cursor } = options
  return withClient(host, options, async (client) => {
    const found = await client.get('/jobs/{job}/versions', { job, limit, cursor })
    if (options.json === true) printJson(found)
    else printVersions(found)
    return exits.ok
  })
}

function printVersions({ job, versions, next }: JobVersions): void {
  print(`${color.bold(job)}  ${color.dim(plural(versions[0]?.version ?? 0, 'version'))}\n`)
  const rows = versions.map(({ version, createdAt, firstRun, lastRun, changes, examples }) => [
    String(version),
    time(createdAt),
    runsText(firstRun, lastRun),
    version === 1 ? color.dim('the first') : changesText(changes, examples),
  ])
  const heads = [
    { title: 'version', right: true },
    { title: 'made' },
    { title: 'runs' },
    { title: 'what changed', flexible: true },
  ]
  print(table(heads, rows, 2))
  const [latest, earlier] = versions
  if (earlier !== undefined)
    print(
      `\n  ${color.dim('All of it:')} sluice job diff ${shellWord(job)} ${earlier.version} ${latest!.version}`,
    )
  const back = versions.find(({ version, lastRun }) => version !== latest?.version && lastRun !== null)
  if (back !== undefined)
    print(
      `  ${color.dim(`Back to version ${back.version}:`)} sluice import FILE --mapping-from ${back.lastRun}`,
    )
  if (next !== null) print(color.dim(`\nThere are more. Go on with the same command and --cursor ${next}`))
}

function runsText(first: string | null, last: string | null): string {
  if (first === null || last === null) return '–'
  return first === last ? first : `${first} to ${last}`
}

function changesText(count: number, examples: readonly string[]): string {
  if (count === 0) return color.dim('nothing to see')
  const more = count - examples.length
  return examples.join(' · ') + (more > 0 ? ` · ${number(more)} more` : '')
}

/** What differs between two versions; by default the newest and the one before. */
export async function jobDiff(host: Host, command: Command, args: string[]): Promise<number> {
  const options = command.opts<SharedOptions>()
  const [job = '', from, to] = args
  const range = { from: versionNumber(from), to: versionNumber(to) }
  return withClient(host, options, async (client) => {
    const found = await client.get('/jobs/{job}/diff', { job, ...range })
    if (options.json === true) printJson(found)
    else {
      print(`${color.bold(found.job)}  ${color.dim(`version ${found.from} → ${found.to}`)}\n`)
      printChangeLines(
        found.changes,
        found.from === found.to ? 'It is one and the same version.' : 'The two are the same.',
      )
    }
    return exits.ok
  })
}

function versionNumber(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw failure('usage.id', { text, noun: 'version', example: '2', list: 'sluice job versions JOB' })
}
