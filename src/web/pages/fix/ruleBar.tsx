// A fix for all rows of a cause: what is done, with what, to which column.
import { Button, Group, Paper, Select, Text, TextInput } from '@mantine/core'
import { useMemo, useState } from 'react'
import type { RunErrors } from '../../../client/index.ts'
import { count, noun } from '../../lib/numbers.ts'
import { useNamespace } from '../../lib/place.ts'
import { ruleKinds, stepsOf, type RuleKind } from './ruleKinds.ts'
import { changedBy, type FixesState } from './useFixes.ts'
import { useRejects } from './useRejects.ts'

interface RuleBarProps {
  readonly run: string
  readonly cause: RunErrors['causes'][number]
  readonly state: FixesState
}

interface Asked {
  readonly code: string
  readonly column: string | null
  readonly kind: RuleKind
  readonly words: readonly [string, string]
}

/** The rule as it is typed; null while something is missing. */
function useRule({ code, column, kind, words: [one, two] }: Asked) {
  return useMemo(() => {
    const steps = stepsOf(kind, [one, two])
    return column === null || steps === null ? null : { cause: { code }, column, steps }
  }, [kind, one, two, column, code])
}

export function RuleBar({ run, cause, state }: RuleBarProps) {
  const { pages, columns, rows } = useRejects(useNamespace(), run, cause.code)
  const [chosen, setColumn] = useState<string | null>(null)
  const [kind, setKind] = useState<RuleKind>('replace')
  const [words, setWords] = useState<readonly [string, string]>(['', ''])
  const column = chosen ?? rows[0]?.column ?? columns[0] ?? null
  const rule = useRule({ code: cause.code, column, kind, words })
  const changes = useMemo(
    () => (rule === null ? null : changedBy(state.fixes, rule, columns, rows)),
    [rule, state.fixes, columns, rows],
  )
  const apply = (): void => {
    if (rule === null) return
    state.addRule(rule)
    setWords(['', ''])
  }
  return (
    <Paper
      withBorder
      p="md"
      component="form"
      onSubmit={(sent) => {
        sent.preventDefault()
        apply()
      }}
    >
      <Group align="flex-end" gap="sm">
        <Select
          label="In the column"
          w={200}
          data={[...columns]}
          value={column}
          onChange={setColumn}
          searchable
        />
        <Select
          label="of every row here"
          w={230}
          data={Object.entries(ruleKinds).map(([value, { label }]) => ({ value, label }))}
          value={kind}
          allowDeselect={false}
          onChange={(next) => next !== null && setKind(next as RuleKind)}
        />
        <Words
          kind={kind}
          words={words}
          setWords={setWords}
          columns={columns.filter((one) => one !== column)}
        />
        <Button type="submit" variant="light" disabled={rule === null || changes === 0}>
          Apply to all {count(cause.count)}
        </Button>
      </Group>
      <Text size="sm" c="dimmed" mt="xs" role="status">
        {changes === null ? '' : preview(changes, rows.length, pages.hasNextPage)}
      </Text>
    </Paper>
  )
}

function preview(changes: number, rows: number, more: boolean): string {
  return `It changes ${count(changes)} of the ${more ? 'first ' : ''}${noun(rows, 'row')}${more ? '; the others are looked at when it is checked' : ''}.`
}

interface WordsProps {
  readonly kind: RuleKind
  readonly words: readonly [string, string]
  readonly setWords: (words: readonly [string, string]) => void
  /** The other columns. */
  readonly columns: readonly string[]
}

/** What the chosen fix needs to know. */
function Words({ kind, words: [one, two], setWords, columns }: WordsProps) {
  const { first, second } = ruleKinds[kind]
  return (
    <>
      {first === 'column' && (
        <Select
          label="Column"
          w={200}
          data={[...columns]}
          value={one === '' ? null : one}
          onChange={(next) => setWords([next ?? '', ''])}
        />
      )}
      {first !== null && first !== 'column' && (
        <TextInput
          label={first}
          w={200}
          value={one}
          onChange={({ currentTarget }) => setWords([currentTarget.value, two])}
        />
      )}
      {second !== null && (
        <TextInput
          label={second}
          w={180}
          value={two}
          onChange={({ currentTarget }) => setWords([one, currentTarget.value])}
        />
      )}
    </>
  )
}
