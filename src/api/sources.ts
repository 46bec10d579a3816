// Where jobs read from: the kinds of sources with their options, and what lies in the source of one job.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { connectorOf, connectors } from '../connectors/registry.ts'
import type { Connector } from '../connectors/contract.ts'
import { jobSetupSchema } from '../core/jobSetup.ts'
import { runName } from '../core/names.ts'
import { SluiceError } from '../core/problem.ts'
import { runMachine, type RunState } from '../core/run.ts'
import type { FolderSource } from '../core/setup/source.ts'
import { passedOverWhys, type Findings } from '../core/sourceFile.ts'
import { freeFiles, isVersioned, type VersionedFile } from '../db/sourceFiles.ts'
import { fileHistories, type FileHistory } from '../db/read/sourceFiles.ts'
import { failures, problemAnswer, problemAnswerSchema } from './answers.ts'
import type { ApiContext } from './context.ts'
import { jobOf, jobParams } from './jobParams.ts'
import { namespaceParams, pageLimit } from './params.ts'
import { runIdText } from './runId.ts'

const connectorSchema = z.object({
  kind: z.string(),
  title: z.string(),
  summary: z.string(),
  capabilities: z.object({
    editableWhileActive: z.boolean().meta({ description: 'The job may be edited while it is switched on.' }),
    canSample: z.boolean().meta({ description: 'A sample can be read without a run.' }),
    canArrive: z
      .boolean()
      .meta({ description: 'What it gives arrives by itself, so a run can start when it does.' }),
  }),
  options: z
    .record(z.string(), z.unknown())
    .meta({ description: 'JSON Schema of the options: forms and help are made from it.' }),
})

const fileSchema = z.object({
  path: z.string().meta({ description: 'Below the root.' }),
  bytes: z.number().nullable(),
  modified: z.string().nullable().meta({ description: 'When it was changed last, ISO 8601.' }),
  state: z.enum(['new', 'arriving', 'taken', 'older', 'passed_over']).meta({
    description:
      'new: the next run takes it; arriving: it may still grow; taken: a run took it, see run; older: than the one the job took, which takes the newest; passed_over: see why.',
  }),
  why: z.string().nullable().meta({ description: 'Why it is passed over.' }),
  run: runIdText.nullable(),
  runState: z.string().nullable().meta({ description: 'The state of that run, in words.' }),
  takenAt: z.string().nullable(),
})

const sourceViewSchema = z
  .object({
    job: z.string(),
    kind: z.string(),
    root: z
      .string()
      .nullable()
      .meta({ description: 'The folder the server reads below; null: none was named.' }),
    path: z.string().nullable().meta({ description: 'The folder of the job below the root.' }),
    pattern: z.string().nullable(),
    take: z.enum(['newest', 'all']).nullable(),
    problem: problemAnswerSchema.nullable().meta({ description: 'Why nothing can be seen.' }),
    files: z.array(fileSchema).meta({ description: 'Newest first.' }),
    next: z.string().nullable(),
  })
  .meta({ id: 'SourceView' })
export type SourceView = z.infer<typeof sourceViewSchema>
type FileView = SourceView['files'][number]

export const sourceRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  app.get(
    '/connectors',
    {
      schema: {
        tags: ['sources'],
        summary: 'The kinds of sources, with their options',
        params: namespaceParams,
        response: { 200: z.object({ connectors: z.array(connectorSchema) }), ...failures },
      },
    },
    () => ({ connectors: (Object.values(connectors) as unknown as Connector[]).map(connectorView) }),
  )

  app.get(
    '/jobs/:job/source',
    {
      schema: {
        tags: ['sources'],
        summary: 'What lies in the source of a job, and what became of each file',
        params: jobParams,
        querystring: z.object({
          limit: pageLimit,
          cursor: z.string().max(1_500).optional().meta({ description: 'The next of the page before.' }),
        }),
        response: { 200: sourceViewSchema, ...failures },
      },
    },
    async (request) => {
      const { namespace, job } = await jobOf(context, request.params)
      const { source } = jobSetupSchema.parse(job.setup)
      const view = { job: job.name, kind: source.kind, root: context.sourceIo(namespace).root }
      const nothing = { path: null, pattern: null, take: null, problem: null, files: [], next: null }
      if (source.kind !== 'folder') return { ...view, ...nothing }
      const { path, pattern, take } = source
      const where = { ...view, path, pattern, take }
      try {
        const findings = await connectorOf(source).find(source, context.sourceIo(namespace))
        const page = await filesOf(context, job.id, source, findings, request.query)
        return { ...where, problem: null, ...page }
      } catch (error) {
        if (!(error instanceof SluiceError)) throw error
        return { ...where, problem: problemAnswer(error.problem), files: [], next: null }
      }
    },
  )
}

function connectorView({
  kind,
  title,
  summary,
  capabilities,
  options,
}: Connector): z.infer<typeof connectorSchema> {
  return { kind, title, summary, capabilities, options: z.toJSONSchema(options, { io: 'input' }) }
}

/** Newest first; those that are passed over come at the end, by name. */
async function filesOf(
  context: ApiContext,
  jobId: number,
  source: FolderSource,
  { files, passedOver }: Findings,
  { cursor, limit }: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<Pick<SourceView, 'files' | 'next'>> {
  const { pool } = context.database
  const versioned = files.filter(isVersioned)
  const whole = [
    ...versioned.toReversed().map((file) => ({ key: `a${file.path}`, file, why: null })),
    ...passedOver.map(({ path, why }) => ({ key: `b${path}`, file: null, why: { path, why } })),
  ]
  const from = cursor === undefined ? 0 : whole.findIndex(({ key }) => key === cursor) + 1
  const page = whole.slice(from, from + limit)
  const shown = page.flatMap(({ file }) => (file === null ? [] : [file]))
  const histories = await fileHistories(pool, jobId, shown)
  const free = new Set(
    await freeFiles(pool, { id: jobId, take: source.take, givenBackBefore: null }, versioned),
  )
  const views = page.map(({ file, why }): FileView => {
    if (file === null)
      return { ...untaken, path: why.path, state: 'passed_over', why: passedOverWhys[why.why] }
    return fileView(file, histories[shown.indexOf(file)]!, free.has(file), arriving(source, context))
  })
  return { files: views, next: from + limit < whole.length ? page.at(-1)!.key : null }
}

const untaken = { bytes: null, modified: null, why: null, run: null, runState: null, takenAt: null }

/** Since when a file must rest to have arrived; null: it need not. */
function arriving({ onArrival, marker }: FolderSource, context: ApiContext): string | null {
  if (!onArrival || marker !== null) return null
  return new Date(Date.parse(context.now()) - 30_000).toISOString()
}

function fileView(
  file: VersionedFile,
  { run, state, takenAt, restsSince }: FileHistory,
  free: boolean,
  arrived: string | null,
): FileView {
  const { bytes, modified } = file.version
  const view = { path: file.path, bytes, modified: new Date(modified / 1000).toISOString(), why: null }
  const by = {
    run: run === null ? null : runName(run),
    runState: state === null ? null : labelOf(state),
    takenAt,
  }
  if (!free) return { ...view, ...by, state: run === null ? 'older' : 'taken' }
  const grows =
    arrived !== null && run === null && (restsSince === null || Date.parse(restsSince) > Date.parse(arrived))
  return { ...view, ...by, state: grows ? 'arriving' : 'new' }
}

function labelOf(state: RunState): string {
  return runMachine.states[state].label
}
