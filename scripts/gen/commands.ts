// The reference of commands, read from the command table itself; the help that `--help` prints comes from there too.
import type { Command, Option } from 'commander'
import type { Host } from '../../src/cli/host.ts'
import { program } from '../../src/cli/program.ts'
import { generatedNote, page, table } from './markdown.ts'

/** The names of a command from the root down, and the command. */
interface NamedCommand {
  readonly name: string
  readonly command: Command
}

function visible(command: Command): Command[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .filter((child) => child.name() !== 'help')
}

function under(command: Command, names: readonly string[]): NamedCommand[] {
  return visible(command).flatMap((child) => {
    const path = [...names, child.name()]
    const below = under(child, path)
    const self = { name: path.join(' '), command: child }
    // `sluice records` lists, and has verbs below it; `sluice run` alone does nothing.
    return below.length > 0 && child.options.length === 0 ? below : [self, ...below]
  })
}

/** Every command a person can type. Commands are described, not run: the machine behind them stays empty. */
export function commands(): NamedCommand[] {
  return under(program({ version: '' } as Host), ['sluice'])
}

function optionRow(option: Option): string[] {
  const ends =
    option.defaultValue === undefined || option.defaultValue === false
      ? ''
      : ` (${String(option.defaultValue)})`
  return [`\`${option.flags}\``, `${option.description}${ends}`]
}

function signature({ name, command }: NamedCommand): string {
  const operands = command.registeredArguments.map((operand) => {
    const dots = operand.variadic ? '…' : ''
    return operand.required ? `<${operand.name()}>${dots}` : `[${operand.name()}]${dots}`
  })
  return [name, ...operands].join(' ')
}

function sentence(summary: string): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`
}

function section(named: NamedCommand): string[] {
  const help = named.command.createHelp()
  const options = help.visibleOptions(named.command).filter((option) => option.long !== '--help')
  return [
    `## ${named.name}`,
    `\`\`\`\n${signature(named)}\n\`\`\``,
    sentence(named.command.description()),
    ...(options.length === 0 ? [] : [table(['flag', 'what it does'], options.map(optionRow))]),
  ]
}

/** docs/reference/commands.md */
export function commandsPage(): string {
  return page(
    '# Commands',
    generatedNote,
    '`sluice COMMAND --help` prints the same. `--json` prints one JSON object for programs, and nothing else on standard output.',
    table(
      ['exit code', 'what it means'],
      [
        ['0', 'completed, or skipped because nothing would change'],
        ['2', 'the command was not understood'],
        ['3', 'completed, some records are in the error file'],
        ['4', 'stopped by a person, or partly done'],
        ['5', 'failed, or a person must act first'],
        ['6', 'held: a person must look before anything is written'],
        ['7', 'verify found a fault'],
      ],
    ),
    ...commands().flatMap(section),
  )
}
