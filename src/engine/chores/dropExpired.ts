// Drops throw-away namespaces whose time is over; ordered at every start too: a server that was killed may have left some.
import { dropExpired as drop } from '../dropNamespace.ts'
import type { Chore } from './chore.ts'

export const dropExpired: Chore = {
  name: 'drop_expired',
  cron: '23 * * * *',
  run: ({ db, store, clock, log }) => drop({ db, store, clock }, log),
}
