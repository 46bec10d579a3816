// `sluice retention forecast`: what is kept, what goes, and when.
import type { Command } from 'commander'
import type { RetentionForecast } from '../client/types.gen.ts'
import { retentionWords } from '../core/retention.ts'
import { exits } from './exit.ts'
import { number, plural, size } from './format.ts'
import type { Host } from './host.ts'
import { withClient, type SharedOptions } from './session.ts'
import { color, print, printJson, table } from './terminal.ts'

/** Counts what is due by the rules that remove it. */
export async function forecast(host: Host, command: Command): Promise<number> {
  const options = command.opts<SharedOptions>()
  return withClient(host, options, async (client) => {
    const found = await client.get('/retention/forecast')
    if (options.json === true) printJson(found)
    else printForecast(found)
    return exits.ok
  })
}

type Kind = RetentionForecast['kinds'][number]

const heads = [
  { title: '' },
  { title: 'kept', right: true },
  { title: 'now', right: true },
  { title: 'size', right: true },
  { title: 'goes tonight', right: true },
  { title: 'in 30 days', right: true },
  { title: 'the oldest goes' },
  { title: 'settles at', right: true, from: 100 },
]

function printForecast({ kinds, jobs }: RetentionForecast): void {
  print(table(heads, kinds.map(rowOf)))
  if (jobs.length > 0) {
    print(`\n${plural(jobs.length, 'job')} will be taken out of the lists within 30 days:`)
    for (const { job, state, goes } of jobs)
      print(`  ${goes.slice(0, 10)}  ${job} ${color.dim(`(${state})`)}`)
    print(color.dim('  A job that is resumed, edited or run stays.'))
  }
  print(color.dim('\nChange it: sluice settings set retention.landings=30'))
}

function rowOf({ kind, days, kept, firstGoes, due, settlesAtBytes }: Kind): string[] {
  const sized = kept.bytes > 0
  return [
    retentionWords[kind],
    days === null ? 'for ever' : `${days} days`,
    number(kept.count),
    sized ? size(kept.bytes) : '–',
    amountOf(due.now, sized),
    amountOf(due.in30Days, sized),
    firstGoes === null ? '–' : firstGoes.slice(0, 10),
    settlesAtBytes === null ? 'grows' : settlesAtBytes > 0 ? size(settlesAtBytes) : '–',
  ]
}

/** Where the size says it, the size; else how many. */
function amountOf({ count, bytes }: Kind['kept'], sized: boolean): string {
  if (count === 0) return '–'
  return sized && bytes > 0 ? size(bytes) : number(count)
}
