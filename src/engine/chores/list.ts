// Every chore there is: a new one is one line here.
import { auditRetention } from './auditRetention.ts'
import type { Chore } from './chore.ts'
import { dropExpired } from './dropExpired.ts'
import { sendDigest, sendMessage, sendWaiting, tell } from './messages.ts'
import { identifiers } from './identifiers.ts'
import { leftovers } from './leftovers.ts'
import { partitions } from './partitions.ts'
import { retention } from './retention.ts'
import { sendLink } from './sendLink.ts'
import { thresholds } from './thresholds.ts'

export const chores: readonly Chore[] = [
  partitions,
  identifiers,
  dropExpired,
  retention,
  auditRetention,
  leftovers,
  thresholds,
  tell,
  sendMessage,
  sendDigest,
  sendWaiting,
  sendLink,
]

/** What every start of a server should see to. */
export const atStart: readonly Chore[] = [dropExpired, sendWaiting]
