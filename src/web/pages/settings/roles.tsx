// Roles: choosing one, and what each may do.
import { NativeSelect, Table, Text } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { rightNames, rights, roleNames, roles, rightsOf, type Role } from '../../../core/access.ts'
import { Section } from '../../parts/section.tsx'

interface RoleSelectProps {
  /** While a change is under way: the next one is made of what it led to. */
  readonly disabled?: boolean
  readonly label: string
  readonly value: Role
  readonly roles: readonly Role[]
  readonly onChange: (role: Role) => void
}

export function RoleSelect({ label, value, roles: open, onChange, disabled = false }: RoleSelectProps) {
  return (
    <NativeSelect
      aria-label={label}
      w={140}
      value={value}
      disabled={disabled}
      onChange={({ currentTarget }) => onChange(currentTarget.value as Role)}
      data={open.map((role) => ({ value: role, label: roles[role].label }))}
    />
  )
}

export function RolesTable() {
  return (
    <Section title="What each role may do">
      <Table.ScrollContainer minWidth={640} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
        <Table verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Right</Table.Th>
              {roleNames.map((role) => (
                <Table.Th key={role} ta="center" title={roles[role].doc}>
                  {roles[role].label}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rightNames.map((right) => (
              <Table.Tr key={right}>
                <Table.Td>
                  {rights[right].label}
                  <Text size="xs" c="dimmed">
                    {rights[right].doc}
                  </Text>
                </Table.Td>
                {roleNames.map((role) => (
                  <Table.Td key={role} ta="center">
                    {rightsOf(role).includes(right) ? (
                      <IconCheck size={16} role="img" aria-label="yes" />
                    ) : (
                      <Text span c="dimmed" aria-label="no" role="img">
                        –
                      </Text>
                    )}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Section>
  )
}
