// The object `--json` prints for a run, read from the schema that the API and the command line share.
import { runViewSchema } from '../../src/api/runView.ts'
import { inlinedSchema } from './inlined.ts'
import { generatedNote, page, table } from './markdown.ts'

// JSON Schema's own word for them, which is not one of ours.
const elements = 'items'

interface Shape {
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly enum?: readonly string[]
  readonly properties?: Readonly<Record<string, Shape>>
  readonly additionalProperties?: Shape | boolean
  readonly anyOf?: readonly Shape[]
  readonly [elements]?: Shape
}

const introduction = `\`sluice import --json\`, \`run show --json\`, \`run stop --json\` and the API's \`/v1/namespaces/main/runs/r1042\` answer
this one object. With several files, \`import\` prints one object a line. A command that fails prints
\`{"problem": {"code", "message", "advice"}}\` instead. The exit code says how it ended:`

const exitCodes = table(
  ['exit code', 'meaning'],
  [
    ['0', 'completed, or skipped because the same import was done before'],
    ['2', 'what was typed does not fit'],
    [
      '3',
      'completed with errors: some records failed, see `artifacts.errors`; of an undo: something was kept, see `run.warnings`',
    ],
    ['4', 'stopped by a person, or partial'],
    ['5', 'failed or halted'],
    ['6', 'held: the circuit breaker wants a person to look; or waiting for its next attempt'],
    ['7', '`verify` found a fault'],
  ],
)

/** docs/reference/json.md */
export function jsonPage(): string {
  const schema = inlinedSchema(runViewSchema, 'output') as Shape
  return page(
    '# The JSON of a run',
    generatedNote,
    introduction,
    exitCodes,
    '## Fields',
    table(['field', 'type', 'meaning'], rowsOf(schema, '')),
  )
}

function rowsOf(shape: Shape, path: string): string[][] {
  const rows: string[][] = []
  for (const [name, child] of Object.entries(shape.properties ?? {}))
    rows.push(...rowsUnder(child, path === '' ? name : `${path}.${name}`))
  if (
    typeof shape.additionalProperties === 'object' &&
    shape.additionalProperties.type !== undefined &&
    path !== ''
  )
    rows.push(...rowsUnder(shape.additionalProperties, `${path}.…`))
  return rows
}

function rowsUnder(shape: Shape, path: string): string[][] {
  const whole = shape.anyOf?.find(({ type }) => type !== 'null') ?? shape
  return [
    [`\`${path}\``, typeOf(shape), shape.description ?? whole.description ?? ''],
    ...rowsOf(whole, path),
  ]
}

function typeOf(shape: Shape): string {
  if (shape.anyOf !== undefined) return shape.anyOf.map(typeOf).join(' or ')
  if (shape.enum !== undefined) return shape.enum.join(', ')
  if (shape.type === 'array')
    return `list of ${shape[elements] === undefined ? 'anything' : typeOf(shape[elements])}`
  return [shape.type ?? 'anything'].flat().join(' or ')
}
