// What an undo does or did: what is given back, what stays and why, and whose records may count again.
import { Alert, Group, Stack, Text } from '@mantine/core'
import type { RunView } from '../../../client/index.ts'
import { adviceFor, definitionOf } from '../../../core/problems.ts'
import type { StoredUndo } from '../../../core/storedReports.ts'
import { adviceHere } from '../../lib/advice.ts'
import { count, noun } from '../../lib/numbers.ts'
import { commandOf, CopyCommand } from '../../parts/copyCommand.tsx'
import { Go } from '../../parts/go.tsx'
import { lostOf, undoOf } from './stored.ts'

const changing = [
  ['finished.updated', 'get values or identifiers back'],
  ['finished.deleted', 'removed: the run had made them'],
  ['finished.restored', 'restored: they were gone'],
  ['finished.merged', 'merged again'],
  ['finished.unchanged', 'nothing to give back'],
  ['skipped.kept', 'kept as they are'],
] as const

/** How many profiles change. */
export function changesOf({ counters }: StoredUndo): number {
  return changing.slice(0, 4).reduce((sum, [key]) => sum + (counters[key] ?? 0), 0)
}

export function UndoPlan({ view }: { readonly view: RunView }) {
  const undo = undoOf(view)
  if (undo === null) return null
  const lines = changing.filter(([key]) => (undo.counters[key] ?? 0) > 0)
  return (
    <Stack gap="md">
      <table className="run-sum">
        <tbody>
          {lines.map(([key, label]) => (
            <tr key={key} data-level="1">
              <th scope="row">{label}</th>
              <td className="numbers">{count(undo.counters[key] ?? 0)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th>Profiles</th>
            <td className="numbers">{count(view.counters.total ?? 0)}</td>
          </tr>
        </tfoot>
      </table>
      <Kept view={view} undo={undo} />
      <Lost view={view} />
    </Stack>
  )
}

function Kept({ view: { run }, undo }: { readonly view: RunView; readonly undo: StoredUndo }) {
  return Object.entries(undo.kept).map(([code, { count: profiles, examples }]) => {
    const by = /\br\d+\b/.exec(examples[0]?.message ?? '')?.[0] ?? 'that run'
    return (
      <Alert key={code} color="orange" title={`${noun(profiles, 'profile')}: ${definitionOf(code).title}`}>
        <Stack gap={4}>
          {examples.map(({ profile, identifier, message }) => (
            <Text key={profile} size="sm" style={{ overflowWrap: 'anywhere' }}>
              <Go to={`/n/${run.namespace}/profiles/${profile}`} size="sm">
                {identifier ?? `profile ${profile}`}
              </Go>
              : {message}
            </Text>
          ))}
          {profiles > examples.length && <Text size="sm">and {count(profiles - examples.length)} more</Text>}
          <Text size="sm">
            {adviceHere({ code, advice: adviceFor({ code, message: '', details: { by } }) })}
          </Text>
        </Stack>
      </Alert>
    )
  })
}

const losing: Readonly<Record<string, string>> = {
  superseded: 'lost to it',
  exists: 'were left out because of people it had made',
  already_processed: 'were left out because it, or a run like it, had delivered them',
}

/** Records that lost against the run that is undone count only when they are tried again. */
function Lost({ view }: { readonly view: RunView }) {
  return lostOf(view).map(({ run, reason, count: records }) => (
    <Group key={`${run}${reason}`} gap="xs">
      <Text>
        {noun(records, 'record')} of {run} {losing[reason] ?? reason}. To try them again afterwards:
      </Text>
      <CopyCommand command={commandOf(view.run.namespace, `records retry --run ${run} --reason ${reason}`)} />
    </Group>
  ))
}
