// A run as the API answers and `--json` prints it: this schema is its documentation (docs/reference/json.md).
import { z } from 'zod'
import { adviceFor } from '../core/problems.ts'
import type { Problem } from '../core/problem.ts'
import { notesOf, toCounters } from '../core/law.ts'
import { movesFrom } from '../core/machine.ts'
import { runName } from '../core/names.ts'
import { waitText, type Waiting } from '../core/queue.ts'
import { seenWhys } from '../core/seen.ts'
import { retryOf } from '../core/retry.ts'
import { processOf as waitingOf } from '../core/waiting.ts'
import { labelOf, isSettled, runMachine } from '../core/run.ts'
import { undoableUntil } from '../core/undo.ts'
import type { VendorDialect } from '../core/namespaceSettings.ts'
import type { RunRow } from '../db/read/runs.ts'
import { downloadSchema, downloadsOf } from './downloads.ts'
import {
  expectedOf,
  expectedSchema,
  failedPercentOf,
  fetchOf,
  fetchSchema,
  processOf,
  processStateSchema,
  rateOf,
  secondsOf,
  secondsSchema,
  stageSchema,
  stagesOf,
} from './runTimes.ts'
import { wordsSchema, wordsView } from './runWords.ts'

export const problemViewSchema = z
  .object({
    code: z.string().meta({ description: 'Stable; sluice explain CODE says more.' }),
    message: z.string().meta({ description: 'What happened, in one sentence.' }),
    advice: z.string().meta({ description: 'What to do next.' }),
    column: z.string().nullable().meta({ description: 'The column of the file, where it is about one.' }),
    details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  })
  .meta({ id: 'ProblemView' })
export type ProblemView = z.infer<typeof problemViewSchema>

const count = z.int().min(0)

export const countersSchema = z
  .object({
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
  .meta({ id: 'Counters' })
export type Counters = z.infer<typeof countersSchema>

export const artifactSchema = z
  .object({
    key: z.string().meta({ description: 'Where the blob store keeps it.' }),
    bytes: count.optional(),
    records: count.optional(),
    href: z.string().meta({ description: 'Where the API serves it.' }),
    path: z
      .string()
      .optional()
      .meta({ description: 'The file on this machine; only printed by the command line.' }),
  })
  .meta({ id: 'Artifact' })

export const runViewSchema = z
  .object({
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
      mirrors: z.string().nullable().meta({
        description: 'Of the last step of a mirror: the run whose file the deleted people are missing from.',
      }),
      mirroredBy: z
        .string()
        .nullable()
        .meta({ description: 'The run that deletes who is missing from this file.' }),
      reverts: z.string().nullable().meta({ description: 'Of an undo: the run it undoes.' }),
      redoes: z
        .string()
        .nullable()
        .meta({ description: 'Of an undo of an undo: the run that stands again.' }),
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
      by: z.string().nullable().meta({ description: 'Who started it, where a person did.' }),
      dueAt: z.string().nullable().meta({ description: 'The time of its schedule it stands for.' }),
      zone: z.string().nullable().meta({ description: 'Of the schedule of its job; null: it has none.' }),
      lane: z.string().meta({ description: 'Runs of one lane go one after another.' }),
      position: z.int().nullable().meta({
        description: 'Its place in the queue of its lane; 1: the next one. Null: it does not wait.',
      }),
      waits: z
        .string()
        .nullable()
        .meta({ description: 'What it waits for in words: behind r1042 (nightly.csv), 63 %.' }),
      fetch: fetchSchema.nullable().meta({ description: 'How its source was read; null: it reads none.' }),
      process: processStateSchema.nullable().meta({
        description:
          'What became of what was read. Errors of records never make it failed; null: nothing was processed yet.',
      }),
      stages: z.array(stageSchema),
      expected: expectedSchema.nullable().meta({
        description: 'When it will be done; null: it is, it sleeps, or nobody can know yet.',
      }),
      attempts: z
        .array(z.object({ at: z.string(), stage: z.string(), problem: problemViewSchema }))
        .meta({ description: 'Attempts that failed, oldest first.' }),
      nextAttemptAt: z.string().nullable().meta({ description: 'When it goes on by itself.' }),
      stalledSince: z
        .string()
        .nullable()
        .meta({ description: 'Since when nothing of it has moved, though it should.' }),
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
        description:
          'What the check before the first write found. dryRun in it is the report of a dry run; held: every limit that was passed (trips) and what the run would do (plan); mirror: who is missing from a mirrored file.',
      }),
    }),
    counters: countersSchema,
    artifacts: z
      .record(z.string(), artifactSchema)
      .meta({ description: 'Files of the run; errors is the error file.' }),
    downloads: z
      .array(downloadSchema)
      .meta({ description: 'What can be downloaded, and why something cannot.' }),
    seconds: secondsSchema,
    rates: z.object({
      failedPercent: z
        .number()
        .nullable()
        .meta({ description: 'Failed records of all, with two decimals; null until they are counted.' }),
      recordsPerSecond: count.nullable().meta({ description: 'While importing; null: too short to tell.' }),
    }),
    words: wordsSchema.nullable().meta({
      description: 'With dialect=: the words and numbers of that vendor; null: it was not asked for.',
    }),
  })
  .meta({ id: 'RunView' })
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
export function runView(
  namespace: string,
  row: RunRow,
  {
    dialect = 'sluice',
    waiting,
  }: { readonly dialect?: VendorDialect; readonly waiting?: Waiting | undefined } = {},
): RunView {
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
      parents: retry?.parents ?? waitingOf(row.trigger, row.settings)?.parents ?? [],
      children: row.children.map(runName),
      mirrors: typeof row.settings['mirrors'] === 'string' ? row.settings['mirrors'] : null,
      mirroredBy: row.mirrored_by === null ? null : runName(row.mirrored_by),
      reverts: typeof row.settings['reverts'] === 'string' ? row.settings['reverts'] : null,
      redoes: typeof row.settings['origin'] === 'string' ? row.settings['origin'] : null,
      revertedBy: row.reverted_by === null ? null : runName(row.reverted_by),
      undoableUntil: undoableOf(row),
      mended: null,
      state: row.state,
      settled: isSettled(row.state),
      label: labelIn(row),
      next: state.next,
      moves: movesFrom(runMachine, row.state).filter(
        (move) => runMachine.moves[move].by === 'person' && (move !== 'resume' || row.trigger !== 'process'),
      ),
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
      ...timesOf(row),
      waits: waiting === undefined ? null : waitText(waiting),
      sleeping: row.sleeping,
      progress: row.progress,
      warnings: partsOf(row.counters, 'warned'),
      notes: notesOf(row.counters),
      validation: row.validation,
    },
    counters: countersOf(row),
    artifacts: artifactsOf(namespace, row),
    downloads: downloadsOf(namespace, row),
    seconds: secondsOf(row),
    rates: { failedPercent: failedPercentOf(row), recordsPerSecond: rateOf(row) },
    words: wordsView(row, dialect),
  }
}

/** Who started it and when, its phases and stages, its attempts, and when it will be done. */
function timesOf(row: RunRow) {
  return {
    by: row.started_by,
    dueAt: row.due_at,
    zone: row.zone,
    lane: row.lane,
    position: row.position,
    fetch: fetchOf(row),
    process: processOf(row),
    stages: stagesOf(row),
    expected: expectedOf(row),
    attempts: row.attempts.map(({ at, stage, problem }) => ({ at, stage, problem: problemView(problem) })),
    nextAttemptAt: row.wake_at,
    stalledSince: row.stalled_since,
  }
}

function seenView(seen: RunRow['seen']): RunView['run']['seen'] {
  if (seen === null) return null
  const named = (id: number | null): string | null => (id === null ? null : runName(id))
  return { with: named(seen.base), why: seen.why, before: named(seen.instead) }
}

function labelIn({ state, settings, sleeping }: RunRow): string {
  const reason = sleeping?.['reason']
  return labelOf({
    state,
    dryRun: settings['dryRun'] === true,
    rests: typeof reason === 'string' ? reason : null,
  })
}

/** Null where nothing was written, where it is undone, and where it took an undo back. */
function undoableOf(row: RunRow): string | null {
  const { state, started_at: started } = row
  const wrote =
    !row.staged && isSettled(state) && state !== 'skipped' && state !== 'failed' && state !== 'reverted'
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
