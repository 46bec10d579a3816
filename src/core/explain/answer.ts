// The answer in one plain sentence: what became of a line, or why it is not there.
import { recordName, runName } from '../names.ts'
import type { Problem } from '../problem.ts'
import type { SkipReason } from '../record.ts'
import { isSettled, runMachine } from '../run.ts'
import type { StampEntry } from '../stamp.ts'
import type { DecisionFacts, Explained, LaterFacts, LaterValue, RowFacts, RunFacts } from './explained.ts'

/** What is asked about: a line of a file where a person named one, else the record. */
export function answerFor(explained: Explained, line: number | null = null): string {
  const { key, run } = explained
  const subject =
    line !== null
      ? `Line ${line}`
      : key === null
        ? 'This record'
        : `Record ${recordName(key.run, key.ordinal)}`
  if (key === null || run === null) return stranger(subject, explained)
  if (run.trigger === 'undo') return undone(subject, run, explained)
  if (run.trigger === 'mirror') return missing(subject, explained)
  const [first, ...retries] = explained.rows
  if (first === undefined) return unread(subject, run, explained)
  return [fateOf(subject, first, explained), ...afterwards(explained, first, retries)].join('')
}

/** The sentence of a problem inside another one, with its code. */
function because({ message, code }: Problem): string {
  const inside = message.replace(/^(The|This|These|It|Its|An?|There|No|Only)\b/, (word) => word.toLowerCase())
  return `${inside.replace(/[.!]$/, '')} (${code})`
}

function stranger(subject: string, { now }: Explained): string {
  return `${subject} was never imported. ${now === null ? '' : wouldBe(now)}`.trim()
}

/** What would become of a record now. */
export function wouldBe(now: DecisionFacts): string {
  const person = now.profile === null ? 'a profile' : `profile ${now.profile}`
  if (now.state === 'failed') return `It would be set aside: ${because(now.problem!)}.`
  if (now.state === 'skipped') return `It would be left out: ${reasonIn(now.reason!, now, null)}.`
  if (now.outcome === 'created') return 'It would make a new profile.'
  if (now.outcome === 'merged') return `It would join ${profiles([...now.merged, now.profile!])} into one.`
  if (now.outcome === 'unchanged') return `It would change nothing: ${person} has all of it already.`
  return `It would change ${listed(changedKeys(now))} of ${person}.`
}

function changedKeys({ values, added, removed }: DecisionFacts): string[] {
  const keys = values.filter(({ verdict }) => verdict === 'written').map(({ key }) => key)
  return added.length + removed.length > 0 ? [...keys, 'identifiers'] : keys
}

function unread(subject: string, run: RunFacts, { now }: Explained): string {
  const name = runName(run.id)
  const then = now === null ? '' : ` ${wouldBe(now)}`
  if (run.dryRun) return `${subject} was only tried: ${name} was a dry run and wrote nothing.${then}`
  if (run.state === 'held') return `${subject} waits: ${name} is held until somebody releases it.${then}`
  if (!isSettled(run.state))
    return `${subject} is not in yet: ${name} is ${runMachine.states[run.state].label.toLowerCase()}.${then}`
  if (run.state === 'failed')
    return `${subject} was not imported: ${name} failed before anything was written.${then}`
  return `${subject} was not reached: ${name} ended before it (${runMachine.states[run.state].label.toLowerCase()}).${then}`
}

/** A line of a mirror's last step is a person whom the file does not have any more. */
function missing(subject: string, { rows }: Explained): string {
  const [row] = rows
  if (row === undefined) return `${subject} is a profile that the mirror has not looked at.`
  const head = `${subject} is profile ${row.profile ?? '?'}, whom the mirrored file does not have any more`
  if (row.outcome === 'deleted') return `${head}; it was deleted.`
  if (row.reason === 'superseded') return `${head}; it stays, because it was delivered later.`
  return `${head}; it was gone already.`
}

function undone(subject: string, run: RunFacts, { rows, decided }: Explained): string {
  const of = run.reverts === null ? 'a run' : runName(run.reverts)
  const [row] = rows
  if (row === undefined) return `${subject} is a profile that the undo of ${of} has not looked at.`
  const head = `${subject} is profile ${row.profile ?? '?'}, as the undo of ${of} found it`
  if (row.state === 'skipped') return `${head}; it was kept${notes(row.warnings)}.`
  if (row.outcome === 'deleted') return `${head}; it was removed, because ${of} had made it.`
  if (row.outcome === 'created') return `${head}; it was brought back.`
  const keys = decided === null ? [] : changedKeys(decided)
  return keys.length === 0
    ? `${head}; there was nothing to put back.`
    : `${head}; ${listed(keys)} got back what was there before.`
}

function notes(warnings: readonly Problem[]): string {
  return warnings.length === 0 ? '' : `: ${warnings.map(because).join('; ')}`
}

function fateOf(subject: string, row: RowFacts, explained: Explained): string {
  const { decided } = explained
  switch (row.state) {
    case 'failed':
      return `${subject} was not imported: ${because(row.problem!)}.`
    case 'skipped':
      return `${subject} was left out: ${reasonIn(row.reason!, decided, explained, row.warnings)}.`
    case 'finished':
      return finished(subject, row, explained)
    case 'new':
      return `${subject} waits for a processing run.`
    case 'retry':
      return `${subject} is tried again by itself: ${because(row.problem!)}.`
    case 'processing':
      return `${subject} is being worked on.`
    case 'waiting':
      return `${subject} waits for an answer from outside.`
  }
}

function finished(subject: string, { outcome, profile }: RowFacts, { decided }: Explained): string {
  const keys = decided === null ? [] : changedKeys(decided)
  switch (outcome) {
    case 'created':
      return `${subject} made profile ${profile}.`
    case 'unchanged':
      return `${subject} is in profile ${profile}: it changed nothing, because all of it was there already.`
    case 'deleted':
      return `${subject} deleted profile ${profile}.`
    case 'merged':
      return `${subject} joined ${profiles([...(decided?.merged ?? []), profile!])} into profile ${profile}.`
    default:
      return `${subject} is in profile ${profile}: it changed ${keys.length === 0 ? 'it' : listed(keys)}.`
  }
}

function profiles(ids: readonly number[]): string {
  return `profiles ${listed([...new Set(ids)].sort((a, b) => a - b).map(String))}`
}

/** The rest of "it was left out: …". */
function reasonIn(
  reason: SkipReason,
  decision: DecisionFacts | null,
  explained: Explained | null,
  warnings: readonly Problem[] = decision?.warnings ?? [],
): string {
  const profile = decision?.profile ?? null
  const person = profile === null ? 'the person' : `profile ${profile}`
  switch (reason) {
    case 'superseded': {
      const rivals = [
        ...new Set(
          (decision?.values ?? []).flatMap(({ verdict, held }) =>
            verdict === 'lost' && held !== null ? [nameOf(held)] : [],
          ),
        ),
      ]
      return `${person} has later values for all it says${rivals.length === 0 ? '' : ` (from ${listed(rivals)})`} (superseded)`
    }
    case 'exists':
      return `${person} was there already, and the import only creates new people (--mode create-only)`
    case 'not_found':
      return 'nobody has its identifiers, and the import only updates people who are there (--mode update-only)'
    case 'duplicate_in_file': {
      const first = explained?.firstHere ?? null
      const earlier =
        first === null || explained?.key == null ? 'an earlier line' : recordName(explained.key.run, first)
      return `${earlier} of the same file is about the same person, ${person}, and the first counts (--duplicates first)`
    }
    case 'already_processed':
      return warnings.length > 0
        ? because(warnings[0]!)
        : 'the very same line was delivered before (already_processed)'
    case 'filtered':
      return warnings.length > 0 ? because(warnings[0]!) : 'a filter left it out (filtered)'
    case 'unchanged_correction':
      return 'it is as it was in the error file: nothing was corrected (unchanged_correction)'
    case 'manual':
      return 'somebody skipped it (manual)'
    default:
      return `${reason.replaceAll('_', ' ')}${notes(warnings)}`
  }
}

function nameOf(entry: StampEntry): string {
  return recordName(entry[1], entry[2])
}

/** What happened since: corrected, replaced, merged away, undone. */
function afterwards(explained: Explained, first: RowFacts, retries: readonly RowFacts[]): string[] {
  const { run, later } = explained
  return [
    ...(first.origin === null ? [] : [` It is ${first.origin}, tried again.`]),
    ...corrected(retries),
    ...(first.state === 'finished' && later !== null ? since(later, first) : []),
    ...(run?.state === 'reverted'
      ? [` The run was undone${run.revertedBy === null ? '' : ` by ${runName(run.revertedBy)}`}.`]
      : []),
  ]
}

function corrected(retries: readonly RowFacts[]): string[] {
  const last = retries.at(-1)
  if (last === undefined) return []
  const name = recordName(last.run, last.ordinal)
  switch (last.state) {
    case 'finished':
      return [
        ` It was corrected in ${name} and ${last.outcome === 'created' ? 'became' : 'went into'} profile ${last.profile}.`,
      ]
    case 'failed':
      return [` It was tried again in ${name} and set aside again: ${because(last.problem!)}.`]
    case 'skipped':
      return [
        ` It was tried again in ${name} and left out: ${reasonIn(last.reason!, null, null, last.warnings)}.`,
      ]
    default:
      return [` It is being tried again in ${name}.`]
  }
}

function since({ gone, profile, values }: LaterFacts, { profile: made }: RowFacts): string[] {
  const lines: string[] = []
  if (gone !== null) {
    const by = recordName(gone.run, gone.ordinal)
    lines.push(
      gone.into === null
        ? ` Profile ${made} was removed later by ${by}.`
        : ` Profile ${made} was merged into profile ${gone.into} later by ${by}${profile === null || profile === gone.into ? '' : `, and is part of profile ${profile} now`}.`,
    )
  }
  const replaced = values.filter(({ what }) => what === 'replaced')
  for (const [by, keys] of grouped(replaced))
    lines.push(` Its ${listed(keys)} ${keys.length === 1 ? 'was' : 'were'} replaced later by ${by}.`)
  return lines
}

/** Keys by who replaced them; at most three of these, the others together. */
function grouped(values: readonly LaterValue[]): [string, string[]][] {
  const groups = new Map<string, string[]>()
  for (const { key, by } of values) {
    const name = by === null ? 'somebody' : nameOf(by)
    groups.set(name, [...(groups.get(name) ?? []), key])
  }
  const all = [...groups]
  if (all.length <= 3) return all
  return [...all.slice(0, 2), ['others', all.slice(2).flatMap(([, keys]) => keys)]]
}

const listedMax = 5

/** a, b and c */
function listed(names: readonly string[]): string {
  if (names.length > listedMax)
    return `${names.slice(0, listedMax - 1).join(', ')} and ${names.length - listedMax + 1} more`
  if (names.length < 2) return names.join('')
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

/** What a line is that belongs to no record. */
export function answerForLine(
  line: number,
  content: { readonly what: 'preamble' | 'header' | 'blank' | 'after'; readonly last?: number },
  file: string,
): string {
  switch (content.what) {
    case 'preamble':
      return `Line ${line} of ${file} stands before the header: it was passed over.`
    case 'header':
      return `Line ${line} of ${file} is the header: it names the columns.`
    case 'blank':
      return `Line ${line} of ${file} is blank: there is no record in it.`
    case 'after':
      return content.last === 0
        ? `${file} has no records.`
        : `Line ${line} of ${file} comes after the last record, which begins in line ${content.last}.`
  }
}
