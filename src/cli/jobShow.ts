// `sluice job show`: one job, what it is doing, what to do next, how it is set up, and its last runs.
import type { Command } from 'commander'
import type { JobDetail, JobView } from '../client/types.gen.ts'
import { breakerText, usualLimits } from '../core/breakerFlags.ts'
import { activityWords } from '../core/jobActivity.ts'
import { jobMachine } from '../core/jobState.ts'
import { quietText, scheduleSentence } from '../core/schedule/words.ts'
import type { Source } from '../core/setup/source.ts'
import { thresholdWords } from '../core/thresholdText.ts'
import { exits } from './exit.ts'
import { number, plural, time, words } from './format.ts'
import type { Host } from './host.ts'
import { withClient, type SharedOptions } from './session.ts'
import { shellWord } from './shellWord.ts'
import { color, facts, inTone, paragraph, print, printJson, table } from './terminal.ts'
import { zonedTime } from './zonedTime.ts'

export async function showJob(host: Host, command: Command, [job = '']: string[]): Promise<number> {
  const options = command.opts<SharedOptions & { readonly dialect: string }>()
  return withClient(host, options, async (client) => {
    const detail = await client.get('/jobs/{job}', { job, dialect: options.dialect })
    if (options.json === true) printJson(detail)
    else printJob(detail)
    return exits.ok
  })
}

/** `Active, sleeping until Mon 2026-03-02 06:30 Europe/Vienna (05:30 in UTC)`. */
export function stateText({ state, label, word, activity, zone }: JobDetail): string {
  const painted = inTone(jobMachine.states[state].tone, word ?? label)
  const doing = activityText(activity, (until) => zonedTime(until, zone))
  return doing === '' ? painted : `${painted}, ${doing}`
}

/** What it is doing in words; empty: nothing. `when`: how an instant is told. */
export function activityText(
  activity: JobView['activity'],
  when: (iso: string) => string = (iso) => `${time(iso)} UTC`,
): string {
  if (activity === null) return ''
  const { what, until, why } = activityWords(activity)
  const because = why === null ? '' : ` (${why})`
  return until === null ? `${what}${because}` : `${what} until ${when(until)}${because}`
}

export function printJob(detail: JobDetail): void {
  print(`${color.bold(detail.job)}  ${stateText(detail)}`)
  if (detail.description !== '') print(paragraph(detail.description))
  if (detail.problem !== null)
    print(`\n${color.red('✗')} ${paragraph(detail.problem.message, 2).trimStart()}`)
  print(`\n${paragraph(`Next: ${detail.next}`)}`)
  for (const { message, advice } of detail.warnings)
    print(`\n${color.yellow('!')} ${paragraph(`${message} ${advice}`).trimStart()}`)
  print(`\n${facts([...setupFacts(detail), ...historyFacts(detail)])}`)
  for (const { question, flags } of detail.sample?.questions ?? []) {
    print(`\n${color.yellow('?')} ${paragraph(question, 2).trimStart()}`)
    print(`  Answer: sluice job edit ${shellWord(detail.job)} ${flags.join(color.dim('  or  '))}`)
  }
  if (detail.awaiting !== null) {
    const { id, kind, requestedBy } = detail.awaiting
    const what = kind === 'edit' ? 'A change' : 'Switching it on'
    print(`\n${color.yellow('…')} ${what}, asked for by ${requestedBy}, waits for approval: ${id}`)
    for (const line of detail.awaiting.says) print(`  ${line}`)
  }
  printLastRuns(detail)
  print(`\n${paragraph(color.dim(`You can: ${detail.moves.join(', ')}`))}`)
}

type Fact = readonly [string, string]

function setupFacts(detail: JobDetail): Fact[] {
  const { setup, definition, mapped, sample, provider, zone, nextRun, kind, approval } = detail
  const { schedule, after, lane, failure, staged, recordRetry, notify, skipSeen, quiet } = setup
  const rhythm = schedule === null ? null : scheduleSentence(schedule, zone)
  const starts = after === null ? rhythm : [...(rhythm === null ? [] : [rhythm]), `after ${after}`].join('; ')
  const extra: Fact[] = []
  if (nextRun !== null) extra.push(['Next run', zonedTime(nextRun, zone)])
  if (quiet !== null) extra.push(['Quiet hours', quietText(quiet, zone)])
  if (staged !== null)
    extra.push([
      'Staged',
      `every ${plural(staged.everyMinutes, 'minute')}, ${staged.perRun === null ? 'all' : number(staged.perRun)} at a time`,
    ])
  if (recordRetry !== null)
    extra.push([
      'Tries again',
      `${recordRetry.codes.join(', ')}: ${plural(recordRetry.attempts, 'time')}, ${plural(recordRetry.everyMinutes, 'minute')} apart`,
    ])
  if (approval !== 'none') extra.push(['Needs two', approvalTexts[approval]])
  if (skipSeen) extra.push(['Leaves out', 'lines the run before delivered'])
  if (notify.emails.length + notify.webhooks.length > 0) extra.push(['Tells', tellsText(notify)])
  for (const threshold of setup.thresholds) extra.push(['Watches', thresholdWords(threshold)])
  return [
    ['Source', sourceText(setup.source, provider.title)],
    ['Runs', starts ?? (kind === 'one_time' ? 'once, when it is activated' : 'when a file arrives')],
    ...extra,
    ['Mapping', mapped ? mappingText(definition, sample) : color.yellow('none yet')],
    ['Write mode', words(definition.policy.mode)],
    ['On failure', failureText(failure)],
    ...breakerFact(definition.breaker),
    ...(lane === 'main' ? [] : [['Lane', lane] as const]),
  ]
}

function failureText({
  reruns,
  rerunMinutes,
  errorWindowHours,
  errorWindowAttempts,
}: JobDetail['setup']['failure']): string {
  const again =
    reruns === 0 ? 'no reruns' : `${plural(reruns, 'rerun')}, ${plural(rerunMinutes, 'minute')} apart`
  if (errorWindowHours === null) return again
  const window = `${number(errorWindowHours)} ${errorWindowHours === 1 ? 'hour' : 'hours'}`
  return `${again}; halted after ${window} of failures, ${errorWindowAttempts} at least`
}

/** Told where it is not as usual. */
function breakerFact(breaker: JobDetail['definition']['breaker']): Fact[] {
  const limits = breakerText(breaker)
  if (limits === breakerText(usualLimits)) return []
  return [['Held for', limits ?? 'nothing: no limit is set']]
}

const approvalTexts = {
  changes: 'switching it on, changing it, and releasing a run',
  every_run: 'every run; switching it on, changing it',
} as const

function tellsText({
  emails,
  webhooks,
  when,
  failedOverPercent,
  digestAt,
}: JobDetail['setup']['notify']): string {
  const more = [
    words(when),
    ...(failedOverPercent === null ? [] : [`over ${failedOverPercent} % failed`]),
    ...(digestAt === null ? [] : [`once a day at ${digestAt}`]),
  ]
  return `${[...emails, ...webhooks].join(', ')} (${more.join('; ')})`
}

function sourceText(source: Source, title: string): string {
  if (source.kind === 'profiles')
    return source.where.length === 0 ? 'all profiles' : `profiles where ${source.where.join(' and ')}`
  if (source.kind === 'upload') return title
  const { path, pattern, take, marker, onArrival, maxAgeHours, expectedBy } = source
  const parts = [
    `${path === '' || path === '.' ? '' : `${path}/`}${pattern}`,
    take === 'newest' ? 'the newest only' : 'every new file',
    ...(onArrival ? ['as soon as it arrives'] : []),
    ...(marker === null ? [] : [`whole when ${marker} is there`]),
    ...(maxAgeHours === null ? [] : [`not older than ${plural(maxAgeHours, 'hour')}`]),
    ...(expectedBy === null ? [] : [`expected by ${expectedBy}`]),
  ]
  return parts.join(', ')
}

function mappingText({ mapping, columns }: JobDetail['definition'], sample: JobDetail['sample']): string {
  const kinds = mapping.columns.flatMap(({ target }) =>
    target.to === 'identifier' ? [`@${target.kind}`] : [],
  )
  const attributes = mapping.columns.filter(({ target }) => target.to === 'attribute').length
  const who = kinds.length === 0 ? color.yellow('no identifier') : kinds.join(' ')
  const from = sample === null ? '' : color.dim(`  proposed from ${sample.file}`)
  return `${plural(columns.length, 'column')}: ${who}, ${plural(attributes, 'attribute')}${from}`
}

function historyFacts({ id, version, createdAt, createdBy, updatedAt, updatedBy, runs }: JobDetail): Fact[] {
  const by = (who: string | null): string => (who === null ? '' : ` by ${who}`)
  return [
    ['Version', `${version}, last updated ${time(updatedAt)}${by(updatedBy)}`],
    ['Created', `${time(createdAt)}${by(createdBy)}`],
    ['Id', `${id}, ${plural(runs, 'run')}`],
  ]
}

const signs = { good: '✓', warn: '!', bad: '✗', stopped: '■', active: '▸', waiting: '·' } as const

/** The last five as signs, newest last; the reason is told by `job show`. */
export function lastRunSigns(runs: JobView['lastRuns']): string {
  return runs
    .toReversed()
    .map(({ tone }) => inTone(tone, signs[tone]))
    .join('')
}

function printLastRuns({ lastRuns, job }: JobDetail): void {
  if (lastRuns.length === 0) return
  const rows = lastRuns.map(({ run, tone, label, at, reason }) => [
    inTone(tone, signs[tone]),
    run,
    inTone(tone, label),
    time(at),
    reason ?? '',
  ])
  const heads = [{ title: '' }, { title: '' }, { title: '' }, { title: '' }, { title: '', flexible: true }]
  print(`\n  ${color.bold('Last runs')}\n${table(heads, rows, 2)}`)
  print(`  ${color.dim('All of them:')} sluice runs --job ${shellWord(job)}`)
}
