// How long the seeded campaigns are: short by default, any length by environment, e.g. SLUICE_KILLS=1000 npm test.

function number(name: string, otherwise: number): number {
  const given = Number(process.env[name] ?? otherwise)
  if (!Number.isSafeInteger(given) || given < 0) throw new Error(`${name} must be a whole number`)
  return given
}

export const campaign = {
  seed: number('SLUICE_SEED', 20_261_120),
  /** Worker processes killed in mid-run. */
  kills: number('SLUICE_KILLS', 12),
  /** Files imported in another order, other batches, more connections and workers. */
  orders: number('SLUICE_ORDERS', 10),
  /** Worker processes killed while they undo. */
  undoKills: number('SLUICE_UNDO_KILLS', 5),
  /** Random moves of the engine in memory. */
  moves: number('SLUICE_MOVES', 250_000),
  /** Random steps of the engine on a real database. */
  engineSteps: number('SLUICE_ENGINE_STEPS', 400),
  /** Processes killed while 20 jobs run: workers, schedulers and PostgreSQL itself. */
  engineKills: number('SLUICE_ENGINE_KILLS', 8),
  /** Random histories that are undone and compared with a replay. */
  undos: number('SLUICE_UNDOS', 40),
  /** Years of days that schedules are compared with brute force over, around 2026. */
  scheduleYears: number('SLUICE_SCHEDULE_YEARS', 12),
  /** Scheduler processes killed while jobs come due. */
  schedulerKills: number('SLUICE_SCHEDULER_KILLS', 8),
} as const

/** Continuous integration must not pass by leaving tests out. */
export const isContinuousIntegration = process.env['CI'] === 'true'
