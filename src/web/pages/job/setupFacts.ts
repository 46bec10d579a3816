// The setup of a job as labels and words: source, reading, schedule, writing, failures, limits, and whom it tells.
import type { JobDetail } from '../../../client/index.ts'
import { folderSchema } from '../../../core/setup/source.ts'
import { quietText, scheduleSentence } from '../../../core/schedule/words.ts'
import { thresholdWords } from '../../../core/thresholdText.ts'
import { count, noun } from '../../lib/numbers.ts'
import { folderPath, minutesText, notifyWords } from './setupWords.ts'

export interface Fact {
  readonly label: string
  readonly value: string
  /** Signs and patterns, which are read letter by letter. */
  readonly code?: boolean
}

type Job = Pick<JobDetail, 'setup' | 'definition' | 'provider' | 'zone' | 'mapped' | 'sample' | 'lane'>

/** Parts without anything to say are left out. */
export function factsAbout(job: Job): { readonly title: string; readonly facts: readonly Fact[] }[] {
  const parts = [
    { title: 'Source', facts: sourceFacts(job) },
    ...(job.mapped ? [{ title: 'How files are read', facts: dialectFacts(job) }] : []),
    { title: 'Schedule', facts: scheduleFacts(job) },
    { title: 'Writing', facts: writingFacts(job) },
    { title: 'When something goes wrong', facts: failureFacts(job) },
    { title: 'Held for a look', facts: breakerFacts(job) },
    { title: 'Notifications', facts: notifyFacts(job) },
  ]
  return parts
}

function fact(label: string, value: string): Fact {
  return { label, value }
}

/** The words of a setting of a folder, as its form has them. */
function titleOf(name: keyof typeof folderSchema.shape): string {
  return folderSchema.shape[name].meta()?.title ?? name
}

function sourceFacts({ setup: { source, skipSeen }, provider, sample }: Job): Fact[] {
  const more = [
    ...(skipSeen ? [fact('Leaves out', 'lines that the run before delivered')] : []),
    ...(sample === null ? [] : [fact('Sampled from', sample.file)]),
  ]
  if (source.kind === 'upload') return [fact('Provider', provider.title), ...more]
  if (source.kind === 'profiles')
    return [
      fact('Provider', provider.title),
      fact('Who', source.where.length === 0 ? 'everybody' : source.where.join(' and ')),
      ...more,
    ]
  const { take, marker, onArrival, maxAgeHours, expectedBy, part } = source
  return [
    fact('Provider', provider.title),
    { label: 'Files', value: folderPath(source), code: true },
    fact(titleOf('take'), take === 'newest' ? 'the newest alone' : 'every new one, oldest first'),
    ...(onArrival ? [fact('Starts', 'as soon as a file has arrived')] : []),
    ...(marker === null ? [] : [{ label: titleOf('marker'), value: marker, code: true }]),
    ...(part === null ? [] : [fact(titleOf('part'), part)]),
    ...(maxAgeHours === null ? [] : [fact(titleOf('maxAgeHours'), noun(maxAgeHours, 'hour'))]),
    ...(expectedBy === null ? [] : [fact(titleOf('expectedBy'), expectedBy)]),
    ...more,
  ]
}

/** Signs that cannot be seen, by their names. */
const signs: Readonly<Record<string, string>> = {
  ',': 'comma',
  ';': 'semicolon',
  '\t': 'tab',
  '|': 'bar',
  ' ': 'space',
}

function dialectFacts({ definition: { dialect, columns } }: Job): Fact[] {
  const { format, encoding, delimiter, quote, headerLines, skipLines, trailerLines, onBad } = dialect
  const csv =
    format === 'csv'
      ? [
          fact('Between fields', signs[delimiter] ?? delimiter),
          fact('Around fields', quote === '' ? 'nothing' : quote),
          fact('Header', headerLines === 0 ? 'none' : noun(headerLines, 'line')),
        ]
      : []
  return [
    fact('Format', format === 'rows' ? 'rows of cells' : format.toUpperCase()),
    fact('Encoding', encoding),
    ...csv,
    ...(skipLines === 0 ? [] : [fact('Before the header', noun(skipLines, 'line'))]),
    ...(trailerLines === 0 ? [] : [fact('At the end', `${noun(trailerLines, 'line')} that are no records`)]),
    ...(onBad === 'pad' ? [fact('Wrong field count', 'filled up')] : []),
    fact('Columns', count(columns.length)),
  ]
}

function scheduleFacts({ setup: { schedule, after, staged, quiet }, zone, lane }: Job): Fact[] {
  const rhythm =
    schedule === null
      ? after === null
        ? [fact('Runs', 'when it is started')]
        : []
      : [
          fact('Runs', scheduleSentence(schedule, zone)),
          fact(
            'Missed runs',
            schedule.missed === 'run_once' ? 'one makes up for all of them' : 'are not made up',
          ),
          fact(
            'Still running',
            schedule.overlap === 'queue' ? 'the next one waits' : 'the next one is left out',
          ),
        ]
  const stages =
    staged === null
      ? []
      : [
          fact('Records wait', `processed every ${minutesText(staged.everyMinutes)}`),
          fact('At a time', staged.perRun === null ? 'all' : count(staged.perRun)),
        ]
  const hours = quiet === null ? [] : [fact('Quiet hours', quietText(quiet, zone))]
  return [...rhythm, ...hours, ...stages, fact('Lane', lane)]
}

const modes: Readonly<Record<JobDetail['definition']['policy']['mode'], string>> = {
  upsert: 'adds people and updates those who are there',
  create_only: 'only adds people',
  update_only: 'only updates people who are there',
  delete: 'deletes people',
  mirror: 'adds, updates, and deletes who is not in the file any more',
}
const severals = {
  merge: 'their profiles are merged',
  reject: 'the record is refused',
  highest: 'the strongest identifier decides',
} as const

function writingFacts({ definition: { policy } }: Job): Fact[] {
  return [
    fact('Mode', modes[policy.mode]),
    fact('Several people match', severals[policy.onSeveral]),
    fact('Twice in a file', policy.duplicates === 'last' ? 'the last row wins' : 'the first row wins'),
  ]
}

function failureFacts({ setup: { failure, recordRetry, approval } }: Job): Fact[] {
  const { reruns, rerunMinutes, errorWindowHours } = failure
  return [
    fact(
      'A failed attempt',
      reruns === 0
        ? 'is not repeated'
        : `is repeated ${noun(reruns, 'time')}, ${minutesText(rerunMinutes)} apart`,
    ),
    ...(errorWindowHours === null
      ? []
      : [fact('Halted after', `${noun(errorWindowHours, 'hour')} of failures without a success`)]),
    ...(recordRetry === null
      ? []
      : [
          fact(
            'Failed records',
            `${recordRetry.codes.join(', ')}: tried again ${noun(recordRetry.attempts, 'time')}, ${minutesText(recordRetry.everyMinutes)} apart`,
          ),
        ]),
    ...(approval === 'none'
      ? []
      : [
          fact(
            'Approval',
            approval === 'changes' ? 'somebody else approves changes' : 'somebody else approves every run',
          ),
        ]),
  ]
}

function breakerFacts({ definition: { breaker } }: Job): Fact[] {
  if (breaker === null) return [fact('Limits', 'none: no run is held')]
  const { rejectsPercent, rejectsMin, deletesMax, deletesPercent, rowsMinPercent, rowsMaxPercent } = breaker
  const deletes = [
    ...(deletesMax === null ? [] : [`more than ${count(deletesMax)}`]),
    ...(deletesPercent === null ? [] : [`more than ${deletesPercent} % of all`]),
  ]
  return [
    ...(rejectsPercent === null
      ? []
      : [fact('Rejected records', `more than ${rejectsPercent} %, and more than ${count(rejectsMin)}`)]),
    ...(deletes.length === 0 ? [] : [fact('People deleted', deletes.join(', or '))]),
    ...(rowsMinPercent === null && rowsMaxPercent === null
      ? []
      : [fact('Unusual size', `outside ${rowsMinPercent ?? 0} to ${rowsMaxPercent ?? '∞'} % of the usual`)]),
    ...(breaker.empty ? [fact('Empty file', 'yes')] : []),
    ...(breaker.columns ? [fact('Columns', 'missing, or not what they were')] : []),
  ]
}

function notifyFacts({ setup: { notify, thresholds } }: Job): Fact[] {
  const whom = [...notify.emails, ...notify.webhooks.map((name) => `webhook ${name}`)]
  return [
    ...(whom.length === 0
      ? [fact('Tells', 'nobody but those the namespace names')]
      : [fact('Tells', whom.join(', ')), fact('When', notifyWords[notify.when])]),
    ...(thresholds.length === 0 ? [] : [fact('Watches', thresholds.map(thresholdWords).join('; '))]),
  ]
}
