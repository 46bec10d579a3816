// About a run: where its records came from, when what took how long, and what a vendor calls it.
import { Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import type { RunView } from '../../../client/index.ts'
import { triggers } from '../../../core/triggers.ts'
import { bytes, count, duration } from '../../lib/numbers.ts'
import { Go } from '../../parts/go.tsx'
import { When } from '../../parts/when.tsx'
import { jobPage, runPage } from './links.ts'

type Fact = readonly [label: string, value: ReactNode]

export function Facts({ view }: { readonly view: RunView }) {
  return (
    <>
      <FactList title="About this run" facts={about(view)} />
      <FactList title="Fetch and process" facts={phases(view)} />
      {view.words !== null && (
        <FactList title={`In words of ${view.words.vendor}`} facts={vendor(view.words)} />
      )}
    </>
  )
}

function FactList({ title, facts }: { readonly title: string; readonly facts: readonly Fact[] }) {
  if (facts.length === 0) return null
  return (
    <section>
      <Title order={2} size="h4" mb="xs">
        {title}
      </Title>
      <dl className="run-facts">
        {facts.map(([label, value]) => (
          <Fact key={label} label={label} value={value} />
        ))}
      </dl>
    </section>
  )
}

function Fact({ label, value }: { readonly label: string; readonly value: ReactNode }) {
  return (
    <>
      <Text component="dt" size="sm">
        {label}
      </Text>
      <Text component="dd" size="sm">
        {value}
      </Text>
    </>
  )
}

function about({ run }: RunView): Fact[] {
  const why = (triggers as Readonly<Record<string, string>>)[run.trigger] ?? run.trigger
  const facts: Fact[] = [
    [
      'Job',
      <Go key="job" to={jobPage(run.namespace, run.job)}>
        {run.job}
      </Go>,
    ],
    ['Why', run.by === null ? why : `${why}: ${run.by}`],
  ]
  if (run.file !== null && run.reverts === null)
    facts.push(['File', run.file.name], ['Size', bytes(run.file.originalBytes)])
  if (run.dueAt !== null) facts.push(['Due', <When key="due" at={run.dueAt} zone={run.zone} />])
  if (run.startedAt === null)
    facts.push(['Created', <When key="created" at={run.createdAt} zone={run.zone} />])
  else facts.push(['Started', <When key="started" at={run.startedAt} zone={run.zone} seconds />])
  if (run.endedAt !== null)
    facts.push(['Ended', <When key="ended" at={run.endedAt} zone={run.zone} seconds />])
  if (run.lane !== 'main') facts.push(['Lane', run.lane])
  if (run.mappingFrom !== null)
    facts.push([
      'Mapping of',
      <Go key="mapping" to={runPage(run.namespace, run.mappingFrom)}>
        {run.mappingFrom}
      </Go>,
    ])
  if (run.undoableUntil !== null && run.revertedBy === null)
    facts.push([
      'Can be undone',
      <>
        until <When at={run.undoableUntil} zone={run.zone} tight />
      </>,
    ])
  return facts
}

const fetchWords = { fetching: 'Fetching', fetched: 'Fetched', failed: 'Failed' } as const
const processWords = { processing: 'Processing', processed: 'Processed', failed: 'Failed' } as const

/** Two phases with states and times of their own (BS-12 to BS-18). */
function phases({ run, seconds, rates }: RunView): Fact[] {
  const facts: Fact[] = []
  if (run.fetch !== null && run.trigger !== 'undo' && run.trigger !== 'mirror')
    facts.push(
      ['Fetch', fetchWords[run.fetch.status]],
      ['Fetch started', <When key="from" at={run.fetch.startedAt} zone={run.zone} tight seconds />],
      ['Fetch ended', <When key="to" at={run.fetch.endedAt} zone={run.zone} tight seconds />],
    )
  if (run.process !== null) facts.push(['Process', processWords[run.process]])
  const took = seconds.validating + seconds.importing + seconds.processing
  if (took > 0) facts.push(['Processed in', duration(took)])
  if (seconds.all > 0) facts.push(['All together', duration(seconds.all)])
  if (rates.recordsPerSecond !== null) facts.push(['Rate', `${count(rates.recordsPerSecond)} records/s`])
  if (rates.failedPercent !== null && run.settled) facts.push(['Failed', `${rates.failedPercent} %`])
  return facts
}

function vendor(words: NonNullable<RunView['words']>): Fact[] {
  const phase = [words.fetch, words.process].filter((one) => one !== null).join(', ')
  return [
    ['Status', phase === '' ? words.state : `${words.state} (${phase})`],
    ...words.counts.map(({ label, value, unit }): Fact => [
      label,
      unit === 'percent' ? `${value} %` : count(value),
    ]),
  ]
}
