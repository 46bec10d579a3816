// `sluice records process|settle`: waiting records are processed now, or settled as somebody outside says.
import type { Command } from 'commander'
import { parseRecordName } from '../core/origin.ts'
import { failure } from '../core/problems.ts'
import { exits, exitOf } from './exit.ts'
import { plural } from './format.ts'
import type { Host } from './host.ts'
import type { Body } from './operations.ts'
import { printLeft } from './recordMoves.ts'
import { printRun } from './runCommands.ts'
import { withClient, type SharedOptions } from './session.ts'
import { color, print, printJson } from './terminal.ts'
import { watchRun } from './watch.ts'

interface ProcessOptions extends SharedOptions {
  readonly limit?: string
  readonly wait: boolean
}

/** Exit code of the processing run; ok where nothing waits. */
export async function processRecords(host: Host, command: Command, [job]: string[]): Promise<number> {
  const options = command.opts<ProcessOptions>()
  const json = options.json === true
  const limit = options.limit === undefined ? undefined : wholeNumber(options.limit)
  return withClient(host, options, async (client) => {
    const answer = await client.post('/records/process', { body: { job: job!, limit } })
    const { run, records } = answer
    if (run === null) {
      if (json) printJson(answer)
      else print(`No record of ${job} waits.`)
      return exits.ok
    }
    if (!json) print(`${plural(records, 'record')} taken by ${run}.`)
    if (!options.wait) {
      if (json) printJson(answer)
      else print(color.dim(`How far it is: sluice run show ${run}`))
      return exits.ok
    }
    const view = await watchRun(host, client, run, json)
    if (json) printJson({ ...answer, receipt: view })
    else {
      print()
      await printRun(host, view, false)
    }
    return exitOf(view.run.state)
  })
}

function wholeNumber(text: string): number {
  const value = Number(text.replaceAll(/[,_]/g, ''))
  if (Number.isSafeInteger(value) && value > 0) return value
  throw failure('usage.unknown', {
    detail: `--limit takes a number from 1 on; not ${text}.`,
    command: 'sluice records process',
  })
}

type SettleOrder = Body<'POST', '/records/settle'>

interface SettleOptions extends SharedOptions {
  readonly finished?: boolean
  readonly removed?: boolean
  readonly failed?: string
}

/** Exit code 3 when none of them waited. */
export async function settleRecords(host: Host, command: Command, ids: string[]): Promise<number> {
  const options = command.opts<SettleOptions>()
  for (const id of ids)
    if (parseRecordName(id) === undefined)
      throw failure('usage.id', { text: id, noun: 'record', example: 'r1042/17', list: 'sluice records' })
  const order: SettleOrder = { ids, ...answerIn(options) }
  return withClient(host, options, async (client) => {
    const answer = await client.post('/records/settle', { body: order })
    if (options.json === true) printJson(answer)
    else {
      print(`${plural(answer.changed, 'record')} settled.`)
      printLeft(answer.left)
    }
    return answer.changed === 0 ? exits.completedWithErrors : exits.ok
  })
}

function answerIn({ finished, removed, failed }: SettleOptions): Omit<SettleOrder, 'ids'> {
  const said = [finished === true, removed === true, failed !== undefined].filter(Boolean).length
  if (said !== 1)
    throw failure('usage.unknown', {
      detail: 'Say what became of them: --finished, --removed, or --failed "why".',
      command: 'sluice records settle',
    })
  if (failed !== undefined) return { state: 'failed', detail: failed }
  return { state: 'finished', outcome: removed === true ? 'removed' : 'delivered' }
}
