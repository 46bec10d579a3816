// Folds the settings of how a file is read out and in.
import { Button } from '@mantine/core'
import { IconAdjustments } from '@tabler/icons-react'

interface ReadingButtonProps {
  readonly opened: boolean
  readonly toggle: () => void
}

export function ReadingButton({ opened, toggle }: ReadingButtonProps) {
  return (
    <Button
      size="xs"
      variant="default"
      leftSection={<IconAdjustments size={16} aria-hidden />}
      onClick={toggle}
      aria-expanded={opened}
    >
      How it is read
    </Button>
  )
}
