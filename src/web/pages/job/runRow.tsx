// One run of a job: number, start, time, state, what became of its records, and its files.
import { ActionIcon, Group, Progress, Table, Text, Tooltip } from '@mantine/core'
import { IconFileAlert, IconFileCheck, IconFileText } from '@tabler/icons-react'
import type { Download, RunView } from '../../../client/index.ts'
import { triggers, type Trigger } from '../../../core/triggers.ts'
import { count, duration, percent } from '../../lib/numbers.ts'
import { useMay, useNamespace } from '../../lib/place.ts'
import { Go } from '../../parts/go.tsx'
import { StateBadge } from '../../parts/state.tsx'
import { When } from '../../parts/when.tsx'

interface RunRowProps {
  readonly view: RunView
  readonly zone: string
}

export function RunRow({ view, zone }: RunRowProps) {
  const namespace = useNamespace()
  const { run, seconds } = view
  const why = run.dryRun ? 'a dry run: nothing is written' : triggers[run.trigger as Trigger]
  return (
    <Table.Tr>
      <Table.Td>
        <Go to={`/n/${namespace}/runs/${run.id}`} fw={600} className="numbers">
          {run.id}
        </Go>
        <Text size="sm" c="dimmed" className="numbers">
          {run.settled ? `No. ${count(run.number)}` : 'Running'}
        </Text>
      </Table.Td>
      <Table.Td data-wide>
        <When at={run.startedAt ?? run.createdAt} zone={zone} />
        <Text size="sm" c="dimmed">
          {why}
          {run.by !== null && `: ${run.by}`}
        </Text>
      </Table.Td>
      <Table.Td data-number data-label="Run time" className="numbers">
        {run.startedAt === null ? '–' : duration(seconds.all)}
      </Table.Td>
      <Table.Td data-wide miw={190} maw={320}>
        <Stand view={view} />
      </Table.Td>
      <Table.Td data-number data-label="Records" miw={150}>
        <Records view={view} />
      </Table.Td>
      <Table.Td data-number data-label="Failed">
        <Failed view={view} />
      </Table.Td>
      <Table.Td>
        <Files view={view} />
      </Table.Td>
    </Table.Tr>
  )
}

/** The state, in the words of the namespace's dialect, with why or how far. */
function Stand({ view: { run, words, counters } }: { readonly view: RunView }) {
  const share = run.settled || !counters.total ? null : counters.read / counters.total
  const says = run.problem?.message ?? run.waits
  return (
    <>
      <StateBadge of="run" state={run.state} word={words?.state} label={run.label} dryRun={run.dryRun} />
      {share !== null && (
        <Progress mt={6} value={100 * share} size="sm" aria-label={`Read ${percent(share)} of the records`} />
      )}
      {says !== null && (
        <Tooltip label={says} multiline maw={420}>
          <Text size="sm" c="dimmed" mt={2} lineClamp={2} style={{ overflowWrap: 'anywhere' }}>
            {says}
          </Text>
        </Tooltip>
      )}
    </>
  )
}

const outcomes = ['created', 'updated', 'unchanged', 'merged', 'deleted', 'restored'] as const

/** How many there are, and what became of them in a few words; those of the vendor where one is chosen. */
function Records({ view: { counters, words } }: { readonly view: RunView }) {
  const { total, read, finished, skipped } = counters
  const vendor = words?.counts.filter(({ unit, value }) => unit === 'records' && value > 0)
  const ours = [
    ...outcomes.map((name) => [name, finished[name] ?? 0] as const),
    ['skipped', skipped.total] as const,
    ['waiting', counters.new + counters.waiting + counters.retry] as const,
  ].filter(([, value]) => value > 0)
  const parts =
    vendor?.map(({ label, value }) => `${count(value)} ${label.toLowerCase()}`) ??
    ours.map(([label, value]) => `${count(value)} ${label}`)
  return (
    <>
      <Text className="numbers">{total === null && read === 0 ? '–' : count(total ?? read)}</Text>
      {parts.length > 0 && (
        <Text size="sm" c="dimmed">
          {parts.map((part) => (
            <span key={part} className="numbers" style={{ display: 'block' }}>
              {part}
            </span>
          ))}
        </Text>
      )}
    </>
  )
}

/** With the way to the records, and the error file where the viewer may have it. */
function Failed({ view }: { readonly view: RunView }) {
  const namespace = useNamespace()
  const mayDownload = useMay('download_personal')
  const { run, counters, rates, downloads } = view
  const failed = counters.failed.total
  if (failed === 0) return <Text c="dimmed">{counters.read === 0 ? '–' : '0'}</Text>
  const errors = downloads.find(({ name }) => name === 'errors')
  return (
    <>
      <Go to={`/n/${namespace}/records?run=${run.id}&state=failed`} className="numbers">
        {count(failed)}
      </Go>
      <Group gap={4} justify="flex-end" wrap="nowrap">
        <Text size="sm" c="dimmed" className="numbers">
          {percent((rates.failedPercent ?? 0) / 100)}
        </Text>
        {mayDownload && errors !== undefined && errors.available && (
          <FileLink download={errors} label="Error file" icon={<IconFileAlert size={16} />} />
        )}
      </Group>
    </>
  )
}

function Files({ view: { downloads } }: { readonly view: RunView }) {
  const mayDownload = useMay('download_personal')
  const of = (name: Download['name']): Download | undefined =>
    downloads.find((one) => one.name === name && one.available)
  const [log, processed] = [of('log'), of('processed')]
  return (
    <Group gap={4} wrap="nowrap">
      {log !== undefined && <FileLink download={log} label="Log" icon={<IconFileText size={16} />} />}
      {mayDownload && processed !== undefined && (
        <FileLink download={processed} label="Processed file" icon={<IconFileCheck size={16} />} />
      )}
    </Group>
  )
}

interface FileLinkProps {
  readonly download: Download
  readonly label: string
  readonly icon: React.ReactNode
}

function FileLink({ download, label, icon }: FileLinkProps) {
  return (
    <Tooltip label={`Download: ${label.toLowerCase()}`}>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={`Download: ${label.toLowerCase()}`}
        component="a"
        href={download.href}
        download
      >
        {icon}
      </ActionIcon>
    </Tooltip>
  )
}
