// `sluice records retry|skip`: count, question, and what became of it.
import type { Command } from 'commander'
import type { RetryAnswerView, RunView, SkipAnswerView } from '../client/types.gen.ts'
import { parseRecordName } from '../core/origin.ts'
import { failure } from '../core/problems.ts'
import type { Client } from './client.ts'
import { exits, exitOf } from './exit.ts'
import { number, plural } from './format.ts'
import type { Host } from './host.ts'
import type { Body } from './operations.ts'
import { Cancelled, confirm } from './questions.ts'
import { filtersIn, type RecordFilterOptions } from './records.ts'
import { printRun } from './runCommands.ts'
import { withClient, type SharedOptions } from './session.ts'
import { shellWord } from './shellWord.ts'
import { canAsk, note, paragraph, print, printJson } from './terminal.ts'
import { watchRun } from './watch.ts'

interface Options extends SharedOptions, RecordFilterOptions {
  readonly yes?: boolean
  readonly dryRun?: boolean
  readonly mapping?: string
  readonly latest?: boolean
}

type RetryOrder = Body<'POST', '/records/retry'>
type Choice = Pick<RetryOrder, 'ids' | 'filter'>

/** Records by name, or by filter; neither or both throw `retry.nothing`. */
function choiceOf(ids: readonly string[], options: Options): Choice {
  const given = Object.entries(filtersIn(options)).filter(([, value]) => value !== undefined)
  if (ids.length > 0 === given.length > 0) throw failure('retry.nothing')
  if (ids.length === 0) return { filter: Object.fromEntries(given) }
  for (const id of ids)
    if (parseRecordName(id) === undefined)
      throw failure('usage.id', { text: id, noun: 'record', example: 'r1042/17', list: 'sluice records' })
  return { ids: [...ids] }
}

/** Asks before anything is moved. Throws `usage.no_terminal`, `Cancelled`. */
async function ask(options: Options, question: string): Promise<void> {
  if (options.yes !== true) await confirm(question)
}

function requireTerminal(options: Options): void {
  if (options.yes !== true && options.dryRun !== true && (options.json === true || !canAsk()))
    throw failure('usage.no_terminal')
}

/** Chosen records again, as new rows in child runs. Exit code of the gravest run; 3 when nothing could be retried. */
export async function retryRecords(host: Host, command: Command, ids: string[]): Promise<number> {
  const options = command.opts<Options>()
  const json = options.json === true
  const choice = choiceOf(ids, options)
  requireTerminal(options)
  const mapping = await mappingIn(options)
  const order: RetryOrder = {
    ...choice,
    ...(mapping === null ? {} : { mapping }),
    version: options.latest === true ? 'latest' : 'own',
  }
  // What was counted is what is changed.
  let asOf: string | undefined
  return withClient(host, options, async (client) => {
    if (options.yes !== true || options.dryRun === true) {
      const counted = await client.post('/records/retry', { body: { ...order, dryRun: true } })
      asOf = counted.asOf
      if (json) printJson(counted)
      else printRetry(counted, 'would be')
      if (options.dryRun === true) return exits.ok
      if (counted.changed === 0) return exits.completedWithErrors
      if (!(await agreed(options, `Retry ${plural(counted.changed, 'record')}?`))) return exits.stopped
    }
    const answer = await client.post('/records/retry', { body: { ...order, asOf } })
    if (!json && options.yes === true) printRetry(answer, 'are')
    return follow(host, client, answer, json)
  })
}

/** A job that processes its records later takes retried ones like any others (AL-27). */
function waitsNow({ run }: RunView): string {
  return paragraph(
    `What is new waits for the next processing run; sluice records process ${shellWord(run.job)} does not wait.`,
  )
}

async function agreed(options: Options, question: string): Promise<boolean> {
  try {
    await ask(options, question)
    return true
  } catch (error) {
    if (!(error instanceof Cancelled)) throw error
    print('Nothing was changed.')
    return false
  }
}

async function mappingIn({ mapping, latest }: Options): Promise<RetryOrder['mapping'] | null> {
  if (mapping === undefined) return null
  if (latest === true)
    throw failure('usage.unknown', {
      detail: '--mapping and --latest both say how records are read; keep one.',
      command: 'sluice records retry',
    })
  const { readMapping } = await import('./mappingCommands.ts')
  return readMapping(mapping)
}

/** Watches the child runs to their ends, one after the other. */
async function follow(host: Host, client: Client, answer: RetryAnswerView, json: boolean): Promise<number> {
  let worst: number = answer.changed === 0 ? exits.completedWithErrors : exits.ok
  const views: RunView[] = []
  for (const { run, staged } of answer.runs) {
    const view = await watchRun(host, client, run!, json)
    worst = Math.max(worst, exitOf(view.run.state))
    views.push(view)
    if (!json) {
      print()
      await printRun(host, view, false)
      if (staged) print(waitsNow(view))
    }
  }
  if (json) printJson({ ...answer, receipts: views })
  return worst
}

function printRetry({ changed, left, runs }: RetryAnswerView, be: string): void {
  const one = runs.length === 1 ? ` of ${runs[0]!.parent}` : ''
  print(
    `${plural(changed, 'record')}${one} ${changed === 1 && be === 'are' ? 'is' : be} retried, ${number(sum(left))} left.`,
  )
  printLeft(left)
  if (runs.length > 1)
    for (const { parent, records } of runs) print(`  ${parent}: ${plural(records, 'record')}`)
  for (const { parent, version, parentVersion, latest, note: why } of runs) {
    if (version !== parentVersion)
      print(
        paragraph(`With version ${version} of the job; ${parent} was read with version ${parentVersion}.`),
      )
    else if (latest > version && why === null)
      print(
        paragraph(
          `With version ${version} of the job, as before; it has version ${latest} by now, which --latest uses.`,
        ),
      )
    if (why !== null) note(paragraph(`! With version ${version} of the job, as before: ${why}`))
  }
}

function sum(left: SkipAnswerView['left']): number {
  return left.reduce((all, { count }) => all + count, 0)
}

/** Why records were left as they are. */
export function printLeft(left: SkipAnswerView['left']): void {
  for (const { why, count, record } of left)
    print(
      paragraph(
        count === 1 ? `${record} ${why}.` : `${number(count)} records (${record} first): each ${why}.`,
      ),
    )
}

/** Leaves out records that are still to be processed. Exit code 3 when none could be. */
export async function skipRecords(host: Host, command: Command, ids: string[]): Promise<number> {
  const options = command.opts<Options>()
  const json = options.json === true
  const choice = choiceOf(ids, options)
  requireTerminal(options)
  // What was counted is what is changed.
  let asOf: string | undefined
  return withClient(host, options, async (client) => {
    if (options.yes !== true || options.dryRun === true) {
      const counted = await client.post('/records/skip', { body: { ...choice, dryRun: true } })
      asOf = counted.asOf
      if (options.dryRun === true) {
        if (json) printJson(counted)
        else printSkip(counted, 'would be skipped')
        return exits.ok
      }
      if (counted.changed > 0 && !(await agreed(options, `Skip ${plural(counted.changed, 'record')}?`)))
        return exits.stopped
    }
    const answer = await client.post('/records/skip', { body: { ...choice, asOf } })
    if (json) printJson(answer)
    else printSkip(answer, 'skipped')
    return answer.changed === 0 ? exits.completedWithErrors : exits.ok
  })
}

function printSkip({ changed, left }: SkipAnswerView, how: string): void {
  print(`${plural(changed, 'record')} ${how}, ${number(sum(left))} left.`)
  printLeft(left)
}
