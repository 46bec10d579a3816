// A fix for all rows of a cause: what is done, with what, to which column, and what that would change.
import { Button, Code, Group, Paper, Select, Text, TextInput } from '@mantine/core'
import { useMemo, useState } from 'react'
import type { FixesCount } from '../../../client/index.ts'
import { count, noun } from '../../lib/numbers.ts'
import { ruleKinds, stepsOf, type RuleKind } from './ruleKinds.ts'
import type { FixesState } from './useFixes.ts'
import { useFixesCount } from './useFixesCount.ts'
import { useRejects, type RejectList } from './useRejects.ts'

interface RuleBarProps {
  readonly list: RejectList
  readonly state: FixesState
}

type Words = readonly [first: string, second: string]

export function RuleBar({ list, state }: RuleBarProps) {
  const asked = useAsked(list)
  const { columns, column, kind, words, rule, become, setWords } = asked
  const fixes = useMemo(
    () => (rule === null ? null : { ...state.fixes, rules: [...state.fixes.rules, rule] }),
    [state.fixes, rule],
  )
  const { found, error } = useFixesCount(list.run, fixes)
  const apply = (): void => {
    if (rule === null || found === null || found.last === 0) return
    state.addRule(rule)
    setWords(['', ''])
  }
  return (
    <Paper
      withBorder
      p="md"
      component="form"
      aria-label="A fix for many rows"
      onSubmit={(sent) => {
        sent.preventDefault()
        apply()
      }}
    >
      <Group align="flex-end" gap="sm">
        <Select
          label="In the column"
          w={{ base: '100%', xs: 180 }}
          data={[...columns]}
          value={column}
          onChange={(next) => become({ column: next })}
          allowDeselect={false}
          searchable
        />
        <Select
          label="of every row here"
          w={{ base: '100%', xs: 220 }}
          data={Object.entries(ruleKinds).map(([value, { label }]) => ({ value, label }))}
          value={kind}
          allowDeselect={false}
          onChange={(next) => next !== null && become({ kind: next as RuleKind })}
        />
        <AskedWords {...{ kind, words, setWords }} columns={columns.filter((one) => one !== column)} />
        <Button type="submit" variant="light" disabled={found === null || found.last === 0}>
          {found === null || found.last === 0 ? 'Apply' : `Apply to ${noun(found.last, 'row')}`}
        </Button>
      </Group>
      <Preview found={found} error={error} asked={rule !== null} open={list.count} />
    </Paper>
  )
}

/** What is chosen and typed; the rule is null while something is missing. */
function useAsked(list: RejectList) {
  const { columns, row } = useRejects(list)
  const [chosen, setChosen] = useState<{ readonly column: string | null; readonly kind: RuleKind }>({
    column: null,
    kind: 'replace',
  })
  const [words, setWords] = useState<Words>(['', ''])
  const column = chosen.column ?? row(0)?.column ?? columns[0] ?? null
  const { kind } = chosen
  const rule = useMemo(() => {
    const steps = stepsOf(kind, words)
    return column === null || steps === null ? null : { cause: { code: list.code }, column, steps }
  }, [kind, words, column, list.code])
  const become = (next: Partial<typeof chosen>): void => {
    setChosen({ ...chosen, ...next })
    if (next.kind !== undefined) setWords(['', ''])
  }
  return { columns, column, kind, words, rule, become, setWords }
}

interface PreviewProps {
  readonly found: FixesCount | null
  readonly error: unknown
  /** Whether there is a whole rule to be counted. */
  readonly asked: boolean
  /** Rows of this cause. */
  readonly open: number
}

function Preview({ found, error, asked, open }: PreviewProps) {
  const said = !asked
    ? 'Nothing is changed before you apply it, and it can be taken back.'
    : error !== null
      ? 'This cannot be tried; look at what is typed.'
      : found === null
        ? 'Looking …'
        : changes(found, open)
  return (
    <Group gap="xs" mt="xs" mih={24}>
      <Text size="sm" c="dimmed" role="status">
        {said}
      </Text>
      {(found?.examples ?? []).slice(0, 2).map(({ line, before, after }) => (
        <Text key={line} size="sm" c="dimmed" component="span" truncate maw="100%">
          <Code>{short(before)}</Code> → <Code>{short(after)}</Code>
        </Text>
      ))}
    </Group>
  )
}

function changes({ last, looked, complete }: FixesCount, open: number): string {
  if (!complete)
    return `Changes ${count(last)} among the first ${noun(looked, 'row')} of the error file; the others are looked at when it is imported.`
  if (last === 0) return `Changes none of the ${noun(open, 'row')}.`
  return last === open
    ? `Changes all ${noun(open, 'row')}:`
    : `Changes ${count(last)} of ${noun(open, 'row')}:`
}

function short(text: string): string {
  if (text === '') return 'empty'
  return text.length > 40 ? `${text.slice(0, 39)}…` : text
}

interface WordsProps {
  readonly kind: RuleKind
  readonly words: Words
  readonly setWords: (words: Words) => void
  /** The other columns. */
  readonly columns: readonly string[]
}

/** What the chosen fix needs to know. */
function AskedWords({ kind, words: [one, two], setWords, columns }: WordsProps) {
  const { first, second } = ruleKinds[kind]
  return (
    <>
      {first === 'column' && (
        <Select
          label="Column"
          w={{ base: '100%', xs: 170 }}
          data={[...columns]}
          value={one === '' ? null : one}
          onChange={(next) => setWords([next ?? '', ''])}
        />
      )}
      {first !== null && first !== 'column' && (
        <TextInput
          label={first}
          w={{ base: '100%', xs: 170 }}
          value={one}
          onChange={({ currentTarget }) => setWords([currentTarget.value, two])}
        />
      )}
      {second !== null && (
        <TextInput
          label={second}
          w={{ base: '100%', xs: 180 }}
          value={two}
          onChange={({ currentTarget }) => setWords([one, currentTarget.value])}
        />
      )}
    </>
  )
}
