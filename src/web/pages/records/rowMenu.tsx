// What can be done with one record, behind three dots: only what is legal as it is now (AL-25, AL-26).
import { ActionIcon, CopyButton, Menu } from '@mantine/core'
import {
  IconCheck,
  IconDots,
  IconPlayerSkipForward,
  IconRefresh,
  IconSquareCheck,
  IconTerminal2,
} from '@tabler/icons-react'
import type { RecordView } from '../../../client/index.ts'
import { isLegal, type MoveName } from './selection.ts'

interface RowMenuProps {
  readonly record: RecordView
  /** Undefined: the viewer may not. */
  readonly move: ((move: MoveName, id: string) => void) | undefined
}

export function RowMenu({ record, move }: RowMenuProps) {
  const { id } = record
  return (
    <Menu position="bottom-end" shadow="md" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={`Actions of ${id}`}>
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {move !== undefined && isLegal('retry', record) && (
          <Menu.Item leftSection={<IconRefresh size={16} aria-hidden />} onClick={() => move('retry', id)}>
            Retry
          </Menu.Item>
        )}
        {move !== undefined && isLegal('skip', record) && (
          <Menu.Item
            leftSection={<IconPlayerSkipForward size={16} aria-hidden />}
            onClick={() => move('skip', id)}
          >
            Skip
          </Menu.Item>
        )}
        {move !== undefined && isLegal('settle', record) && (
          <Menu.Item
            leftSection={<IconSquareCheck size={16} aria-hidden />}
            onClick={() => move('settle', id)}
          >
            Settle…
          </Menu.Item>
        )}
        <CopyButton value={`sluice records show ${id}`}>
          {({ copied, copy }) => (
            <Menu.Item
              leftSection={
                copied ? <IconCheck size={16} aria-hidden /> : <IconTerminal2 size={16} aria-hidden />
              }
              closeMenuOnClick={false}
              onClick={copy}
            >
              {copied ? 'Copied' : 'Copy as a command'}
            </Menu.Item>
          )}
        </CopyButton>
      </Menu.Dropdown>
    </Menu>
  )
}
