// What becomes of people who exist already; folded away, because the defaults fit most files.
import { Button, Collapse, Group, Paper, Select, Stack } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconAdjustments } from '@tabler/icons-react'
import type { WritePolicy } from '../../../core/mapping.ts'
import type { PreviewState } from './usePreview.ts'

const modes = [
  { value: 'upsert', label: 'Make new people, and update those there are' },
  { value: 'create_only', label: 'Only make new people' },
  { value: 'update_only', label: 'Only update people there are' },
  { value: 'delete', label: 'Delete everybody in the file' },
]
const several = [
  { value: 'merge', label: 'They are one person: merge them' },
  { value: 'highest', label: 'Take the one of the strongest identifier' },
  { value: 'reject', label: 'Set the row aside' },
]
const duplicates = [
  { value: 'last', label: 'The last row wins' },
  { value: 'first', label: 'The first row wins, the others are skipped' },
]

export function WritingSettings({ state: { policy, setPolicy } }: { readonly state: PreviewState }) {
  const [opened, { toggle }] = useDisclosure()
  const say = (said: Partial<WritePolicy>): void => setPolicy({ ...policy, ...said })
  return (
    <Stack gap="sm">
      <Group>
        <Button
          size="compact-sm"
          variant="subtle"
          leftSection={<IconAdjustments size={16} aria-hidden />}
          onClick={toggle}
          aria-expanded={opened}
        >
          How it is written
        </Button>
      </Group>
      <Collapse expanded={opened}>
        <Paper withBorder p="md">
          <Group align="flex-start" gap="md">
            <Select
              label="People"
              w={340}
              data={modes}
              value={policy.mode}
              allowDeselect={false}
              onChange={(mode) => mode !== null && say({ mode: mode as WritePolicy['mode'] })}
            />
            <Select
              label="A row that fits several people"
              w={340}
              data={several}
              value={policy.onSeveral}
              allowDeselect={false}
              onChange={(way) => way !== null && say({ onSeveral: way as WritePolicy['onSeveral'] })}
            />
            <Select
              label="Somebody twice in the file"
              w={340}
              data={duplicates}
              value={policy.duplicates}
              allowDeselect={false}
              onChange={(way) => way !== null && say({ duplicates: way as WritePolicy['duplicates'] })}
            />
          </Group>
        </Paper>
      </Collapse>
    </Stack>
  )
}
