// The words of a message: subject, sentences, facts, what to do and where to look. Text and HTML are readings of it. Pure.
import { toCounters } from '../law.ts'
import { approvalLetter } from './approvalNews.ts'
import { logKinds } from '../logKinds.ts'
import { runName } from '../names.ts'
import { fill, type ProblemDetails } from '../problem.ts'
import { adviceFor } from '../problems.ts'
import { runMachine } from '../run.ts'
import type { Letter } from './letterParts.ts'
import { failedPercent, type Cause, type News, type RunNews } from './news.ts'

const number = (value: number): string => value.toLocaleString('en-US')
const percent = (value: number): string => `${(Math.round(value * 10) / 10).toLocaleString('en-US')} %`

/** What a person is told; `base`: the address people reach this Sluice at, without a slash at the end. */
export function letterFor(news: News, cause: Cause, base: string | null): Letter {
  const { run, job, namespace, approval } = news
  if (approval !== undefined) {
    const about = [...(run === null ? [] : runFacts(run)), ...placeFacts(namespace)]
    const { problem } = news
    const why = problem === null || problem.code === 'approval.every_run' ? null : problem.message
    return approvalLetter(approval, { job: job ?? 'a job', namespace, base, about, why })
  }
  return {
    subject: `Sluice: ${subjectOf(news, cause)}`,
    paragraphs: [sentenceOf(news, cause), ...(news.problem === null ? [] : [adviceFor(news.problem)])],
    facts: [
      ...(job === null ? [] : [['Job', job] as const]),
      ...(run === null ? [] : runFacts(run)),
      ...placeFacts(namespace),
    ],
    ...waysOn(news, cause, base),
  }
}

/** Where there is more to see. */
function waysOn(
  { run, job, namespace }: News,
  cause: Cause,
  base: string | null,
): Pick<Letter, 'command' | 'link' | 'opens'> {
  const page = `${base}/n/${namespace}`
  if (cause === 'threshold' && job !== null)
    return {
      command: `sluice job activity "${job}"`,
      link: base === null ? null : `${page}/jobs/${encodeURIComponent(job)}`,
      opens: 'Open the job',
    }
  if (run === null) return { command: null, link: null }
  const name = runName(run.id)
  return { command: `sluice run show ${name}`, link: base === null ? null : `${page}/runs/${name}` }
}

function placeFacts(namespace: string): [string, string][] {
  return namespace === 'main' ? [] : [['Namespace', namespace]]
}

function subjectOf(news: News, cause: Cause): string {
  const { kind, run } = news
  const job = news.job ?? 'a job'
  const name = run === null ? '' : ` (${runName(run.id)})`
  switch (cause) {
    case 'recovered':
      return `${job} works again${name}`
    case 'failed_share':
      return `${job}: ${percent(failedPercent(run!))} of the records failed${name}`
    case 'silence':
      return kind === 'file_missing' ? `no file arrived for ${job}` : `${job} did not run`
    case 'quota':
      return kind === 'quota_reached' ? 'the quota of the month is used up' : sentenceOfKind(news)
    case 'threshold':
      return `${job}: ${String(news.details['counter'])} per ${String(news.details['per'])} is ${logKinds[kind].label.toLowerCase()}`
    case 'test':
      return 'this is a test'
    // What is about an approval has words of its own.
    case 'approval':
    case 'decision':
    case 'trouble':
    case 'run':
      if (kind === 'job_halted') return `${job} was halted`
      if (kind === 'stalled') return `${job} does not move${name}`
      return `${job}: ${run === null ? logKinds[kind].label.toLowerCase() : runMachine.states[run.state].label.toLowerCase()}${name}`
  }
}

function sentenceOf(news: News, cause: Cause): string {
  const { run, job } = news
  if (cause === 'test') return 'If you can read this, messages of Sluice reach you.'
  if (cause === 'recovered') return `${job} had been in trouble; its last run went well.`
  if (cause === 'failed_share')
    return `More records failed than the ${job} job allows without telling you. The others went in.`
  if (news.problem !== null) return news.problem.message
  return run === null ? sentenceOfKind(news) : runMachine.states[run.state].doc
}

function sentenceOfKind({ kind, details, problem }: News): string {
  return fill(logKinds[kind].message, { ...(details as ProblemDetails), problem: problem?.message ?? '' })
}

function runFacts(run: RunNews): [string, string][] {
  const facts: [string, string][] = [['Run', `${runName(run.id)}, the ${ordinal(run.number)} of its job`]]
  if (run.file !== null) facts.push(['File', run.file])
  if (run.total !== null) {
    const { finished, skipped, failed, left } = toCounters(run.counters, run.total)
    facts.push([
      'Records',
      `${number(run.total)} = ${number(finished.total)} finished + ${number(skipped.total)} skipped + ${number(failed.total)} failed${left === 0 ? '' : ` + ${number(left)} not done`}`,
    ])
    if (finished.total > 0) {
      const parts = Object.entries(finished).filter(([key, count]) => key !== 'total' && count > 0)
      facts.push(['Finished', parts.map(([key, count]) => `${number(count)} ${key}`).join(', ')])
    }
  }
  if (run.startedAt !== null) facts.push(['Began', time(run.startedAt)])
  if (run.endedAt !== null) facts.push(['Ended', time(run.endedAt)])
  return facts
}

const time = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`

function ordinal(n: number): string {
  const ending = n % 100 >= 11 && n % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th')
  return `${n}${ending}`
}

/** Plain text, as most mail programs of servers show it. */
export function letterText({ paragraphs, facts, command, link }: Letter): string {
  const width = Math.max(0, ...facts.map(([name]) => name.length))
  const lines = facts.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`)
  const ways = [...(command === null ? [] : [`  ${command}`]), ...(link === null ? [] : [`  ${link}`])]
  const parts = [...paragraphs, lines.join('\n'), ways.length === 0 ? '' : `See more:\n${ways.join('\n')}`]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

/** HTML without pictures, scripts or anything from elsewhere; every value is escaped. */
export function letterHtml(letter: Letter): string {
  const { subject, paragraphs, facts, command, link, opens = 'Open the run' } = letter
  const rows = facts.map(
    ([name, value]) =>
      `<tr><td style="padding:4px 16px 4px 0;color:#667085;white-space:nowrap;vertical-align:top">${escapeHtml(name)}</td><td style="padding:4px 0">${escapeHtml(value)}</td></tr>`,
  )
  const ways = [
    ...(link === null ? [] : [`<p><a href="${escapeHtml(link)}">${escapeHtml(opens)}</a></p>`]),
    ...(command === null
      ? []
      : [
          `<p style="color:#667085">or type <code style="background:#f2f4f7;padding:2px 6px;border-radius:4px">${escapeHtml(command)}</code></p>`,
        ]),
  ]
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(subject)}</title></head><body style="font:15px/1.5 system-ui,sans-serif;color:#101828;max-width:600px;margin:24px auto;padding:0 16px"><h1 style="font-size:18px;margin:0 0 12px">${escapeHtml(subject.replace(/^Sluice: /, ''))}</h1>${paragraphs.map((text) => `<p>${escapeHtml(text)}</p>`).join('')}<table style="border-collapse:collapse;margin:16px 0">${rows.join('')}</table>${ways.join('')}</body></html>`
}

function escapeHtml(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  }
  return text.replace(/[&<>"']/g, (char) => entities[char]!)
}

/** Several letters to one person in one. */
export function digestOf(letters: readonly Letter[]): Letter {
  if (letters.length === 1) return letters[0]!
  return {
    subject: `Sluice: ${letters.length} messages`,
    paragraphs: letters.map(({ subject, paragraphs }) =>
      [subject.replace(/^Sluice: /, ''), ...paragraphs].join(' – '),
    ),
    facts: [],
    command: 'sluice runs',
    link: letters.find(({ link }) => link !== null)?.link ?? null,
  }
}
