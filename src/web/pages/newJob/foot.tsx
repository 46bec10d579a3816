// Back and on; stays in view however long the step is.
import { Button, Group, Paper } from '@mantine/core'
import type { ReactNode } from 'react'

export function Foot({ children }: { readonly children: ReactNode }) {
  return (
    <Paper
      py="sm"
      radius={0}
      style={{
        position: 'sticky',
        bottom: 0,
        zIndex: 5,
        borderTop: '1px solid var(--mantine-color-default-border)',
      }}
    >
      <Group justify="space-between">{children}</Group>
    </Paper>
  )
}

export function BackButton({ back }: { readonly back: () => void }) {
  return (
    <Button variant="default" onClick={back}>
      Back
    </Button>
  )
}
