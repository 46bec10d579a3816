// Every chore there is: a new one is one line here.
import type { Chore } from './chore.ts'
import { dropExpired } from './dropExpired.ts'
import { partitions } from './partitions.ts'

export const chores: readonly Chore[] = [partitions, dropExpired]
