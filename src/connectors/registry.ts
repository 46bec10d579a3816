// Every connector there is. What is not on this list does not exist.
import type { Source } from '../core/setup/source.ts'
import type { Connector } from './contract.ts'
import { folder } from './folder.ts'
import { profiles } from './profiles.ts'
import { upload } from './upload.ts'

export const connectors = { upload, folder, profiles } as const satisfies {
  readonly [K in Source['kind']]: Connector<Extract<Source, { kind: K }>>
}

/** The connector of a source; it is handed only options of its own kind. */
export function connectorOf(source: Source): Connector {
  return connectors[source.kind]
}
