// `sluice run errors`: what went wrong, by cause, with examples; `--save` fetches the error file.
import type { Command } from 'commander'
import type { RunErrors } from '../client/types.gen.ts'
import type { Client } from './client.ts'
import { exits } from './exit.ts'
import { number, plural } from './format.ts'
import type { Host } from './host.ts'
import { runId } from './ids.ts'
import { saveFile } from './saveFile.ts'
import { withClient, type SharedOptions } from './session.ts'
import { color, paragraph, print, printJson, table } from './terminal.ts'

interface Options extends SharedOptions {
  readonly save?: string
}

export async function runErrors(host: Host, command: Command, [text = '']: string[]): Promise<number> {
  const options = command.opts<Options>()
  const id = runId(text)
  return withClient(host, options, async (client) => {
    if (options.save !== undefined) return save(client, id, options.save, options.json === true)
    const found = await client.get('/runs/{run}/errors', { run: id })
    if (options.json === true) printJson(found)
    else printErrors(found)
    return exits.ok
  })
}

/** Writes the error file where the person wants it; an existing file is left alone. */
async function save(client: Client, id: string, file: string, json: boolean): Promise<number> {
  await saveFile(await client.download('/runs/{run}/artifacts/{name}', { run: id, name: 'errors' }), file)
  if (json) printJson({ saved: file })
  else
    print(
      `${color.green('✓')} Saved ${file}\n  Correct the values in it and import it: sluice import ${file}`,
    )
  return exits.ok
}

type Cause = RunErrors['causes'][number]

/** What went wrong, by cause; `next`: and what to type to get all of it. */
export function printErrors({ run, failed, mended, causes, warnings }: RunErrors, next = true): void {
  if (failed === 0) print(`${color.green('✓')} No record of ${run} failed.`)
  else print(`${color.bold(plural(failed, 'record'))} of ${run} failed.`)
  if (mended > 0)
    print(`${number(mended)} of them mended since. Those left: sluice records --run ${run} --state failed`)
  for (const cause of causes) printCause(cause, color.yellow)
  if (warnings.length > 0) print(`\nWent in with a warning:`)
  for (const cause of warnings) printCause(cause, color.cyan)
  if (failed > 0 && next)
    print(
      `\n${color.dim('  All of them, with their original values:')} sluice run errors ${run} --save errors.csv`,
    )
}

function printCause(cause: Cause, paint: (text: string) => string): void {
  print(`\n${paint(`${number(cause.count)} × ${cause.title}`)}  ${color.dim(cause.code)}`)
  print(paragraph(cause.advice))
  const rows = cause.examples.map(({ record, line, column, value, message }) => [
    line === null ? `record ${number(record)}` : `line ${number(line)}`,
    column ?? '',
    value === null ? message : value,
  ])
  const heads = [{ title: '' }, { title: '' }, { title: '', flexible: true }]
  if (rows.length > 0) print(table(heads, rows, 4))
}
