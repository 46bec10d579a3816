// Links inside the app, by address.
import { Anchor, Button, type AnchorProps, type ButtonProps } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

interface GoProps extends AnchorProps {
  /** An address of the app, for example `/n/main/runs/r12`. */
  readonly to: string
  readonly children: ReactNode
}

export function Go({ to, children, ...look }: GoProps) {
  return (
    <Anchor {...look} renderRoot={(props) => <Link to={to} {...props} />}>
      {children}
    </Anchor>
  )
}

interface GoButtonProps extends ButtonProps {
  readonly to: string
  readonly children: ReactNode
  readonly onClick?: () => void
}

/** Looks like a button, is a link: it can be opened in another tab. */
export function GoButton({ to, children, ...look }: GoButtonProps) {
  return (
    <Button {...look} renderRoot={(props) => <Link to={to} {...props} />}>
      {children}
    </Button>
  )
}
