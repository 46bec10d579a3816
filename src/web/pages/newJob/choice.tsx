// Small pieces of the forms: a card to choose, a part that is folded away, and text that is nothing when it is empty.
import { Accordion, Group, Radio, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'

interface ChoiceProps {
  readonly value: string
  readonly title: string
  readonly chosen: boolean
  readonly icon?: React.ComponentType<{ size?: number; stroke?: number }> | undefined
  readonly children: ReactNode
}

/** One card of a `Radio.Group`: the whole of it can be clicked. */
export function Choice({ value, title, chosen, icon: Icon, children }: ChoiceProps) {
  return (
    <Radio.Card
      value={value}
      p="md"
      aria-label={title}
      style={{
        display: 'flex',
        alignItems: 'flex-start',
        borderColor: chosen ? 'var(--mantine-primary-color-filled)' : undefined,
        boxShadow: chosen ? 'inset 0 0 0 1px var(--mantine-primary-color-filled)' : undefined,
      }}
    >
      <Group wrap="nowrap" align="flex-start" gap="sm" w="100%">
        <Radio.Indicator mt={2} />
        <Stack gap={2} miw={0} style={{ flex: 1 }}>
          <Text fw={600}>{title}</Text>
          <Text size="sm" c="dimmed">
            {children}
          </Text>
        </Stack>
        {Icon !== undefined && <Icon size={22} stroke={1.6} />}
      </Group>
    </Radio.Card>
  )
}

interface FoldProps {
  readonly value: string
  readonly title: string
  /** What is set inside, in a few words; '' for the default. */
  readonly said: string
  readonly faulty?: boolean
  readonly children: ReactNode
}

/** A part of an `Accordion` with its state in its head. */
export function Fold({ value, title, said, faulty = false, children }: FoldProps) {
  return (
    <Accordion.Item value={value}>
      <Accordion.Control>
        <Group gap="xs" justify="space-between" pr="xs">
          <Text fw={600}>{title}</Text>
          <Text size="sm" c={faulty ? 'var(--mantine-color-error)' : 'dimmed'}>
            {faulty ? 'Look here' : said}
          </Text>
        </Group>
      </Accordion.Control>
      <Accordion.Panel>
        <Stack>{children}</Stack>
      </Accordion.Panel>
    </Accordion.Item>
  )
}
