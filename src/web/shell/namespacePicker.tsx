// Which namespace is looked at; only shown as a choice where there are several.
import { Button, Menu } from '@mantine/core'
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
  if (others.length < 2) return null
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button
          size="xs"
          variant="default"
          rightSection={<IconSelector size={14} aria-hidden />}
          aria-label={`Namespace ${namespace}: choose another`}
        >
          {namespace}
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
            {one.namespace}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
