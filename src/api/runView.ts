// A run as the API answers and `--json` prints it: this schema is its documentation (docs/reference/json.md).
import { z } from 'zod'
import { adviceFor } from '../core/problems.ts'
import type { Problem } from '../core/problem.ts'
import { notesOf, toCounters } from '../core/law.ts'
import { movesFrom } from '../core/machine.ts'
import { runName } from '../core/names.ts'
import { seenWhys } from '../core/seen.ts'
import { retryOf } from '../core/retry.ts'
import { isSettled, runMachine, runStages, type RunStage } from '../core/run.ts'
import { undoableUntil } from '../core/undo.ts'
import type { RunRow } from '../db/read/runs.ts'

export const problemViewSchema = z.object({
  code: z.string().meta({ description: 'Stable; sluice explain CODE says more.' }),
  message: z.string().meta({ description: 'What happened, in one sentence.' }),
  advice: z.string().meta({ description: 'What to do next.' }),
  column: z.string().nullable().meta({ description: 'The column of the file, where it is about one.' }),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
})
export type ProblemView = z.infer<typeof problemViewSchema>

const count = z.int().min(0)

export const countersSchema = z.object({
  total: count.nullable().meta({ description: 'Records in the file; null until they are counted.' }),
  read: count.meta({
    description: 'Records with a line in the ledger: finished + skipped + failed + retry + waiting + new.',
  }),
  left: count.nullable().meta({ description: 'total − read.' }),
  finished: z
    .object({ total: count, created: count, updated: count, unchanged: count, merged: count })
    .catchall(count)
    .meta({ description: 'By outcome; of an undo also deleted and restored.' }),
  skipped: z
    .object({ total: count })
    .catchall(count)
    .meta({ description: 'By reason, for example exists, superseded.' }),
  failed: z
    .object({ total: count })
    .catchall(count)
    .meta({ description: 'By problem code, for example email.invalid.' }),
  retry: count,
  waiting: count,
  new: count,
})
export type Counters = z.infer<typeof countersSchema>

export const artifactSchema = z.object({
  key: z.string().meta({ description: 'Where the blob store keeps it.' }),
  bytes: count.optional(),
  records: count.optional(),
  href: z.string().meta({ description: 'Where the API serves it.' }),
  path: z
    .string()
    .optional()
    .meta({ description: 'The file on this machine; only printed by the command line.' }),
})

const seconds = z.number().min(0)

export const runViewSchema = z.object({
  run: z.object({
    id: z.string().meta({ description: 'Short and per namespace, for example r1042.' }),
    namespace: z.string(),
    job: z.string(),
    number: count.meta({ description: 'The how many-th run of its job.' }),
    trigger: z.string().meta({ description: 'manual; retry: corrected or retried records; undo.' }),
    parent: z
      .string()
      .nullable()
      .meta({ description: 'The run whose records this one retries, and whose job it does.' }),
    parents: z.array(z.string()).meta({
      description: 'All of them, oldest first, where corrections of several runs stand in one file.',
    }),
    children: z.array(z.string()).meta({ description: 'The runs that retried records of this one since.' }),
    reverts: z.string().nullable().meta({ description: 'Of an undo: the run it undoes.' }),
    redoes: z.string().nullable().meta({ description: 'Of an undo of an undo: the run that stands again.' }),
    revertedBy: z.string().nullable().meta({ description: 'The undo run by which this run was undone.' }),
    undoableUntil: z
      .string()
      .nullable()
      .meta({ description: 'Until when it can be undone; null: it cannot, or it is undone.' }),
    mended: z.object({ failed: count, mended: count, left: count }).nullable().meta({
      description:
        'Of the records that failed here: how many did not fail any more when they were last retried, and how many are left. Only in the view of one run, and null where nothing was retried.',
    }),
    state: z.enum(Object.keys(runMachine.states) as [keyof typeof runMachine.states]),
    settled: z.boolean().meta({ description: 'True when nothing moves by itself any more.' }),
    label: z.string().meta({ description: 'The state in words.' }),
    next: z.string().meta({ description: 'What a person does next.' }),
    moves: z
      .array(z.string())
      .meta({ description: 'What a person can do now: stop, release, drop, resume.' }),
    dryRun: z.boolean(),
    mappingFrom: z
      .string()
      .nullable()
      .meta({ description: 'The earlier run whose mapping it uses, remembered or asked for.' }),
    file: z.object({ name: z.string(), bytes: count, originalBytes: count, sha256: z.string() }).nullable(),
    createdAt: z.string(),
    startedAt: z.string().nullable(),
    endedAt: z.string().nullable(),
    skippedFor: z
      .string()
      .nullable()
      .meta({ description: 'The equal run because of which this one did nothing.' }),
    seen: z
      .object({
        with: z.string().nullable().meta({
          description: 'The run whose lines were left out (already_processed); null: none were.',
        }),
        why: z.enum(seenWhys).nullable().meta({
          description:
            'Why none were. first: no earlier run; changed: another mapping, dialect or write mode; under_way: the run before has not ended; unfinished: it ended midway.',
        }),
        before: z.string().nullable().meta({ description: 'The run that why is about.' }),
      })
      .nullable()
      .meta({
        description:
          'With what the lines were compared to leave out what was delivered before; null: not asked for.',
      }),
    problem: problemViewSchema.nullable(),
    sleeping: z
      .record(z.string(), z.unknown())
      .nullable()
      .meta({ description: 'Why it sleeps, and until when.' }),
    progress: z
      .object({
        stage: z.string(),
        done: z.number(),
        total: z.number().nullable(),
        bytes: z.number(),
        bytesTotal: z.number(),
      })
      .partial()
      .nullable(),
    warnings: z
      .record(z.string(), count)
      .meta({ description: 'Records that went in with a warning, by code.' }),
    notes: z.record(z.string(), z.record(z.string(), count)).meta({
      description:
        'What exactly left records out, by reason: {"filtered": {"only active": 12}}, by the name of the filter.',
    }),
    validation: z.record(z.string(), z.unknown()).nullable().meta({
      description: 'What the check before the first write found; dryRun in it is the report of a dry run.',
    }),
  }),
  counters: countersSchema,
  artifacts: z
    .record(z.string(), artifactSchema)
    .meta({ description: 'Files of the run; errors is the error file.' }),
  seconds: z.object({
    all: seconds,
    fetching: seconds,
    validating: seconds,
    importing: seconds,
    processing: seconds,
  }),
})
export type RunView = z.infer<typeof runViewSchema>

/** A problem with its advice filled in. */
export function problemView(problem: Problem): ProblemView {
  return {
    code: problem.code,
    message: problem.message,
    advice: adviceFor(problem),
    column: problem.column ?? null,
    details: { ...problem.details },
  }
}

/** What the API answers for a run. */
export function runView(namespace: string, row: RunRow): RunView {
  const state = runMachine.states[row.state]
  const retry = retryOf(row.trigger, row.settings)
  return {
    run: {
      id: runName(row.id),
      namespace,
      job: row.job,
      number: row.number,
      trigger: row.trigger,
      parent: retry?.parent ?? null,
      parents: retry?.parents ?? [],
      children: row.children.map(runName),
      reverts: typeof row.settings['reverts'] === 'string' ? row.settings['reverts'] : null,
      redoes: typeof row.settings['origin'] === 'string' ? row.settings['origin'] : null,
      revertedBy: row.reverted_by === null ? null : runName(row.reverted_by),
      undoableUntil: undoableOf(row),
      mended: null,
      state: row.state,
      settled: isSettled(row.state),
      label: state.label,
      next: state.next,
      moves: movesFrom(runMachine, row.state).filter((move) => runMachine.moves[move].by === 'person'),
      dryRun: row.settings['dryRun'] === true,
      mappingFrom:
        typeof row.settings['mappingFrom'] === 'number' ? runName(row.settings['mappingFrom']) : null,
      file: fileOf(row),
      createdAt: row.created_at,
      startedAt: row.started_at,
      endedAt: row.ended_at,
      skippedFor: row.skipped_for === null ? null : runName(row.skipped_for),
      seen: seenView(row.seen),
      problem: row.problem === null ? null : problemView(row.problem),
      sleeping: row.sleeping,
      progress: row.progress,
      warnings: partsOf(row.counters, 'warned'),
      notes: notesOf(row.counters),
      validation: row.validation,
    },
    counters: countersOf(row),
    artifacts: artifactsOf(namespace, row),
    seconds: secondsOf(row),
  }
}

function seenView(seen: RunRow['seen']): RunView['run']['seen'] {
  if (seen === null) return null
  const named = (id: number | null): string | null => (id === null ? null : runName(id))
  return { with: named(seen.base), why: seen.why, before: named(seen.instead) }
}

/** Null where nothing was written, where it is undone, and where it took an undo back. */
function undoableOf(row: RunRow): string | null {
  const { state, started_at: started } = row
  const wrote = isSettled(state) && state !== 'skipped' && state !== 'failed' && state !== 'reverted'
  const { dryRun, origin } = row.settings
  return wrote && started !== null && dryRun !== true && origin === undefined ? undoableUntil(started) : null
}

function fileOf(row: RunRow): RunView['run']['file'] {
  if (row.file_name === null) return null
  return {
    name: row.file_name,
    bytes: row.content_bytes ?? 0,
    originalBytes: row.original_bytes ?? 0,
    sha256: row.content_sha256 ?? '',
  }
}

/** `failed.email.invalid: 3` → `email.invalid: 3`. */
export function partsOf(counters: Readonly<Record<string, number>>, state: string): Record<string, number> {
  const head = `${state}.`
  return Object.fromEntries(
    Object.entries(counters)
      .filter(([key]) => key.startsWith(head))
      .map(([key, value]) => [key.slice(head.length), value] as const)
      .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)),
  )
}

/** The law (design section 6), from the counters of the chunks; before the records are counted, total is unknown. */
export function countersOf(row: Pick<RunRow, 'counters' | 'total'>): Counters {
  const { total, left, processing: _, finished, ...rest } = toCounters(row.counters, row.total ?? 0)
  const parts = { created: 0, updated: 0, unchanged: 0, merged: 0, ...finished }
  const known = row.total !== null
  return { total: known ? total : null, left: known ? Math.max(0, left) : null, ...rest, finished: parts }
}

function artifactsOf(namespace: string, row: RunRow): RunView['artifacts'] {
  return Object.fromEntries(
    Object.entries(row.artifacts).map(([name, artifact]) => [
      name,
      { ...artifact, href: `/v1/namespaces/${namespace}/runs/${runName(row.id)}/artifacts/${name}` },
    ]),
  )
}

function secondsOf(row: RunRow): RunView['seconds'] {
  const now = Date.parse(row.now)
  const since = (from: string): number => Math.max(0, (now - Date.parse(from)) / 1000)
  const stage = (name: RunStage): number => {
    const times = row.stages[name]
    const open = row.state === name && times?.started !== undefined ? since(times.started) : 0
    return round((times?.seconds ?? 0) + open)
  }
  const stages = Object.fromEntries(runStages.map((name) => [name, stage(name)])) as Record<RunStage, number>
  // An upload is fetched before its run exists: the landing has the time.
  if (stages.fetching === 0) stages.fetching = round(row.landing_seconds ?? 0)
  return { all: round(runStages.reduce((all, name) => all + stages[name], 0)), ...stages }
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}
