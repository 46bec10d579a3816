// `sluice audit`: who did what, when and from where; `--save` keeps it as a file.
import type { Command } from 'commander'
import type { AuditPage, AuditView } from '../client/types.gen.ts'
import { exits } from './exit.ts'
import { time } from './format.ts'
import type { Host } from './host.ts'
import { saveFile } from './saveFile.ts'
import { withClient, type SharedOptions } from './session.ts'
import { color, print, printJson, table } from './terminal.ts'

interface Options extends SharedOptions {
  readonly who?: string
  readonly action?: string
  readonly what?: string
  readonly address?: string
  readonly result?: string
  readonly from?: string
  readonly to?: string
  readonly installation?: boolean
  readonly save?: string
  readonly limit: string
  readonly cursor?: string
}

/** Newest first. */
export async function showAudit(host: Host, command: Command): Promise<number> {
  const options = command.opts<Options>()
  const { who, action, what, address, result, from, to, save, limit, cursor } = options
  const all = options.installation === true
  const filter = { who, action, what, address, result, from, to }
  return withClient(host, options, async (client) => {
    if (save !== undefined) {
      const format = /\.jsonl?$/i.test(save) ? 'jsonl' : 'csv'
      await saveFile(
        await client.download(all ? '/v1/audit/file' : '/audit/file', { ...filter, format }),
        save,
      )
      if (options.json === true) printJson({ saved: save })
      else print(`${color.green('✓')} Saved ${save}`)
      return exits.ok
    }
    const page = await client.get(all ? '/v1/audit' : '/audit', { ...filter, limit, cursor })
    if (options.json === true) printJson(page)
    else
      printAudit(
        page,
        Object.values(filter).some((value) => value !== undefined),
      )
    return exits.ok
  })
}

function printAudit({ lines, next }: AuditPage, filtered: boolean): void {
  if (lines.length === 0)
    return print(
      filtered
        ? 'Nothing fits. Leave out a filter, or look at what concerns the whole installation: sluice audit --installation'
        : 'Nothing was done yet. What people and programs do from now on is listed here.',
    )
  const heads = [
    { title: 'time (UTC)' },
    { title: 'who', flexible: true },
    { title: 'from' },
    { title: 'action' },
    { title: 'what', flexible: true },
    { title: 'result' },
  ]
  print(table(heads, lines.map(rowOf)))
  if (next !== null) print(color.dim(`\nEarlier lines: the same command with --cursor ${next}`))
}

function rowOf({ at, who, address, action, what, result }: AuditView): string[] {
  const shown = result === 'done' ? result : color.red(result)
  return [time(at), who, address ?? 'this machine', action, what ?? '', shown]
}
