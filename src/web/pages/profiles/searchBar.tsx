// Looking for people: one field for any text, and conditions on attributes as chips.
import { Button, CloseButton, Group, Loader, Paper, Pill, Popover, Stack, TextInput } from '@mantine/core'
import { IconFilter, IconSearch } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import type { AttributesView } from '../../../client/index.ts'
import type { Asked, Change } from '../../lib/address.ts'
import { one } from '../../lib/address.ts'
import { ConditionForm } from './conditionForm.tsx'
import { inWords } from './conditions.ts'

export interface SearchProps {
  readonly asked: Asked
  readonly ask: (change: Change, how?: { readonly replace?: boolean }) => void
  readonly catalogue: AttributesView | undefined
  readonly busy: boolean
}

export function SearchBar(props: SearchProps) {
  const { asked, ask, catalogue } = props
  const [opened, setOpened] = useState(false)
  return (
    <Paper withBorder p="sm" component="search" aria-label="Find people">
      <Stack gap="sm">
        <Group gap="sm">
          <TextField {...props} />
          <Popover
            position="bottom-end"
            shadow="md"
            width={360}
            trapFocus
            opened={opened}
            onChange={setOpened}
          >
            <Popover.Target>
              <Button
                variant="default"
                leftSection={<IconFilter size={16} aria-hidden />}
                onClick={() => setOpened(!opened)}
              >
                Add a condition
              </Button>
            </Popover.Target>
            <Popover.Dropdown p="md">
              {catalogue !== undefined && (
                <ConditionForm
                  catalogue={catalogue}
                  add={(condition) => {
                    setOpened(false)
                    ask({ where: [...(asked['where'] ?? []), condition], cursor: null })
                  }}
                />
              )}
            </Popover.Dropdown>
          </Popover>
        </Group>
        <Conditions {...props} />
      </Stack>
    </Paper>
  )
}

/** Looked for while one types, a moment after the last letter. */
function TextField({ asked, ask, busy }: SearchProps) {
  const given = one(asked, 'q') ?? ''
  const [text, setText] = useState(given)
  const [before, setBefore] = useState(given)
  if (before !== given) {
    setBefore(given)
    setText(given)
  }
  useEffect(() => {
    if (text.trim() === given) return undefined
    const timer = setTimeout(() => ask({ q: text.trim(), cursor: null }, { replace: given !== '' }), 350)
    return () => clearTimeout(timer)
  }, [text, given, ask])
  return (
    <TextInput
      aria-label="Find people"
      placeholder="Any text: e-mail address, customer id, name, city, …"
      flex="1 1 280px"
      value={text}
      onChange={({ currentTarget }) => setText(currentTarget.value)}
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={
        busy ? (
          <Loader size="xs" aria-label="Searching" />
        ) : text === '' ? null : (
          <CloseButton aria-label="Clear the text" onClick={() => ask({ q: null, cursor: null })} />
        )
      }
    />
  )
}

function Conditions({ asked, ask, catalogue }: SearchProps) {
  const where = asked['where'] ?? []
  if (where.length === 0) return null
  const labels = new Map(
    [...(catalogue?.attributes ?? [])]
      .map(({ key, label }) => [key, label] as const)
      .concat((catalogue?.identifiers ?? []).map(({ kind, label }) => [kind, label] as const)),
  )
  return (
    <Group gap={6}>
      {where.map((text) => (
        <Pill key={text} size="md" component="span" styles={{ root: { paddingInlineEnd: 2 } }}>
          <Group gap={2} wrap="nowrap" component="span">
            <b>{inWords(text, labels)}</b>
            <CloseButton
              size={18}
              aria-label={`Remove the condition ${text}`}
              onClick={() => ask({ where: where.filter((other) => other !== text), cursor: null })}
            />
          </Group>
        </Pill>
      ))}
      <Button variant="subtle" size="compact-sm" onClick={() => ask({ where: null, q: null, cursor: null })}>
        Clear all
      </Button>
    </Group>
  )
}
