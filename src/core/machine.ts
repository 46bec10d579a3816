// A state machine as a value. Types, database checks, 409 answers, buttons, verbs and docs are read from it.

export type Tone = 'waiting' | 'active' | 'good' | 'warn' | 'bad' | 'stopped'

export interface StateDefinition {
  readonly label: string
  readonly tone: Tone
  readonly doc: string
  /** What a person does next (BC-10). */
  readonly next: string
  /** Nothing moves by itself any more. */
  readonly settled?: boolean
}

export interface MoveDefinition<S extends string> {
  readonly from: readonly S[]
  readonly to: S
  readonly by: 'person' | 'worker' | 'system'
  readonly doc: string
}

export interface Machine<S extends string, M extends string> {
  readonly name: string
  readonly initial: S
  readonly states: Readonly<Record<S, StateDefinition>>
  readonly moves: Readonly<Record<M, MoveDefinition<S>>>
}

/** Gives a machine its exact state and move names. */
export function defineMachine<
  const States extends Record<string, StateDefinition>,
  const Moves extends Record<string, MoveDefinition<Extract<keyof States, string>>>,
>(machine: {
  name: string
  initial: Extract<keyof States, string>
  states: States
  moves: Moves
}): Machine<Extract<keyof States, string>, Extract<keyof Moves, string>> {
  return machine
}

export type StateOf<T> = T extends Machine<infer S, string> ? S : never
export type MoveOf<T> = T extends Machine<string, infer M> ? M : never

/** The states a machine has, in the order they are written. */
export function statesOf<S extends string, M extends string>(machine: Machine<S, M>): S[] {
  return Object.keys(machine.states) as S[]
}

/** The moves that are legal from a state: the answer to "what can I do now?". */
export function movesFrom<S extends string, M extends string>(machine: Machine<S, M>, state: S): M[] {
  return (Object.keys(machine.moves) as M[]).filter((move) => machine.moves[move].from.includes(state))
}

/** The states from which nothing moves by itself. */
export function settledStates<S extends string, M extends string>(machine: Machine<S, M>): S[] {
  return statesOf(machine).filter((state) => machine.states[state].settled === true)
}

/**
 * The SQL check that lets the database judge a move, not only a state: the row keeps `state_from`.
 * Written as `case`, not `or`: a check that evaluates to null passes, so `or` would let any first state in.
 */
export function checkSql<S extends string, M extends string>(machine: Machine<S, M>): string {
  const pairs = new Set<string>()
  for (const move of Object.values<MoveDefinition<S>>(machine.moves))
    for (const from of move.from) pairs.add(`('${from}','${move.to}')`)
  return `case when state_from is null then state = '${machine.initial}' else (state_from, state) in (${[...pairs].join(', ')}) end`
}
