// `sluice job export|plan|apply`: jobs as YAML files, for version control and for moving them elsewhere.
import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import type { JobDetail } from '../client/types.gen.ts'
import { changeText } from '../core/definitionDiff.ts'
import {
  activeInFile,
  definitionAfter,
  jobFileOf,
  jobsFromYaml,
  jobsToYaml,
  type JobFile,
} from '../core/jobFile.ts'
import { emptyDefinition } from '../core/job.ts'
import { planJob, type JobPlan } from '../core/jobPlan.ts'
import { SluiceError } from '../core/problem.ts'
import { failure } from '../core/problems.ts'
import type { Client } from './client.ts'
import { printChangeLines } from './diffText.ts'
import { exits } from './exit.ts'
import { plural } from './format.ts'
import type { Host } from './host.ts'
import { saveNew } from './jobSample.ts'
import { Cancelled, confirm } from './questions.ts'
import { withClient, type SharedOptions } from './session.ts'
import { canAsk, color, print, printJson } from './terminal.ts'

interface ExportOptions extends SharedOptions {
  readonly save?: string
}

/** Named jobs, or all that are in the lists. */
export async function exportJobs(host: Host, command: Command, names: string[]): Promise<number> {
  const options = command.opts<ExportOptions>()
  return withClient(host, options, async (client) => {
    const wanted = names.length > 0 ? names : await allNames(client)
    if (wanted.length === 0) {
      print("There are no jobs yet. Set one up with: sluice job create NAME --folder 'in/*.csv' --every 15m")
      return exits.ok
    }
    const jobs: JobFile[] = []
    for (const name of wanted) jobs.push(filed(await client.get('/jobs/{job}', { job: name })))
    const text = jobsToYaml(jobs)
    if (options.save !== undefined) await saveNew(options.save, text)
    if (options.json === true)
      printJson(options.save === undefined ? { jobs: names, yaml: text } : { saved: options.save })
    else if (options.save === undefined) process.stdout.write(text)
    else print(`${color.green('✓')} Saved ${plural(jobs.length, 'job')} to ${options.save}`)
    return exits.ok
  })
}

async function allNames(client: Client): Promise<string[]> {
  const names: string[] = []
  let cursor: string | undefined
  do {
    const page = await client.get('/jobs', { limit: 500, sort: 'name', cursor })
    names.push(...page.jobs.map(({ job }) => job))
    cursor = page.next ?? undefined
  } while (cursor !== undefined)
  return names
}

function filed({ job, kind, state, setup, definition }: JobDetail): JobFile {
  return jobFileOf(job, activeInFile(kind, state), setup, definition)
}

interface Planned {
  readonly file: JobFile
  readonly before: JobDetail | null
  readonly plan: JobPlan
}

async function planAll(client: Client, paths: readonly string[]): Promise<Planned[]> {
  const seen = new Map<string, string>()
  const planned: Planned[] = []
  for (const path of paths) {
    const text = await readFile(path, 'utf8').catch((error: Error) => {
      throw failure('usage.file_unreadable', { file: path, detail: error.message })
    })
    for (const file of jobsFromYaml(text, path)) {
      const first = seen.get(file.name)
      if (first !== undefined) throw failure('jobfile.twice', { job: file.name, first, second: path })
      seen.set(file.name, path)
      const before = await jobNamed(client, file.name)
      planned.push({ file, before, plan: planJob(file, before) })
    }
  }
  return planned
}

/** A job in the lists; one that was archived gave its name free. */
async function jobNamed(client: Client, name: string): Promise<JobDetail | null> {
  try {
    const found = await client.get('/jobs/{job}', { job: name })
    return found.state === 'archived' || found.job !== name ? null : found
  } catch (error) {
    if (error instanceof SluiceError && error.problem.code === 'not_found') return null
    throw error
  }
}

/** What applying would change; nothing is done. */
export async function planFiles(host: Host, command: Command, paths: string[]): Promise<number> {
  const options = command.opts<SharedOptions>()
  return withClient(host, options, async (client) => {
    show(options, await planAll(client, paths), null)
    return exits.ok
  })
}

interface ApplyOptions extends SharedOptions {
  readonly yes?: boolean
  readonly dryRun?: boolean
}

/** Plan, question, and then exactly that, job by job: each as a whole, or not at all. */
export async function applyFiles(host: Host, command: Command, paths: string[]): Promise<number> {
  const options = command.opts<ApplyOptions>()
  const json = options.json === true
  return withClient(host, options, async (client) => {
    const planned = await planAll(client, paths)
    const open = planned.filter(({ plan }) => plan.what !== 'keep' || plan.move !== null)
    if (options.dryRun === true || open.length === 0) {
      show(options, planned, json ? [] : null)
      return exits.ok
    }
    if (!json) show(options, planned, null)
    if (options.yes !== true) {
      if (json || !canAsk()) throw failure('usage.no_terminal')
      try {
        await confirm(`Apply to ${plural(open.length, 'job')}?`)
      } catch (error) {
        if (!(error instanceof Cancelled)) throw error
        print('Nothing was changed.')
        return exits.stopped
      }
    }
    const done: string[] = []
    for (const one of open) done.push(...(await apply(client, one, json)))
    if (json) show(options, planned, done)
    return exits.ok
  })
}

/** Answers what was done, one word and name each. */
async function apply(client: Client, { file, before, plan }: Planned, json: boolean): Promise<string[]> {
  const { name, setup } = file
  const done: string[] = []
  const say = (what: string): void => {
    done.push(`${what} ${name}`)
    if (!json) print(`${color.green('✓')} ${color.bold(name)} ${what}`)
  }
  const definition = definitionAfter(file, before?.definition ?? emptyDefinition)
  if (before === null) {
    await client.post('/jobs', { body: { job: name, setup, definition } })
    say('created')
  } else if (plan.what === 'change') {
    const after = await client.patch('/jobs/{job}', {
      job: before.id,
      body: { setup, definition },
      ifMatch: `"v${before.version}"`,
    })
    // Somebody else must approve it first: what there is has not changed.
    say(
      after.version === before.version && after.awaiting !== null
        ? `waits for approval: ${after.awaiting.id}`
        : `changed, version ${after.version}`,
    )
  }
  if (plan.move !== null) {
    const { run, job } = await client.post(`/jobs/{job}/${plan.move}`, { job: name, body: {} })
    const word = { activate: 'activated', resume: 'resumed', pause: 'paused' }[plan.move]
    if (plan.move === 'activate' && job.state !== 'active' && job.awaiting !== null)
      say(`waits for approval: ${job.awaiting.id}`)
    else say(run === null ? word : `${word}, its run is ${run}`)
  }
  return done
}

function show(options: SharedOptions, planned: readonly Planned[], done: readonly string[] | null): void {
  if (options.json === true) {
    const jobs = planned.map(({ plan: { name, what, changes, move, note } }) => ({
      job: name,
      what,
      changes: changes.map((one) => ({ ...one, text: changeText(one) })),
      move,
      note,
    }))
    return printJson(done === null ? { jobs } : { jobs, done })
  }
  for (const { plan } of planned) printPlan(plan)
}

const headings = { create: 'is new', change: 'changes', keep: 'stays as it is' } as const
const endings = {
  activate: 'It is activated, and its first run starts at once.',
  resume: 'It is resumed.',
  pause: 'It is paused.',
} as const

function printPlan({ name, what, changes, move, note }: JobPlan): void {
  print(`${color.bold(name)} ${headings[what]}`)
  if (changes.length > 0) printChangeLines(changes, '')
  if (move !== null) print(`  ${endings[move]}`)
  if (note !== null) print(`  ${color.yellow(note)}`)
}
