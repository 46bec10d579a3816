// `sluice settings` and `sluice settings set`: what holds for a whole namespace.
import type { Command } from 'commander'
import type { SettingsView } from '../client/types.gen.ts'
import { flatSettings, layOver, nestedSetting, settingValue } from '../core/changeSettings.ts'
import { failure } from '../core/problems.ts'
import { exits } from './exit.ts'
import { number } from './format.ts'
import type { Host } from './host.ts'
import { withClient, type SharedOptions } from './session.ts'
import { color, print, printJson, table } from './terminal.ts'

/** Every setting with its value. */
export async function showSettings(host: Host, command: Command): Promise<number> {
  const options = command.opts<SharedOptions>()
  return withClient(host, options, async (client) => {
    printSettings(await client.get('/settings'), options)
    return exits.ok
  })
}

/** `sluice settings set retention.jobs=30 zone=Europe/Vienna` */
export async function setSettings(host: Host, command: Command, words: string[]): Promise<number> {
  const options = command.opts<SharedOptions>()
  const changes = words.map(assignment)
  return withClient(host, options, async (client) => {
    const view = await client.patch('/settings', { body: changes.reduce(layOver, {}) })
    printSettings(view, options, words.map(nameOf))
    return exits.ok
  })
}

function nameOf(word: string): string {
  return word.split('=', 1)[0]!.trim()
}

function assignment(word: string): ReturnType<typeof nestedSetting> {
  const at = word.indexOf('=')
  if (at <= 0) throw failure('settings.assignment', { text: word })
  const name = nameOf(word)
  return nestedSetting(name, settingValue(name, word.slice(at + 1)))
}

/** What a setting says in words: 90 days, no limit. */
function valueText(name: string, value: unknown): string {
  if (value === null) return name.startsWith('retention.') ? 'for ever' : 'none'
  if (Array.isArray(value)) return value.length === 0 ? 'nobody' : value.join(', ')
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value !== 'number') return typeof value === 'string' ? value : JSON.stringify(value)
  return name.startsWith('retention.') ? `${number(value)} days` : number(value)
}

const about: Readonly<Record<string, string>> = {
  dialect: 'whose words are shown: sluice, blueshift, bluecore, blueconic, lytics, alumio',
  zone: 'time zone of schedules and of the month of the quota',
  quota: 'records a month; none: no limit',
  approval: 'what of every job needs somebody else: none, changes, every_run',
  'retention.jobs': 'completed, failed and paused jobs',
  'retention.pausedDefinitions': 'keep what a paused job is, and only remove its runs',
  'retention.landings': 'the files as they came',
  'retention.ledger': 'what became of each record',
  'retention.changes': 'what undo and history need',
  'retention.artifacts': 'error files and other downloads',
  'retention.logs': 'the log of jobs and runs',
  'retention.audit': 'who did what',
  'notify.emails': 'addresses, for jobs that name nobody',
  'notify.webhooks': 'webhooks, for jobs that name nobody',
  'notify.when': 'each_run, failures, or health (once per change)',
  'notify.failedOverPercent': 'also when more than this share of a run failed',
  'notify.digestAt': 'one message a day at this time, such as 08:00',
}

function printSettings(view: SettingsView, options: SharedOptions, only: readonly string[] = []): void {
  if (options.json === true) return printJson(view)
  const defaults = flatSettings(view.defaults)
  const rows = [...flatSettings(view.settings)]
    .filter(([name]) => only.length === 0 || only.includes(name))
    .map(([name, value]) => {
      const isDefault = JSON.stringify(defaults.get(name)) === JSON.stringify(value)
      const text = valueText(name, value)
      return [name, isDefault ? text : color.bold(text), color.dim(about[name] ?? '')]
    })
  print(
    table(
      [{ title: 'setting' }, { title: 'value' }, { title: 'what it is for', flexible: true, from: 80 }],
      rows,
    ),
  )
  if (view.use !== null && (only.length === 0 || only.includes('quota'))) print(`\n${useText(view.use)}`)
  const where = options.namespace === 'main' ? '' : ` --namespace ${options.namespace}`
  if (only.length === 0)
    print(color.dim(`\nChange one: sluice settings set retention.jobs=30${where}   (none: no limit)`))
}

/** How much of the quota is used: 25 of 100 records (25 %) in 2026-11, until 2026-12-01. */
function useText({ month, used, quota, until }: NonNullable<SettingsView['use']>): string {
  const text = `Quota: ${number(used)} of ${number(quota)} records (${Math.floor((used * 100) / quota)} %) in ${month}; it begins anew on ${until}`
  return used >= quota ? color.red(text) : used * 100 >= quota * 75 ? color.yellow(text) : color.dim(text)
}
