// The hourly chore that judges the numbers of jobs somebody watches.
import { judgeThresholds } from '../notify/thresholds.ts'
import type { Chore } from './chore.ts'

export const thresholds: Chore = {
  name: 'thresholds',
  cron: '7 * * * *',
  run: ({ db, clock, log }) => judgeThresholds(db, log, clock.now()),
}
