// The fixes for many rows that were chosen, each can be taken back.
import { Group, Pill, Text } from '@mantine/core'
import { definitionOf } from '../../../core/problems.ts'
import { stepText } from '../../../core/transform/stepText.ts'
import type { FixesState } from './useFixes.ts'

export function Rules({ state }: { readonly state: FixesState }) {
  const { rules } = state.fixes
  if (rules.length === 0) return null
  return (
    <Group gap="xs">
      <Text size="sm" c="dimmed">
        For all rows of a cause:
      </Text>
      {rules.map(({ cause, column, steps }, i) => (
        <Pill
          key={`${i} ${column}`}
          size="md"
          withRemoveButton
          onRemove={() => state.removeRule(i)}
          removeButtonProps={{
            'aria-label': `Take back: ${column} ${steps.map(stepText).join(', ')}`,
            tabIndex: 0,
            'aria-hidden': false,
          }}
        >
          {cause !== null && `${definitionOf(cause.code).title}: `}
          {column} → {steps.map(stepText).join(', ')}
        </Pill>
      ))}
    </Group>
  )
}
