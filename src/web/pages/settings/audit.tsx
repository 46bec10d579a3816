// The audit: who did what, when and from where, with what it was before and after; narrowed by the address, and as a file.
import { Button, Group, NativeSelect, SegmentedControl, Text, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { getAudit, getWholeAudit, type AuditView } from '../../../client/index.ts'
import { one, useAddress, type Asked } from '../../lib/address.ts'
import { useMe, useNamespace } from '../../lib/place.ts'
import { Loaded } from '../../parts/loaded.tsx'
import { MoreButton } from '../../parts/moreButton.tsx'
import { Section } from '../../parts/section.tsx'
import { AuditLine } from './auditLine.tsx'

const names = ['who', 'action', 'what', 'result', 'from', 'to'] as const
type Filter = Partial<Record<(typeof names)[number], string>>

/** What the address asks for, as the API takes it; days are those of the viewer. */
function filterOf(asked: Asked): Filter {
  const filter: Filter = {}
  for (const name of names) {
    const value = one(asked, name)
    if (value !== undefined) filter[name] = value
  }
  if (filter.from !== undefined) filter.from = dayStart(filter.from, 0)
  if (filter.to !== undefined) filter.to = dayStart(filter.to, 1)
  return filter
}

function dayStart(day: string, more: number): string {
  const date = new Date(`${day}T00:00:00`)
  if (Number.isNaN(date.getTime())) return day
  date.setDate(date.getDate() + more)
  return date.toISOString()
}

export function Audit() {
  const namespace = useNamespace()
  const { data: me } = useMe()
  const [asked, ask] = useAddress()
  const whole = me?.admin === true && one(asked, 'of') === 'installation'
  const filter = filterOf(asked)
  const audit = useInfiniteQuery({
    queryKey: ['audit', whole ? null : namespace, filter],
    queryFn: async ({ pageParam, signal }) => {
      const query = { ...filter, cursor: pageParam, limit: 50 } as never
      if (whole) return (await getWholeAudit({ query, signal })).data
      return (await getAudit({ path: { namespace }, query, signal })).data
    },
    initialPageParam: undefined as number | undefined,
    getNextPageParam: ({ next }) => (next === null ? undefined : Number(next)),
  })
  const file = `${whole ? '/v1/audit/file' : `/v1/namespaces/${namespace}/audit/file`}?${new URLSearchParams(filter).toString()}`
  return (
    <Section
      title="Audit"
      about="Who did what, when and from where. Nobody can change or remove a line."
      action={<Export file={file} />}
    >
      {me?.admin === true && (
        <SegmentedControl
          aria-label="Which audit"
          maw={420}
          value={whole ? 'installation' : 'namespace'}
          onChange={(next) => ask({ of: next === 'namespace' ? null : next })}
          data={[
            { value: 'namespace', label: `Of ${namespace}` },
            { value: 'installation', label: 'Of the installation' },
          ]}
        />
      )}
      <Filters asked={asked} ask={ask} />
      <Loaded query={audit} lines={8}>
        {({ pages }) => (
          <Lines lines={pages.flatMap((page) => page.lines)} narrowed={Object.keys(filter).length > 0} />
        )}
      </Loaded>
      <MoreButton of={audit}>Older lines</MoreButton>
    </Section>
  )
}

function Export({ file }: { readonly file: string }) {
  return (
    <Group gap="xs">
      <Button component="a" href={`${file}&format=csv`} variant="default" size="xs">
        Export CSV
      </Button>
      <Button component="a" href={`${file}&format=jsonl`} variant="default" size="xs">
        Export JSON lines
      </Button>
    </Group>
  )
}

interface FiltersProps {
  readonly asked: Asked
  readonly ask: ReturnType<typeof useAddress>[1]
}

function Filters({ asked, ask }: FiltersProps) {
  return (
    <Group gap="xs" align="flex-end">
      <Typed name="who" label="Who" placeholder="ada@example.com" asked={asked} ask={ask} />
      <Typed name="action" label="Did" placeholder="runs or runs.stop" asked={asked} ask={ask} />
      <Typed name="what" label="To" placeholder="r1042" asked={asked} ask={ask} />
      <NativeSelect
        label="Result"
        w={104}
        value={one(asked, 'result') ?? ''}
        onChange={({ currentTarget }) => ask({ result: currentTarget.value })}
        data={[
          { value: '', label: 'any' },
          { value: 'done', label: 'done' },
          { value: 'refused', label: 'refused' },
        ]}
      />
      {(['from', 'to'] as const).map((name) => (
        <TextInput
          key={name}
          type="date"
          label={name === 'from' ? 'From' : 'Until'}
          w={138}
          value={one(asked, name) ?? ''}
          onChange={({ currentTarget }) => ask({ [name]: currentTarget.value })}
        />
      ))}
      {names.some((name) => one(asked, name) !== undefined) && (
        <Button
          variant="subtle"
          color="gray"
          onClick={() => ask(Object.fromEntries(names.map((name) => [name, null])))}
        >
          Clear
        </Button>
      )}
    </Group>
  )
}

interface TypedProps extends FiltersProps {
  readonly name: (typeof names)[number]
  readonly label: string
  readonly placeholder: string
}

function Typed({ name, label, placeholder, asked, ask }: TypedProps) {
  const here = one(asked, name) ?? ''
  const [text, setText] = useState(here)
  const [seen, setSeen] = useState(here)
  const send = useDebouncedCallback((value: string) => ask({ [name]: value.trim() }, { replace: true }), 350)
  // Back and Clear change the address under the field.
  if (seen !== here) {
    setSeen(here)
    if (text.trim() !== here) setText(here)
  }
  return (
    <TextInput
      label={label}
      placeholder={placeholder}
      flex="1 1 104px"
      maw={220}
      value={text}
      onChange={({ currentTarget }) => {
        setText(currentTarget.value)
        send(currentTarget.value)
      }}
    />
  )
}

interface LinesProps {
  readonly lines: readonly AuditView[]
  readonly narrowed: boolean
}

function Lines({ lines, narrowed }: LinesProps) {
  if (lines.length === 0)
    return (
      <Text c="dimmed" size="sm">
        {narrowed ? 'No line is like this. Clear shows all of them.' : 'Nothing was done here yet.'}
      </Text>
    )
  return (
    <ul className="lines audit">
      {lines.map((line, at) => (
        <AuditLine key={`${line.at} ${line.action} ${at}`} line={line} />
      ))}
    </ul>
  )
}
