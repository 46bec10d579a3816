// `sluice job list|versions|diff`: what is imported, and how its definition changed over time.
import type { Command } from 'commander'
import type { JobPage } from '../api/jobs.ts'
import type { JobDiff, JobVersions } from '../api/jobVersions.ts'
import { failure } from '../core/problems.ts'
import { exits } from './exit.ts'
import { number, plural, time } from './format.ts'
import { printChangeLines } from './diffText.ts'
import type { Host } from './host.ts'
import { withClient, type SharedOptions } from './session.ts'
import { color, print, printJson, table } from './terminal.ts'

interface ListOptions extends SharedOptions {
  readonly limit: string
  readonly cursor?: string
}

/** Newest first. */
export async function listJobs(host: Host, command: Command): Promise<number> {
  const options = command.opts<ListOptions>()
  const { limit, cursor } = options
  return withClient(host, options, async (client) => {
    const page = await client.get<JobPage>('/jobs', { limit, cursor })
    if (options.json === true) printJson(page)
    else printJobs(page)
    return exits.ok
  })
}

function printJobs({ jobs, next }: JobPage): void {
  if (jobs.length === 0) return print('No jobs yet: every imported file makes one, named after it.')
  const rows = jobs.map(({ job, versions, runs, lastRun, updatedAt }) => [
    job,
    number(versions),
    number(runs),
    lastRun ?? '–',
    time(updatedAt),
  ])
  const heads = [
    { title: 'job', flexible: true },
    { title: 'versions', right: true },
    { title: 'runs', right: true },
    { title: 'last run' },
    { title: 'last used' },
  ]
  print(table(heads, rows))
  if (next !== null) print(color.dim(`\nThere are more. Go on with the same command and --cursor ${next}`))
}

/** Every version with the runs that used it and what it changed. */
export async function jobVersions(host: Host, command: Command, [job = '']: string[]): Promise<number> {
  const options = command.opts<ListOptions>()
  const { limit, cursor } = options
  return withClient(host, options, async (client) => {
    const path = `/jobs/${encodeURIComponent(job)}/versions`
    const found = await client.get<JobVersions>(path, { limit, cursor })
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
    const found = await client.get<JobDiff>(`/jobs/${encodeURIComponent(job)}/diff`, range)
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

/** A name as a shell takes it. */
export function shellWord(text: string): string {
  return /^[\w@=.,:+/-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
