// Who asks: there is no sign-in yet, so everybody who may reach the server is the person at this machine.
import type { FastifyRequest } from 'fastify'

/** The name that is kept as `by`, `created_by` and `updated_by`. */
export function whoOf(_request: FastifyRequest): string {
  return 'local'
}
