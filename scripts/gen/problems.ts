// The reference of problems: every code with its sentence, its remedy, and what it means for the run.
import type { ProblemClass, ProblemDefinition } from '../../src/core/problem.ts'
import { jobProblems } from '../../src/core/problems/jobs.ts'
import { scheduleProblems } from '../../src/core/problems/schedule.ts'
import { sourceProblems } from '../../src/core/problems/source.ts'
import { recordProblems } from '../../src/core/problems/record.ts'
import { messageProblems } from '../../src/core/problems/message.ts'
import { approvalProblems } from '../../src/core/problems/approval.ts'
import { accessProblems } from '../../src/core/problems/access.ts'
import { apiProblems } from '../../src/core/problems/api.ts'
import { streamProblems } from '../../src/core/problems/stream.ts'
import { sendingProblems } from '../../src/core/problems/sending.ts'
import { retryProblems } from '../../src/core/problems/retry.ts'
import { undoProblems } from '../../src/core/problems/undo.ts'
import { historyProblems } from '../../src/core/problems/history.ts'
import { containerProblems } from '../../src/core/problems/container.ts'
import { fileProblems } from '../../src/core/problems/file.ts'
import { hostProblems } from '../../src/core/problems/host.ts'
import { mappingProblems } from '../../src/core/problems/mapping.ts'
import { profileProblems } from '../../src/core/problems/profile.ts'
import { runProblems } from '../../src/core/problems/run.ts'
import { transformProblems } from '../../src/core/problems/transform.ts'
import { generatedNote, page, table } from './markdown.ts'

type Catalogue = Readonly<Record<string, ProblemDefinition>>

/** The catalogue in the order a person meets it. */
const areas: readonly { title: string; about: string; problems: Catalogue }[] = [
  { title: 'Reading the file', about: 'Its shape, its encoding, one record of it.', problems: fileProblems },
  {
    title: 'Workbooks, tables and archives',
    about: 'Files with others inside: Excel, Parquet, zip.',
    problems: containerProblems,
  },
  {
    title: 'Mapping and checking',
    about: 'Columns and values that do not fit what they are mapped to.',
    problems: mappingProblems,
  },
  {
    title: 'Steps, expressions and filters',
    about: 'What a mapping does to values on the way.',
    problems: transformProblems,
  },
  {
    title: 'Identity and profiles',
    about: 'Who a record belongs to, and writing it.',
    problems: profileProblems,
  },
  {
    title: 'Jobs and secrets',
    about: 'Setting a job up, switching it on, jobs as files, secrets.',
    problems: jobProblems,
  },
  { title: 'Schedules', about: 'When a job runs, and when it does not.', problems: scheduleProblems },
  {
    title: 'Sources',
    about: 'Where a job reads: folders, arriving files, the profile store.',
    problems: sourceProblems,
  },
  { title: 'The run', about: 'What stops or pauses a run as a whole.', problems: runProblems },
  {
    title: 'Importing again, corrections and retries',
    about: 'The same content once more, corrected error files, and records taken in once more.',
    problems: retryProblems,
  },
  { title: 'Records', about: 'Records that wait, are skipped or tried again.', problems: recordProblems },
  { title: 'Undo', about: 'Taking an import back, and what is kept.', problems: undoProblems },
  {
    title: 'Settings and history',
    about: 'What holds for a namespace, and looking at what was.',
    problems: historyProblems,
  },
  { title: 'Messages', about: 'E-mail and webhooks.', problems: messageProblems },
  { title: 'Access', about: 'Signing in, rights, tokens.', problems: accessProblems },
  { title: 'Approvals', about: 'What a second person agrees to.', problems: approvalProblems },
  { title: 'Commands and API', about: 'What a command or request is answered with.', problems: apiProblems },
  {
    title: 'Sending to the API',
    about: 'Bulk bodies, uploads in parts, keys of requests, edits of what has changed.',
    problems: sendingProblems,
  },
  { title: 'Live news', about: 'Pages and programs that are told as it happens.', problems: streamProblems },
  { title: 'The machine', about: 'Folders, settings, PostgreSQL.', problems: hostProblems },
]

const classes: Readonly<Record<ProblemClass, string>> = {
  transient: 'It may pass by itself: the run waits or tries again.',
  halting: 'A person must act; nothing goes on until then.',
  record: 'Only this record (or this request) is affected; everything else goes on.',
  bug: 'Our fault. The run stops rather than be wrong.',
}

/** `{name}` is filled when the problem occurs; in code it is not taken for markup. */
function shown(template: string): string {
  return template
    .replaceAll(/(?<!`)<(\w+)>/g, '&lt;$1&gt;')
    .replaceAll(/(^|[^`\w]){(\w+)}/g, '$1*$2*')
    .replaceAll(/`[^`]*`/g, (code) => code.replaceAll('*', ''))
}

function section(code: string, problem: ProblemDefinition): string {
  return page(
    `### ${code}`,
    `**${problem.title}.** ${shown(problem.message)}`,
    `What to do: ${shown(problem.advice)}`,
    `Class: ${problem.class}.${problem.status === undefined ? '' : ` HTTP status: ${problem.status}.`}`,
  ).trimEnd()
}

/** docs/reference/problems.md */
export function problemsPage(): string {
  return page(
    '# Problems',
    generatedNote,
    'Everything that can go wrong has a code that never changes its meaning. Error files, receipts, the API and the log all name it. `sluice explain CODE` prints what stands here. Words in *italics* are filled in when it happens.',
    table(['class', 'what it means'], Object.entries(classes)),
    ...areas.flatMap(({ title, about, problems }) => [
      `## ${title}`,
      about,
      ...Object.entries(problems).map(([code, definition]) => section(code, definition)),
    ]),
  )
}
