// The reference of sources: every connector with what it can do and its options, from the registry.
import type { Capabilities, Connector } from '../../src/connectors/contract.ts'
import { connectors } from '../../src/connectors/registry.ts'
import { inlinedSchema } from './inlined.ts'
import { generatedNote, page, table } from './markdown.ts'

interface Option {
  readonly title?: string
  readonly description?: string
  readonly default?: unknown
  readonly enum?: readonly string[]
}

const abilities: { readonly [K in keyof Capabilities]: readonly [able: string, unable: string] } = {
  editableWhileActive: [
    'The job may be edited while it is active.',
    'An active job is not edited, only renamed.',
  ],
  canSample: ['A sample can be read without a run.', 'A sample needs a file.'],
  canArrive: ['A run can start when something arrives.', 'Nothing arrives by itself.'],
}

function optionsTable({ options }: Connector): string {
  const { properties } = inlinedSchema(options, 'input') as { properties: Record<string, Option> }
  const rows = Object.entries(properties)
    .filter(([name]) => name !== 'kind')
    .map(([name, option]) => [
      `\`${name}\``,
      option.title ?? '',
      option.description ?? '',
      `\`${JSON.stringify(option.default)}\``,
    ])
  if (rows.length === 0) return 'It has no options.'
  return table(['option', 'called', 'what it does', 'default'], rows)
}

function chapter(connector: Connector): string[] {
  const can = Object.entries(abilities).map(([name, [able, unable]]) =>
    connector.capabilities[name as keyof Capabilities] ? able : unable,
  )
  return [
    `## ${connector.kind}`,
    `**${connector.title}.** ${connector.summary}`,
    can.join(' '),
    optionsTable(connector),
  ]
}

/** docs/reference/sources.md */
export function sourcesPage(): string {
  const all: readonly Connector[] = Object.values(connectors)
  return page(
    '# Sources',
    generatedNote,
    'Where a job reads from: `source` in its setup, in [its YAML file](commands.md#sluice-job-export) and through the API (`GET …/connectors` gives the same as JSON Schema). The flags of `sluice job create` are the same options.',
    ...all.flatMap(chapter),
  )
}
