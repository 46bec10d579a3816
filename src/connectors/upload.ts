// Files that people give by hand. There is nothing to read from: what was given is landed before a run begins.
import { failure } from '../core/problems.ts'
import { uploadSchema, type UploadSource } from '../core/setup/source.ts'
import type { Connector } from './contract.ts'

const nothing = (): Error => failure('source.given_by_hand')

export const upload: Connector<UploadSource> = {
  kind: 'upload',
  title: 'Files given by hand',
  summary: 'Chosen in the browser, imported with sluice import, or uploaded through the API.',
  // What was uploaded once is never read otherwise afterwards (E9).
  capabilities: { editableWhileActive: false, canSample: false, canArrive: false },
  options: uploadSchema,
  check: () => Promise.resolve(),
  find: () => Promise.reject(nothing()),
  open: () => Promise.reject(nothing()),
}
