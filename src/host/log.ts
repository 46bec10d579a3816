// The log of the server process: JSON lines in a file, for machines; never secrets, never customers' values.
import { renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import pino from 'pino'
import { sqlState } from '../db/client.ts'
import type { Config } from './config.ts'

export interface Log {
  info(details: object, message: string): void
  error(error: unknown, message: string): void
}

const bytesMax = 10_000_000

/** Opens `server.log` in the folder; a big one is moved aside first. */
export function openLog(folder: string, level: Config['logLevel']): Log {
  const file = join(folder, 'server.log')
  rotate(file)
  const logger = pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: file, mkdir: true, mode: 0o600, sync: true }),
  )
  return {
    info: (details, message) => logger.info(details, message),
    error: (error, message) => logger.error(describe(error), message),
  }
}

/** Where it happened, but not PostgreSQL's sentence: it can quote a customer's value. */
function describe(error: unknown): object {
  const state = sqlState(error)
  if (state !== undefined) return { sqlState: state, stack: framesOf(error) }
  return { name: (error as Error).name, message: (error as Error).message, stack: framesOf(error) }
}

function framesOf(error: unknown): string {
  return ((error as Error).stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n')
}

function rotate(file: string): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  if (size > bytesMax) renameSync(file, `${file}.1`)
}
