// An explanation as the API answers it: the sentence first, then each step with its reason.
import { z } from 'zod'
import { dialectSchema } from '../core/dialect.ts'
import { problemViewSchema } from './runView.ts'
import { writerSchema } from './writers.ts'

const cell = z.unknown().meta({ description: 'By type; numbers that JavaScript cannot hold come as text.' })

const rowSchema = z.object({
  record: z.string().meta({ description: 'The record, or the retry of it, for example r1042/17.' }),
  state: z.string(),
  outcome: z.string().nullable(),
  reason: z.string().nullable(),
  profile: z.int().nullable(),
  problem: problemViewSchema.nullable(),
  warnings: z.array(problemViewSchema),
  origin: z.string().nullable().meta({ description: 'Of a retry: the first appearance of the record.' }),
  retriedIn: z.string().nullable(),
  at: z.string(),
})

const decisionSchema = z
  .object({
    state: z.enum(['finished', 'skipped', 'failed']),
    outcome: z.string().nullable(),
    reason: z.string().nullable(),
    problem: problemViewSchema.nullable(),
    warnings: z.array(problemViewSchema),
    profile: z.int().nullable().meta({ description: 'Null: nobody, or a profile that would be new.' }),
    why: z.string().meta({ description: 'Why this profile.' }),
    identifiers: z.array(
      z.object({
        kind: z.string(),
        label: z.string(),
        value: z.string(),
        given: z.string().nullable().meta({ description: 'As the file gave it, where that differs.' }),
        owner: z.int().nullable().meta({ description: 'The profile it belonged to.' }),
        what: z.enum(['match', 'nobody', 'added', 'other', 'kept_back', 'blocked', 'unknown']).meta({
          description:
            'match: it led to the profile; nobody: nobody had it; added: nobody had it, the profile has it since; other: it stays with somebody else; kept_back: the profile has a later one; blocked: it links nobody.',
        }),
      }),
    ),
    merged: z.array(z.int()).meta({ description: 'Profiles that were merged into the profile.' }),
    removed: z.array(z.object({ kind: z.string(), value: z.string() })).meta({
      description: 'Identifiers that were replaced.',
    }),
    values: z.array(
      z.object({
        attribute: z.string(),
        column: z.string().nullable(),
        before: cell,
        after: cell,
        verdict: z.enum(['written', 'same', 'lost', 'kept', 'blank']).meta({
          description:
            'written: it went in; same: it was there already; lost: a later value stays; kept: it only fills empty values; blank: the record says nothing.',
        }),
        held: writerSchema.nullable().meta({ description: 'Who had asserted what was there before.' }),
      }),
    ),
  })
  .meta({ id: 'DecisionView' })
export type DecisionView = z.infer<typeof decisionSchema>

export const explanationSchema = z
  .object({
    answer: z
      .string()
      .meta({ description: 'What became of it, or why it is not there, in a plain sentence or two.' }),
    record: z
      .string()
      .nullable()
      .meta({ description: 'Null: it was never imported, or the line is no record.' }),
    file: z.string().nullable(),
    line: z.int().nullable().meta({ description: 'Where the record begins.' }),
    lastLine: z.int().nullable().meta({ description: 'Where it ends: a record may have line breaks in it.' }),
    run: z
      .object({
        id: z.string(),
        job: z.string(),
        trigger: z.string(),
        state: z.string(),
        label: z.string(),
        dryRun: z.boolean(),
        at: z.string(),
        reverts: z.string().nullable(),
        revertedBy: z.string().nullable(),
      })
      .nullable(),
    otherRuns: z.array(z.string()).meta({ description: 'Other runs of the same content, newest first.' }),
    alsoHere: z.array(z.string()).meta({ description: 'Other records in the same line.' }),
    rows: z.array(rowSchema).meta({ description: 'Its line in the ledger, decided those of its retries.' }),
    read: z
      .object({
        raw: z.string().meta({ description: 'As it stands in the file; base64:… where that is no text.' }),
        cut: z.boolean().meta({ description: 'True: it is longer than what is shown.' }),
        offset: z.int(),
        length: z.int(),
        dialect: dialectSchema,
        problem: problemViewSchema.nullable(),
      })
      .nullable(),
    map: z.array(
      z.object({
        column: z.string(),
        cell: z.string().nullable(),
        target: z.enum(['attribute', 'identifier', 'as_of', 'ignored']),
        key: z.string().nullable(),
        value: cell,
        what: z.enum(['value', 'blank', 'cleared', 'refused', 'left_out', 'junk', 'unused', 'ignored']),
        why: z.string().nullable(),
        steps: z.array(z.object({ step: z.string(), before: z.string(), after: z.string().nullable() })),
        problem: problemViewSchema.nullable(),
      }),
    ),
    checks: z.array(
      z.object({
        check: z.string(),
        says: z.string(),
        passed: z.boolean().nullable().meta({ description: 'Null: it was not reached.' }),
        problem: problemViewSchema.nullable(),
      }),
    ),
    decided: decisionSchema
      .nullable()
      .meta({ description: 'Match and plan, as decided when it was imported.' }),
    now: decisionSchema.nullable().meta({ description: 'Match and plan, as they would be decided now.' }),
    later: z
      .object({
        profile: z.int().nullable().meta({ description: 'The profile it is part of now; null: it is gone.' }),
        values: z.array(
          z.object({
            attribute: z.string(),
            what: z.enum(['stands', 'confirmed', 'replaced']),
            by: writerSchema.nullable(),
          }),
        ),
      })
      .nullable(),
  })
  .meta({ id: 'ExplanationView' })
export type ExplanationView = z.infer<typeof explanationSchema>
