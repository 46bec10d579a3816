// `sluice run processed`: every record of a run with what became of it, as CSV: to standard output or into a file.
import { pipeline } from 'node:stream/promises'
import type { Command } from 'commander'
import { exits } from './exit.ts'
import type { Host } from './host.ts'
import { runId } from './ids.ts'
import { saveFile } from './saveFile.ts'
import { withClient, type SharedOptions } from './session.ts'
import { color, print, printJson } from './terminal.ts'

interface Options extends SharedOptions {
  readonly save?: string
  readonly keepFormulas?: boolean
}

/** Streams it; whoever reads only the beginning (`| head`) does not make the rest. */
export async function processedOf(host: Host, command: Command, [text = '']: string[]): Promise<number> {
  const options = command.opts<Options>()
  const id = runId(text)
  const formulas = options.keepFormulas === true ? 'keep' : 'escape'
  return withClient(host, options, async (client) => {
    const source = await client.download('/runs/{run}/processed', { run: id, formulas })
    if (options.save === undefined) {
      await pipeline(source, process.stdout, { end: false })
      return exits.ok
    }
    await saveFile(source, options.save)
    if (options.json === true) printJson({ saved: options.save })
    else print(`${color.green('✓')} Saved ${options.save}`)
    return exits.ok
  })
}
