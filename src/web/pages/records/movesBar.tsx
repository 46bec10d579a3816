// What can be done with the selection: “Retry N”, “Skip N” (AL-22, AL-23), and “Settle N” where any wait for an answer.
import { Button, Group, Loader, Paper, Text, Tooltip } from '@mantine/core'
import { IconPlayerSkipForward, IconRefresh, IconSquareCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { RecordView } from '../../../client/index.ts'
import { count, noun } from '../../lib/numbers.ts'
import { useNamespace } from '../../lib/place.ts'
import { ProblemAlert } from '../../parts/problem.tsx'
import { isEmpty, isLegal, nothing, type MoveName, type Selection } from './selection.ts'
import { order, verbs, type Choice } from './useMoves.tsx'

interface MovesBarProps {
  readonly records: readonly RecordView[]
  readonly selection: Selection
  readonly select: (selection: Selection) => void
  readonly selectAll: () => void
  /** Whether more match than are on the page. */
  readonly more: boolean
  readonly counting: MoveName | null
  readonly move: (move: MoveName, choice: Choice) => void
}

export function MovesBar(props: MovesBarProps) {
  const { selection } = props
  if (isEmpty(selection)) return null
  return (
    <Paper
      withBorder
      p="xs"
      px="sm"
      pos="sticky"
      top={64}
      style={{ zIndex: 5, borderColor: 'var(--mantine-primary-color-filled)' }}
      role="region"
      aria-label="Selected records"
    >
      {selection.kind === 'some' ? (
        <SomeSelected {...props} ids={selection.ids} />
      ) : (
        <AllSelected {...props} filter={selection.filter} />
      )}
    </Paper>
  )
}

function SomeSelected(props: MovesBarProps & { readonly ids: ReadonlySet<string> }) {
  const { records, ids, selectAll, more, select } = props
  const chosen = records.filter(({ id }) => ids.has(id))
  const whole = chosen.length === records.length
  return (
    <Group justify="space-between" gap="sm">
      <Group gap="xs">
        <Text fw={600} aria-live="polite">
          {noun(ids.size, 'record')} selected
        </Text>
        {whole && more && (
          <Button variant="subtle" size="compact-sm" onClick={selectAll}>
            Select all that match
          </Button>
        )}
      </Group>
      <Buttons
        {...props}
        many={{
          retry: chosen.filter((record) => isLegal('retry', record)).length,
          skip: chosen.filter((record) => isLegal('skip', record)).length,
          settle: chosen.filter((record) => isLegal('settle', record)).length,
        }}
        choice={{ ids: [...ids] }}
        clear={() => select(nothing)}
      />
    </Group>
  )
}

type Filter = Extract<Selection, { kind: 'all' }>['filter']

/** The server takes them together at one instant, and counts what that is. */
function AllSelected(props: MovesBarProps & { readonly filter: Filter }) {
  const { filter, select } = props
  const namespace = useNamespace()
  const counted = useQuery({
    queryKey: ['recordsCounted', namespace, filter],
    queryFn: async ({ signal }) => {
      const retry = await order(namespace, 'retry', { filter }, true, signal)
      const skip = await order(namespace, 'skip', { filter, asOf: retry.asOf }, true, signal)
      const settle = await order(namespace, 'settle', { filter, asOf: retry.asOf }, true, signal)
      const left = skip.left.reduce((sum, one) => sum + one.count, 0)
      const all = skip.changed + left
      return { asOf: retry.asOf, all, retry: retry.changed, skip: skip.changed, settle: settle.changed }
    },
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
  })
  if (counted.error !== null)
    return <ProblemAlert error={counted.error} again={() => void counted.refetch()} />
  return (
    <Group justify="space-between" gap="sm">
      <Group gap="xs" aria-live="polite">
        {counted.data === undefined ? (
          <>
            <Loader size="xs" />
            <Text>Counting all that match…</Text>
          </>
        ) : (
          <Text fw={600}>All {noun(counted.data.all, 'record')} that match are selected</Text>
        )}
      </Group>
      <Buttons
        {...props}
        many={counted.data ?? null}
        choice={{ filter, asOf: counted.data?.asOf }}
        clear={() => select(nothing)}
      />
    </Group>
  )
}

interface ButtonsProps extends MovesBarProps {
  /** Of how many it is legal; null: not counted yet. */
  readonly many: Readonly<Record<MoveName, number>> | null
  readonly choice: Choice
  readonly clear: () => void
}

const illegal: Readonly<Record<MoveName, string>> = {
  retry: 'Only finished, failed and skipped records can be retried, and none that were retried since.',
  skip: 'Only records that are new or wait for another try can be skipped.',
  settle: 'Only records that wait for an answer from outside can be settled.',
}

const icons = { retry: IconRefresh, skip: IconPlayerSkipForward, settle: IconSquareCheck } as const

const moveNames = ['retry', 'skip', 'settle'] as const

function Buttons({ many, choice, clear, counting, move }: ButtonsProps) {
  return (
    <Group gap="xs">
      {moveNames
        .filter((name) => name !== 'settle' || (many !== null && many.settle > 0))
        .map((name) => {
          const Icon = icons[name]
          return (
            <Tooltip
              key={name}
              label={illegal[name]}
              multiline
              maw={300}
              disabled={many === null || many[name] > 0}
            >
              <Button
                size="xs"
                variant={name === 'retry' ? 'filled' : 'default'}
                leftSection={<Icon size={15} aria-hidden />}
                loading={counting === name}
                data-disabled={many === null || many[name] === 0 || undefined}
                aria-disabled={many === null || many[name] === 0}
                onClick={() => {
                  if (many !== null && many[name] > 0) move(name, choice)
                }}
              >
                {verbs[name]} {many === null ? '…' : count(many[name])}
              </Button>
            </Tooltip>
          )
        })}
      <Button size="xs" variant="subtle" color="gray" onClick={clear}>
        Clear
      </Button>
    </Group>
  )
}
