// A text to look for: exactly, or as a part. It is looked for when Enter is pressed, or the field is left.
import { CloseButton, Group, NativeSelect, TextInput } from '@mantine/core'
import { useState, type ReactNode } from 'react'

export type Match = 'is' | 'contains'

interface MatchInputProps {
  readonly label: string
  readonly match: Match
  readonly value: string
  /** An empty value: it is not looked for. */
  readonly onAsk: (match: Match, value: string) => void
  readonly placeholder?: string
  readonly icon?: ReactNode
  /** What is wrong with a value, before it is sent. */
  readonly check?: (match: Match, value: string) => string | null
  readonly hideLabel?: boolean
}

export function MatchInput({ value, match, ...rest }: MatchInputProps) {
  // What the address says is where typing begins.
  return <Typed key={`${match} ${value}`} value={value} match={match} {...rest} />
}

function Typed({ label, match, value, onAsk, placeholder, icon, check, hideLabel = false }: MatchInputProps) {
  const [text, setText] = useState(value)
  const [wrong, setWrong] = useState<string | null>(null)
  const ask = (how: Match, given: string): void => {
    const trimmed = given.trim()
    const problem = trimmed === '' ? null : (check?.(how, trimmed) ?? null)
    setWrong(problem)
    if (problem === null && (trimmed !== value || how !== match)) onAsk(how, trimmed)
  }
  return (
    <Group gap={0} align="flex-end" wrap="nowrap">
      <NativeSelect
        aria-label={`${label}: how`}
        data={[
          { value: 'contains', label: 'contains' },
          { value: 'is', label: 'is' },
        ]}
        value={match}
        onChange={({ currentTarget }) => ask(currentTarget.value as Match, text)}
        w={106}
        styles={{ input: { borderTopRightRadius: 0, borderBottomRightRadius: 0 } }}
        label={hideLabel ? undefined : label}
        mb={wrong === null ? 0 : 'lg'}
      />
      <TextInput
        aria-label={label}
        flex={1}
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
        onBlur={() => ask(match, text)}
        onKeyDown={({ key }) => {
          if (key === 'Enter') ask(match, text)
          if (key === 'Escape') setText(value)
        }}
        error={wrong}
        placeholder={placeholder}
        leftSection={icon}
        rightSection={
          value === '' ? null : <CloseButton aria-label={`Clear ${label}`} onClick={() => ask(match, '')} />
        }
        styles={{ input: { borderTopLeftRadius: 0, borderBottomLeftRadius: 0, marginLeft: -1 } }}
      />
    </Group>
  )
}
