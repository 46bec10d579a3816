// Tells who hears the page instead of seeing it that another one is shown: links inside the app load none anew.
import { VisuallyHidden } from '@mantine/core'
import { useLocation } from '@tanstack/react-router'
import { useEffect, useState } from 'react'

/** The title of each page that is gone to; silent about the first, which browsers tell by themselves. */
export function Announce() {
  const path = useLocation({ select: ({ pathname }) => pathname })
  const [first] = useState(path)
  const [title, setTitle] = useState('')
  useEffect(() => {
    if (path === first && title === '') return
    const look = (): void => setTitle(document.title)
    look()
    // Pages set their title when they are there, and again when they know what they show.
    const watching = new MutationObserver(look)
    watching.observe(document.head, { subtree: true, childList: true, characterData: true })
    return () => watching.disconnect()
  }, [path, first, title])
  return <VisuallyHidden aria-live="polite">{title}</VisuallyHidden>
}
