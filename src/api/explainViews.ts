// From the facts of an explanation to what the API answers: names, typed values, and who stands behind each stamp.
import { identifierKinds } from '../core/attribute.ts'
import { answerFor } from '../core/explain/answer.ts'
import { kindOf } from '../core/explain/decision.ts'
import type { DecisionFacts, Explained, RowFacts, RunFacts } from '../core/explain/explained.ts'
import { whyFor } from '../core/explain/why.ts'
import { recordName, runName } from '../core/names.ts'
import type { Problem } from '../core/problem.ts'
import { runMachine } from '../core/run.ts'
import { microsToIso, type StampEntry } from '../core/stamp.ts'
import { typedValue } from '../core/typedValue.ts'
import type { Namespace } from '../db/imports.ts'
import { rawText } from '../formats/errorRow.ts'
import type { ApiContext } from './context.ts'
import type { DecisionView, ExplanationView } from './explanationView.ts'
import { problemView, type ProblemView } from './runView.ts'
import { writersOf, type Writer } from './writers.ts'

/** `line`: the line a person asked about; `otherRuns`: more runs of the same content. */
export async function explanationView(
  context: ApiContext,
  namespace: Namespace,
  explained: Explained,
  line: number | null = null,
  otherRuns: readonly number[] = [],
): Promise<ExplanationView> {
  const { key, run, place, traces, checks, rows, decided, now, later } = explained
  const writer = await writersOf(context, namespace, stampsIn(explained), { lines: false })
  return {
    answer: answerFor(explained, line),
    record: key === null ? null : recordName(key.run, key.ordinal),
    file: explained.file,
    line: place?.line ?? null,
    lastLine: place?.lastLine ?? null,
    run: run === null ? null : runView(run),
    otherRuns: otherRuns.map(runName),
    alsoHere: key === null ? [] : explained.alsoHere.map((ordinal) => recordName(key.run, ordinal)),
    rows: rows.map(rowView),
    read: readView(explained),
    map: traces.map(({ type, value, problem, steps, ...trace }) => ({
      ...trace,
      value: type === null ? value : typedValue(type, value),
      steps: steps.map(({ step, before, after }) => ({ step, before, after })),
      problem: viewOf(problem),
    })),
    checks: checks.map((check) => ({ ...check, problem: viewOf(check.problem) })),
    decided: decided === null ? null : decisionView(decided, writer),
    now: now === null ? null : decisionView(now, writer),
    later:
      later === null
        ? null
        : {
            profile: later.profile,
            values: later.values.map(({ key: attribute, what, by }) => ({
              attribute,
              what,
              by: by === null ? null : writer(by),
            })),
          },
  }
}

function viewOf(problem: Problem | null): ProblemView | null {
  return problem === null ? null : problemView(problem)
}

function stampsIn({ decided, now, later }: Explained): StampEntry[] {
  const held = [decided, now].flatMap((decision) => (decision?.values ?? []).map((value) => value.held))
  const by = (later?.values ?? []).map((value) => value.by)
  return [...held, ...by].filter((entry) => entry !== null)
}

function runView(run: RunFacts): ExplanationView['run'] {
  const { id, job, trigger, state, dryRun, at, reverts, revertedBy } = run
  return {
    id: runName(id),
    job,
    trigger,
    state,
    label: runMachine.states[state].label,
    dryRun,
    at,
    reverts: reverts === null ? null : runName(reverts),
    revertedBy: revertedBy === null ? null : runName(revertedBy),
  }
}

function rowView(row: RowFacts): ExplanationView['rows'][number] {
  const { state, outcome, reason, profile, origin, retriedIn } = row
  return {
    record: recordName(row.run, row.ordinal),
    state,
    outcome,
    reason,
    profile,
    problem: viewOf(row.problem),
    warnings: row.warnings.map(problemView),
    origin,
    retriedIn,
    at: microsToIso(row.at),
  }
}

function readView({ raw, dialect, bytes, place }: Explained): ExplanationView['read'] {
  if (raw === null || dialect === null || place === null) return null
  const { offset, length } = place
  const cut = bytes.length < length
  return {
    raw: rawText(bytes, dialect.encoding).replace(/(?:\r\n|\r|\n)$/, ''),
    cut,
    offset,
    length,
    dialect,
    problem: viewOf(raw.bad),
  }
}

function decisionView(decision: DecisionFacts, writer: (entry: StampEntry) => Writer): DecisionView {
  const { state, outcome, reason, problem, warnings, profile, lookedUp, merged, removed, values } = decision
  return {
    state,
    outcome,
    reason,
    problem: viewOf(problem),
    warnings: warnings.map(problemView),
    profile,
    why: whyFor(decision),
    identifiers: lookedUp.map((one) => ({ ...one, label: labelOf(one.kind) })),
    merged: [...merged],
    removed: removed.map(({ kindId, value }) => ({ kind: kindOf(kindId), value })),
    values: values.map(({ key, column, type, before, after, verdict, held }) => ({
      attribute: key,
      column,
      before: typedValue(type, before),
      after: typedValue(type, after),
      verdict,
      held: held === null ? null : writer(held),
    })),
  }
}

function labelOf(kind: string): string {
  return identifierKinds.find((one) => one.kind === kind)?.label ?? kind
}
