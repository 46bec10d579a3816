// The API server: plugins, error answers, and every noun's routes under /v1.
import swagger from '@fastify/swagger'
import fastify, { type FastifyInstance } from 'fastify'
import {
  serializerCompiler,
  validatorCompiler,
  type FastifyPluginAsyncZod,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod'
import { answerError } from './answers.ts'
import { answerPage, appFiles } from './app.ts'
import type { ApiContext } from './context.ts'
import { describeAll, describeRoute } from './describe.ts'
import { documentBasis } from './document.ts'
import { correctionRoutes } from './corrections.ts'
import { recogniseRepeats } from './idempotency.ts'
import { importRoutes } from './imports.ts'
import { activityRoutes } from './activity.ts'
import { approvalMoveRoutes, approvalRoutes } from './approvals.ts'
import { bulkRoutes } from './bulk.ts'
import { artifactRoutes } from './artifacts.ts'
import { attributeRoutes } from './attributes.ts'
import { tagAnswers } from './etags.ts'
import { errorRoutes } from './errors.ts'
import { explainRoutes } from './explain.ts'
import { fixRoutes } from './fixes.ts'
import { downloadRoutes } from './downloads.ts'
import { healthRoutes } from './health.ts'
import { historyRoutes } from './history.ts'
import { homeRoutes } from './home.ts'
import { inspectRoutes } from './inspect.ts'
import { jobMoveRoutes } from './jobMoves.ts'
import { sampleRoutes } from './jobSample.ts'
import { sourceRoutes } from './sources.ts'
import { bodyBytes, limitBodies } from './limits.ts'
import { liveRoutes, tellOfAccess } from './live.ts'
import { jobSetupRoutes } from './jobSetup.ts'
import { definitionRoutes } from './jobVersions.ts'
import { jobRoutes } from './jobs.ts'
import { logFileRoutes, logRoutes } from './log.ts'
import { mappingRoutes } from './mappings.ts'
import { messageRoutes } from './messages.ts'
import { namespaceRoutes } from './namespaces.ts'
import { addPeople, protect } from './people.ts'
import type { Access } from './place.ts'
import { probeRoutes } from './probes.ts'
import { problemRoutes } from './problems.ts'
import { profileRoutes } from './profiles.ts'
import { recordDetailRoutes } from './recordDetail.ts'
import { recordMoveRoutes } from './recordMoves.ts'
import { waitingRecordRoutes } from './recordWaiting.ts'
import { recordRoutes } from './records.ts'
import { queueRoutes } from './queue.ts'
import { refuseUnknownParts } from './queryParts.ts'
import { referencePage } from './reference.ts'
import { rejectRoutes } from './rejects.ts'
import { retentionRoutes } from './retention.ts'
import { runRoutes } from './runs.ts'
import { keyRoutes, secretRoutes } from './secrets.ts'
import { scheduleRoutes } from './schedules.ts'
import { settingsRoutes } from './settings.ts'
import { resumableRoutes } from './tus.ts'
import { touchedRoutes } from './touched.ts'
import { undoRoutes } from './undos.ts'
import { uploadRoutes } from './uploads.ts'
import { verifyRoutes } from './verify.ts'
import { webhookRoutes } from './webhooks.ts'

/** Every noun with its routes; all but the last group live in a namespace. */
const inNamespace: readonly FastifyPluginAsyncZod<{ context: ApiContext }>[] = [
  uploadRoutes,
  bulkRoutes,
  resumableRoutes,
  inspectRoutes,
  importRoutes,
  correctionRoutes,
  runRoutes,
  approvalRoutes,
  approvalMoveRoutes,
  homeRoutes,
  queueRoutes,
  logRoutes,
  logFileRoutes,
  touchedRoutes,
  downloadRoutes,
  activityRoutes,
  undoRoutes,
  jobRoutes,
  jobSetupRoutes,
  jobMoveRoutes,
  sampleRoutes,
  sourceRoutes,
  definitionRoutes,
  mappingRoutes,
  errorRoutes,
  rejectRoutes,
  fixRoutes,
  artifactRoutes,
  verifyRoutes,
  recordRoutes,
  recordMoveRoutes,
  recordDetailRoutes,
  waitingRecordRoutes,
  explainRoutes,
  profileRoutes,
  historyRoutes,
  attributeRoutes,
  messageRoutes,
  retentionRoutes,
  webhookRoutes,
  scheduleRoutes,
  secretRoutes,
  settingsRoutes,
]

/** A server with all routes, listening nowhere yet. `access` guards TCP; the socket's file mode guards the socket. */
export async function makeServer(
  context: ApiContext,
  access: Access | null = null,
): Promise<FastifyInstance> {
  const app = fastify({
    logger: false,
    bodyLimit: bodyBytes.strangers,
    forceCloseConnections: true,
    requestTimeout: 0,
    // An address or the name of a job may be longer than a hundred signs; what cannot be named cannot be removed.
    routerOptions: { maxParamLength: 1_000 },
  })
  limitBodies(app, access?.strangersSeconds)
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler(answerError(context.logFault))
  app.setNotFoundHandler(answerPage(context.web))
  tagAnswers(app)
  if (access !== null) {
    await protect(app, context, access)
    recogniseRepeats(app, context)
  }
  app.addHook('preValidation', refuseUnknownParts)
  tellOfAccess(app, context)
  await app.register(swagger, {
    openapi: documentBasis(context.about.version),
    transform: describeRoute,
    transformObject: describeAll,
  })
  const typed = app.withTypeProvider<ZodTypeProvider>()
  for (const routes of inNamespace)
    await typed.register(routes, { prefix: '/v1/namespaces/:namespace', context })
  await typed.register(liveRoutes, { prefix: '/v1/namespaces/:namespace', context, access })
  await addPeople(typed, context, access)
  await app.register(appFiles, { folder: context.web })
  await typed.register(namespaceRoutes, { prefix: '/v1', context })
  await typed.register(healthRoutes, { prefix: '/v1', context })
  await typed.register(keyRoutes, { prefix: '/v1', context })
  await typed.register(probeRoutes, { context })
  await app.register(referencePage)
  await typed.register(problemRoutes, { prefix: '/v1', context })
  return app
}
