// What a command is made of: how it is typed, its options, and where its code is; and the options most of them share.
import { Option, type Command } from 'commander'
import { dialectNames } from '../core/namespaceSettings.ts'
import type { Action } from './session.ts'

export type Build = (command: Command) => Command

/** One command: how it is typed, what it is for, its options, and where its code is. */
export interface Leaf {
  readonly typed: string
  readonly does: string
  readonly options: Build
  readonly load: () => Promise<Action>
}

/** Of every command. */
export const json: Build = (c) => c.option('--json', 'print one JSON object for programs')

/** Of every command that works in a namespace. */
export const client: Build = (c) =>
  json(c.addOption(new Option('--namespace <name>', 'the namespace to work in').default('main')))

/** Of lists and receipts: whose words they are shown in. */
export const withWords: Build = (c) =>
  c.addOption(
    new Option('--dialect <vendor>', 'in the words of this vendor (default: as the settings say)')
      .choices(dialectNames)
      .default('namespace', ''),
  )
