// The reference of states: each machine as a chart, its states with next steps, and its moves.
import type { Machine, MoveDefinition, StateDefinition } from '../../src/core/machine.ts'
import { jobMachine } from '../../src/core/jobState.ts'
import { outcomes, recordMachine, recordStages, skipReasons } from '../../src/core/record.ts'
import { runMachine } from '../../src/core/run.ts'
import { generatedNote, page, table } from './markdown.ts'

type AnyMachine = Machine<string, string>

const who = { person: 'a person', worker: 'the worker', system: 'Sluice' } as const

/** Labels of arrows between the same two states are joined: the chart stays readable. */
function chart(machine: AnyMachine): string {
  const arrows = new Map<string, string[]>()
  for (const [name, move] of Object.entries<MoveDefinition<string>>(machine.moves))
    for (const from of move.from) {
      const arrow = `${from} --> ${move.to}`
      arrows.set(arrow, [...(arrows.get(arrow) ?? []), name])
    }
  const ends = Object.entries<StateDefinition>(machine.states).filter(([, state]) => state.settled === true)
  return [
    '```mermaid',
    'stateDiagram-v2',
    `  [*] --> ${machine.initial}`,
    ...[...arrows].map(([arrow, names]) => `  ${arrow}: ${names.join(', ')}`),
    ...ends.map(([name]) => `  ${name} --> [*]`),
    '```',
  ].join('\n')
}

function statesTable(machine: AnyMachine): string {
  return table(
    ['state', 'shown as', 'what it means', 'next step'],
    Object.entries<StateDefinition>(machine.states).map(([name, state]) => [
      state.settled === true ? `\`${name}\` (settled)` : `\`${name}\``,
      state.label,
      state.doc,
      state.next,
    ]),
  )
}

function movesTable(machine: AnyMachine): string {
  return table(
    ['move', 'from', 'to', 'made by', 'what it means'],
    Object.entries<MoveDefinition<string>>(machine.moves).map(([name, move]) => [
      `\`${name}\``,
      move.from.join(', '),
      move.to,
      who[move.by],
      move.doc,
    ]),
  )
}

function chapter(title: string, machine: AnyMachine): string[] {
  return [
    `## ${title}`,
    chart(machine),
    statesTable(machine),
    `### Moves of a ${machine.name}`,
    movesTable(machine),
  ]
}

function codes(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ')
}

/** docs/reference/states.md */
export function statesPage(): string {
  return page(
    '# States',
    generatedNote,
    'A state changes only by the moves listed here, each one conditional update in the database. Settled: nothing moves by itself any more; a person may still resume where a move says so.',
    ...chapter('Job', jobMachine),
    ...chapter('Run', runMachine),
    ...chapter('Record', recordMachine),
    `A finished record has an outcome: ${codes(outcomes)}.`,
    `A skipped record has a reason: ${codes(skipReasons)}.`,
    `A failed record has a problem (see [Problems](problems.md)) and the stage it failed at: ${codes(recordStages)}.`,
  )
}
