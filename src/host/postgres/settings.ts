// The settings of the embedded server: durable, quiet about data, sized by the machine.

const mebibyte = 2 ** 20

/** Settings by name; a value is written as PostgreSQL's configuration file takes it. */
export type Settings = Readonly<Record<string, string>>

/** For a machine with this much memory (bytes). `major` 18 brings settings older servers refuse. */
export function serverSettingsFor(memory: number, major: number): Settings {
  return {
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    shared_buffers: size(memory / 8, 128, 2048),
    effective_cache_size: size(memory / 2, 256, 65_536),
    maintenance_work_mem: size(memory / 32, 64, 512),
    work_mem: size(memory / 512, 8, 32),
    wal_buffers: '16MB',
    // Of the ways to squeeze full pages only pglz is in every build, and it takes longer than writing them does.
    wal_compression: 'off',
    min_wal_size: '512MB',
    max_wal_size: '4GB',
    checkpoint_timeout: '15min',
    checkpoint_completion_target: '0.9',
    max_connections: '100',
    random_page_cost: '1.1',
    jit: 'off',
    timezone: `'UTC'`,
    log_timezone: `'UTC'`,
    ...autovacuum,
    ...quietLog,
    ...(major >= 18 ? { io_workers: '2' } : {}),
  }
}

// Imports make much garbage at once: look often, and work without long pauses.
const autovacuum: Settings = {
  autovacuum: 'on',
  autovacuum_naptime: '20s',
  autovacuum_max_workers: '2',
  autovacuum_vacuum_scale_factor: '0.1',
  autovacuum_analyze_scale_factor: '0.05',
  autovacuum_vacuum_cost_limit: '1000',
}

// A refused statement would put customers' values into the log, so errors go to the client only. In this setting
// LOG ranks above ERROR: https://www.postgresql.org/docs/current/runtime-config-logging.html#RUNTIME-CONFIG-SEVERITY-LEVELS
const quietLog: Settings = {
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_checkpoints: 'off',
  log_line_prefix: `'%m [%p] '`,
}

function size(bytes: number, least: number, most: number): string {
  return `${Math.round(Math.min(most, Math.max(least, bytes / mebibyte)))}MB`
}

/** The text of a configuration file. */
export function settingsText(settings: Settings): string {
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`)
  return `# Written by Sluice at every start. Change settings with "alter system", which wins over this file.\n${lines.join('\n')}\n`
}

/** Memory this process may use: the machine's, or the container's limit where that is less. Bytes. */
export function usableMemory(total: number, constrained: number | undefined): number {
  return constrained !== undefined && constrained > 0 ? Math.min(total, constrained) : total
}
