// `sluice schedule preview`: the next runs of a job, or of a schedule that is being thought about, before anything is saved.
import type { Command } from 'commander'
import type { SchedulePreview } from '../client/types.gen.ts'
import { uploadSetup } from '../core/jobSetup.ts'
import { failure } from '../core/problems.ts'
import { weekdayText } from '../core/schedule/words.ts'
import { setupFromFlags, type SetupFlags } from '../core/setupFlags.ts'
import { exits } from './exit.ts'
import { duration, plural } from './format.ts'
import type { Host } from './host.ts'
import type { Body } from './operations.ts'
import { withClient, type SharedOptions } from './session.ts'
import { shellWord } from './shellWord.ts'
import { color, paragraph, print, printJson, table, type Column } from './terminal.ts'
import { viewerZone } from './zonedTime.ts'

type PreviewOrder = Body<'POST', '/schedules/preview'>

interface PreviewOptions
  extends
    SharedOptions,
    Pick<
      SetupFlags,
      | 'every'
      | 'timesPerDay'
      | 'days'
      | 'dayOfMonth'
      | 'weekdayOfMonth'
      | 'cron'
      | 'at'
      | 'zone'
      | 'start'
      | 'end'
      | 'quiet'
    > {
  readonly count: string
  readonly in?: string
}

/** Writes nothing; exit code 2 where the schedule cannot be. */
export async function previewSchedule(host: Host, command: Command, [job]: string[]): Promise<number> {
  const options = command.opts<PreviewOptions>()
  const { schedule, quiet } = setupFromFlags(options, uploadSetup)
  if (job === undefined && (schedule === undefined || schedule === null))
    throw failure('usage.unknown', {
      detail: 'Say which schedule: the name of a job, or flags such as --days mon,fri --at 06:30.',
      command: 'sluice schedule preview',
    })
  const order: PreviewOrder = {
    ...(job === undefined ? {} : { job }),
    ...(schedule === undefined || schedule === null ? {} : { schedule }),
    ...(quiet === undefined ? {} : { quiet }),
    zone: options.in ?? viewerZone(),
    count: countOf(options.count),
  }
  return withClient(host, options, async (client) => {
    const preview = await client.post('/schedules/preview', { body: order })
    if (options.json === true) printJson(preview)
    else printPreview(preview, order)
    return exits.ok
  })
}

function countOf(text: string): number {
  const count = Number(text)
  if (Number.isInteger(count) && count >= 1 && count <= 100) return count
  throw failure('usage.unknown', {
    detail: `--count takes a number from 1 to 100, not ${text}.`,
    command: 'sluice schedule preview',
  })
}

function printPreview(preview: SchedulePreview, order: PreviewOrder): void {
  const { job, sentence, zone, next, warnings, usualSeconds } = preview
  print(`${job === null ? '' : `${color.bold(job)}  `}${sentence}`)
  if (usualSeconds !== null) print(color.dim(`  A run usually takes ${duration(usualSeconds)}.`))
  print()
  const elsewhere = next.some(({ local, viewer }) => viewer !== null && viewer !== local)
  const noted = next.some(({ note }) => note !== null)
  const heads: Column[] = [
    { title: zone },
    ...(elsewhere ? [{ title: `your time (${order.zone})` }] : []),
    ...(noted ? [{ title: '', flexible: true }] : []),
  ]
  const rows = next.map((one) => [
    one.runs ? told(one.local) : color.dim('–'),
    ...(elsewhere ? [one.runs && one.viewer !== null ? told(one.viewer) : color.dim('–')] : []),
    ...(noted ? [one.note === null ? '' : color.yellow(one.note.message)] : []),
  ])
  print(table(heads, rows, 2))
  const ended = next.length < (order.count ?? next.length)
  if (ended) print(`\n  ${color.dim(`${plural(next.length, 'occurrence')}, then the schedule ends.`)}`)
  const { rule, start } = order.schedule ?? {}
  if (rule?.kind === 'every' && start == null && job === null)
    print(`\n  ${color.dim('Counted from the minute a job is switched on; here from now.')}`)
  const skipped = next.find(({ runs }) => !runs)
  if (skipped?.note !== undefined && skipped.note !== null) print(`\n${paragraph(skipped.note.advice)}`)
  for (const { message, advice } of warnings)
    print(`\n${color.yellow('!')} ${paragraph(`${message} ${advice}`).trimStart()}`)
  if (job === null && order.schedule !== undefined)
    print(`\n  ${color.dim('Use it:')} sluice job edit JOB with the same flags`)
  else if (job !== null && order.schedule !== undefined)
    print(`\n  ${color.dim('Use it:')} sluice job edit ${shellWord(job)} with the same flags`)
}

/** 2026-11-23T01:30:00+01:00 → Mon 2026-11-23 01:30 +01:00 */
function told(local: string): string {
  const wall = Date.parse(`${local.slice(0, 19)}Z`)
  const seconds = local.slice(16, 19) === ':00' ? '' : local.slice(16, 19)
  const day = weekdayText(wall)
  return `${day} ${local.slice(0, 10)} ${local.slice(11, 16)}${seconds} ${color.dim(local.slice(19))}`
}
