// What became of every record: numbers that add up before one's eyes, each leading to its records.
import { Group, Paper, Stack, Text, Title, Tooltip } from '@mantine/core'
import type { RunView } from '../../../client/index.ts'
import { count, noun, percent } from '../../lib/numbers.ts'
import { Go } from '../../parts/go.tsx'
import { recordsOf } from './links.ts'
import { addsUp, sumLines, type SumLine } from './sums.ts'
import { Verify } from './verify.tsx'

export function Numbers({ view }: { readonly view: RunView }) {
  const { run, counters } = view
  const lines = sumLines(view)
  const whole = counters.total ?? counters.read
  return (
    <Paper withBorder p="md" radius="lg" component="section" aria-labelledby="numbers">
      <Stack gap="sm">
        <Group justify="space-between" align="baseline" gap="xs">
          <Title order={2} id="numbers">
            {what(view)}
          </Title>
          <Verify view={view} sound={addsUp(lines, view)} />
        </Group>
        <Bar lines={lines} whole={whole} />
        <table className="run-sum">
          <thead className="run-hidden">
            <tr>
              <th>What became of them</th>
              <th>{noun(2, 'record').slice(2)}</th>
              <th>Share</th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <Row key={`${line.level}${line.key}`} line={line} whole={whole} to={linkOf(view, line)} />
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th>
                {counters.total === null ? 'Read so far' : run.trigger === 'undo' ? 'Profiles' : 'Records'}
              </th>
              <td className="numbers">{count(whole)}</td>
              <td />
            </tr>
          </tfoot>
        </table>
      </Stack>
    </Paper>
  )
}

function what({ run }: RunView): string {
  if (run.trigger === 'undo') return 'What became of the profiles'
  return run.settled ? 'What became of the records' : 'What becomes of the records'
}

function linkOf({ run }: RunView, { filter, count: records }: SumLine): string | null {
  return filter === null || records === 0 ? null : recordsOf(run.namespace, run.id, filter)
}

interface RowProps {
  readonly line: SumLine
  readonly whole: number
  readonly to: string | null
}

function Row({ line, whole, to }: RowProps) {
  const { label, level, colour, notes } = line
  return (
    <tr data-level={level} data-zero={line.count === 0 || undefined}>
      <th scope="row">
        {colour !== null && line.count > 0 && <Dot colour={colour} />}
        {to === null ? label : <Go to={to}>{label}</Go>}
        {notes.map(([name, records]) => (
          <Text key={name} size="sm" c="dimmed" fw={400}>
            {name}: {count(records)}
          </Text>
        ))}
      </th>
      <td className="numbers">{count(line.count)}</td>
      <td className="numbers">
        <Text span size="sm" c="dimmed" fw={400}>
          {line.count === 0 || whole === 0 ? '' : percent(line.count / whole)}
        </Text>
      </td>
    </tr>
  )
}

function Dot({ colour }: { readonly colour: string }) {
  return <span className="run-dot" style={{ background: paint(colour) }} aria-hidden />
}

const paint = (colour: string): string => `var(--mantine-color-${colour.replace('.', '-')})`

/** One strip, its parts as long as their counts; what is not read yet stays empty. */
function Bar({ lines, whole }: { readonly lines: readonly SumLine[]; readonly whole: number }) {
  if (whole === 0) return null
  const shown = lines.filter(({ colour, count: records }) => colour !== null && records > 0)
  const left = lines.find(({ key, level }) => level === 0 && key === 'left')?.count ?? 0
  const says = shown.map(({ label, count: records }) => `${label.toLowerCase()} ${count(records)}`)
  return (
    <div className="run-bar" role="img" aria-label={says.length === 0 ? 'Nothing read yet' : says.join(', ')}>
      {shown.map(({ key, label, colour, count: records }) => (
        <Tooltip key={key} label={`${label}: ${count(records)} (${percent(records / whole)})`}>
          <span style={{ flexGrow: records, flexBasis: 0, background: paint(colour!) }} />
        </Tooltip>
      ))}
      {left > 0 && <span style={{ flexGrow: left, flexBasis: 0 }} />}
    </div>
  )
}
