// Reading the tree of an expression before it is used: only offered functions, only columns by name, loops that are counted.
import { linearPattern } from './linearPattern.ts'
import { nearest } from '../nearest.ts'
import { loops, methods, plainFunctions } from './expressionFunctions.ts'
import { PatternFault } from './patternSyntax.ts'

/** Why an expression is not taken, and before which character (counted from 1). */
export class ExpressionFault extends Error {
  readonly at: number
  constructor(detail: string, at: number) {
    super(detail)
    this.name = 'ExpressionFault'
    this.at = at
  }
}

/** A node as the library keeps it. Loops stand in `meta.alternate` in the form they are run in. */
export interface TreeNode {
  readonly op: string
  readonly args: unknown
  readonly start: number
  readonly checkedType?: { readonly kind: string }
  readonly meta: { readonly alternate?: TreeNode; readonly evaluate: Evaluate }
  setMeta(key: 'evaluate', value: Evaluate): unknown
}
export type Evaluate = (evaluator: unknown, node: unknown, context: unknown) => unknown

const variables = ['value', 'record', 'profile', 'ordinal', 'file'] as const

/** What an expression mentions. */
export interface Mentioned {
  readonly columns: Map<string, number>
  readonly attributes: Map<string, number>
  value: boolean
  ordinal: boolean
}

function isNode(value: unknown): value is TreeNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value
}

/** The nodes directly below a node. */
function below(node: TreeNode): TreeNode[] {
  const found: TreeNode[] = []
  const look = (value: unknown): void => {
    if (isNode(value)) found.push(value)
    else if (Array.isArray(value)) value.forEach(look)
  }
  look(node.args)
  return found
}

/** How many nodes a tree has. */
function weigh(node: TreeNode): number {
  return below(node).reduce((sum, one) => sum + weigh(one), 1)
}

function fault(detail: string, node: TreeNode): ExpressionFault {
  return new ExpressionFault(detail, node.start + 1)
}

/** Goes through a parsed tree: names become the bounded functions, and what is not offered is refused. */
export function prepareTree(root: TreeNode): Mentioned {
  const mentioned: Mentioned = { columns: new Map(), attributes: new Map(), value: false, ordinal: false }
  const visit = (node: TreeNode): void => {
    const field = fieldOf(node)
    if (field !== null) {
      const known = field.of === 'record' ? mentioned.columns : mentioned.attributes
      if (!known.has(field.name)) known.set(field.name, node.start + 1)
      return
    }
    if (node.op === 'id' && (node.args === 'record' || node.args === 'profile'))
      throw fault(`name what you mean: ${node.args}.NAME or ${node.args}["NAME"]`, node)
    if (node.op === 'id' && node.args === 'value') mentioned.value = true
    if (node.op === 'id' && node.args === 'ordinal') mentioned.ordinal = true
    if (node.op === 'call') checkCall(node)
    if (node.op === 'rcall') checkMethod(node)
    below(node).forEach(visit)
  }
  visit(root)
  return mentioned
}

/** `record.city`, `record["E-Mail"]`; null: something else. */
function fieldOf(node: TreeNode): { of: 'record' | 'profile'; name: string } | null {
  if (node.op !== '.' && node.op !== '[]') return null
  const [left, right] = node.args as [TreeNode, string | TreeNode]
  if (left.op !== 'id' || (left.args !== 'record' && left.args !== 'profile')) return null
  if (typeof right === 'string') return { of: left.args, name: right }
  if (right.op === 'value' && typeof right.args === 'string') return { of: left.args, name: right.args }
  throw fault(`the name in ${left.args}[…] is written out in quotes`, node)
}

function checkCall(node: TreeNode): void {
  const args = node.args as [string, TreeNode[]]
  const known = plainFunctions.get(args[0])
  if (known === undefined) throw notOffered(args[0], [...plainFunctions.keys()], node)
  args[0] = known
}

function checkMethod(node: TreeNode): void {
  const args = node.args as [string, TreeNode, TreeNode[]]
  const [name, , given] = args
  if (loops.has(name)) return checkLoop(given)
  const known = methods.get(name)
  if (known === undefined) throw notOffered(name, [...methods.keys(), ...loops], node)
  if (name === 'matches') checkPattern(given[0])
  args[0] = known
}

function checkLoop([variable]: readonly TreeNode[]): void {
  if (variable?.op === 'id' && (variables as readonly unknown[]).includes(variable.args))
    throw fault(`${String(variable.args)} has a meaning already; call the variable something else`, variable)
}

/** Patterns are read before the first record, so that a mistake is found then. */
function checkPattern(pattern: TreeNode | undefined): void {
  if (pattern === undefined) return
  if (pattern.op !== 'value' || typeof pattern.args !== 'string')
    throw fault('the pattern of matches() is written out in quotes', pattern)
  try {
    linearPattern(pattern.args)
  } catch (error) {
    if (error instanceof PatternFault)
      throw fault(`in the pattern, at character ${error.at}: ${error.message}`, pattern)
    throw error
  }
}

function notOffered(name: string, names: readonly string[], node: TreeNode): ExpressionFault {
  const near = nearest(name, names)
  return fault(
    near === undefined
      ? `there is no ${name}(); there are ${names.slice(0, 12).join(', ')}…`
      : `there is no ${name}(); did you mean ${near}()?`,
    node,
  )
}

/**
 * Puts a counter into every loop of a checked tree: `tick` is told the weight of what one round does. Throws for what
 * could grow without a loop noticing.
 */
export function countLoops(root: TreeNode, tick: (weight: number) => void): void {
  const visit = (node: TreeNode, inLoop: boolean): void => {
    if (inLoop && node.op === '+' && node.checkedType?.kind === 'list')
      throw fault('lists cannot be put together inside map, filter, all or exists', node)
    const isLoop = node.op === 'rcall' && loops.has((node.args as [string])[0])
    if (isLoop) countRounds(node, tick)
    for (const one of below(node)) visit(one, inLoop || (isLoop && one !== (node.args as TreeNode[])[1]))
  }
  visit(root, false)
}

function countRounds(node: TreeNode, tick: (weight: number) => void): void {
  const loop = node.meta.alternate
  const step = (loop?.args as { step?: TreeNode } | undefined)?.step
  if (loop?.op !== 'comprehension' || step === undefined)
    throw new Error('expression: a loop in a form that cannot be counted')
  const rounds = (node.args as [string, TreeNode, TreeNode[]])[2]
  const weight = rounds.reduce((sum, one) => sum + weigh(one), 1)
  const run = step.meta.evaluate
  step.setMeta('evaluate', (evaluator, self, context) => {
    tick(weight)
    return run(evaluator, self, context)
  })
}
