// Which namespace is looked at; only shown as a choice where there are several.
import { Button, Menu, Text } from '@mantine/core'
import { IconSelector } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import type { Me } from '../../client/index.ts'

interface PickerProps {
  readonly namespace: string
  readonly me: Me | undefined
}

export function NamespacePicker({ namespace, me }: PickerProps) {
  const go = useNavigate()
  const others = me?.namespaces ?? []
  const here = others.find((one) => one.namespace === namespace)?.label ?? namespace
  // A single one says which it is only where somebody gave it a name.
  if (others.length < 2)
    return here === namespace ? null : (
      <Text c="dimmed" truncate title={here}>
        {here}
      </Text>
    )
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button
          size="xs"
          variant="default"
          rightSection={<IconSelector size={14} aria-hidden />}
          aria-label={`Namespace ${here}: choose another`}
          maw={220}
          miw={64}
          style={{ flexShrink: 1 }}
        >
          {here}
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={400} style={{ overflowY: 'auto' }}>
        <Menu.Label>Namespaces</Menu.Label>
        {others.map((one) => (
          <Menu.Item
            key={one.namespace}
            fw={one.namespace === namespace ? 700 : 400}
            onClick={() => void go({ to: '/n/$namespace', params: { namespace: one.namespace } })}
          >
            {one.label}
            {one.label !== one.namespace && (
              <Text span size="sm" c="dimmed">
                {' '}
                {one.namespace}
              </Text>
            )}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
