// Commands of a few lines: attributes, verify, explain, doctor.
import type { Command } from 'commander'
import type { AttributesView, VerifyView } from '../client/types.gen.ts'
import { nearest } from '../core/nearest.ts'
import { failure, problems } from '../core/problems.ts'
import type { ProblemDefinition } from '../core/problem.ts'
import { exits } from './exit.ts'
import { plural } from './format.ts'
import type { Host } from './host.ts'
import { runId } from './ids.ts'
import { withClient, type SharedOptions } from './session.ts'
import { color, facts, paragraph, print, printJson, table } from './terminal.ts'

/** The attribute catalogue and the kinds of identifiers. */
export async function listAttributes(host: Host, command: Command): Promise<number> {
  const options = command.opts<SharedOptions>()
  return withClient(host, options, async (client) => {
    const view = await client.get('/attributes')
    if (options.json === true) printJson(view)
    else printAttributes(view)
    return exits.ok
  })
}

function printAttributes({ attributes, identifiers }: AttributesView): void {
  if (attributes.length === 0) print('No attributes yet: the first import makes them.')
  else
    print(
      table(
        [{ title: 'attribute' }, { title: 'type' }, { title: 'label', flexible: true }],
        attributes.map(({ key, type, label }) => [key, type, label]),
      ),
    )
  print()
  const rows = identifiers.map(({ kind, rank, single, label }) => [
    kind,
    String(rank),
    single ? 'one' : 'many',
    label,
  ])
  print(
    table(
      [
        { title: 'identifier' },
        { title: 'rank', right: true },
        { title: 'per profile' },
        { title: 'label', flexible: true },
      ],
      rows,
    ),
  )
}

/** Exit code 7 when something is wrong. */
export async function verifyRun(host: Host, command: Command, [text = '']: string[]): Promise<number> {
  const options = command.opts<SharedOptions>()
  const id = runId(text)
  return withClient(host, options, async (client) => {
    const report = await client.post('/runs/{run}/verify', { run: id })
    if (options.json === true) printJson(report)
    else printVerify(report)
    return report.sound ? exits.ok : exits.faultFound
  })
}

function printVerify({ run, sound, faults }: VerifyView): void {
  if (sound)
    return print(`${color.green('✓')} ${run}: the numbers add up, and every record is where it should be.`)
  print(`${color.red('✗')} ${run}: ${plural(faults.length, 'fault')} found.`)
  for (const { sentence } of faults) print(paragraph(`· ${sentence}`))
  print(
    `\n${paragraph('Nothing was changed by looking. Please report this with the log of the server; the original file is kept and can be imported again.')}`,
  )
}

/** What a problem code means; needs no server. */
export async function explainCode(_host: Host, command: Command, [code = '']: string[]): Promise<number> {
  const known = problems as Record<string, ProblemDefinition>
  if (!Object.hasOwn(known, code)) {
    const near = nearest(code, Object.keys(known))
    const detail =
      near === undefined
        ? `${code} is no record (r1042/17), no file here and no problem code.`
        : `There is no problem code ${code}. Did you mean ${near}?`
    throw failure('usage.unknown', { detail, command: 'sluice explain' })
  }
  const { title, message, advice, class: kind } = known[code]!
  if (command.opts<SharedOptions>().json === true) printJson({ code, class: kind, title, message, advice })
  else {
    print(`${color.bold(title)}  ${color.dim(code)}\n`)
    print(
      facts([
        ['Says', withGaps(message)],
        ['Do', withGaps(advice)],
        ['Means', meaning[kind]],
      ]),
    )
  }
  return exits.ok
}

const meaning: Readonly<Record<ProblemDefinition['class'], string>> = {
  transient: 'It may pass by itself; Sluice tries again.',
  halting: 'It needs a person; the run waits or ends until then.',
  record: 'It concerns one record; all others go on.',
  bug: 'It is a fault of Sluice, not of your data.',
}

/** {name} stands for what is filled in each time. */
function withGaps(text: string): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => `‹${name}›`)
}

/** Exit code 5 when a check fails. */
export async function runDoctor(host: Host, command: Command): Promise<number> {
  const checks = await host.doctor()
  if (command.opts<SharedOptions>().json === true) printJson({ checks })
  else
    for (const { check, state, found, advice } of checks) {
      print(`${signs[state]} ${color.bold(check)}  ${found}`)
      if (advice !== undefined) print(paragraph(advice, 4))
    }
  return checks.some(({ state }) => state === 'fail') ? exits.failed : exits.ok
}

const signs = { ok: color.green('✓'), warn: color.yellow('!'), fail: color.red('✗') }
