// Filters, tabs and pages in the address: links can be shared, and Back leads to what was there before.
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'

/** What stands behind the ? of the address, by name; what may stand there several times has several. */
export type Asked = Readonly<Record<string, readonly string[]>>

/** `null` takes a name out of the address. */
export type Change = Readonly<Record<string, string | readonly string[] | null>>

interface How {
  /** Takes the place of the address in the history, as for a letter typed. */
  readonly replace?: boolean
}

/** What the address asks for, and how to ask for something else; what is not named stays. */
export function useAddress(): readonly [Asked, (change: Change, how?: How) => void] {
  const search: Readonly<Record<string, unknown>> = useSearch({ strict: false })
  const navigate = useNavigate()
  const asked = useMemo(() => askedIn(search), [search])
  const ask = useCallback(
    (change: Change, { replace = false }: How = {}) => {
      const next: Record<string, string | readonly string[] | undefined> = {}
      for (const [name, value] of Object.entries({ ...asked, ...change })) {
        const values = value === null ? [] : typeof value === 'string' ? [value] : value
        if (values.length > 0 && values[0] !== '') next[name] = values.length === 1 ? values[0] : values
      }
      void navigate({ to: '.', search: next as never, replace, resetScroll: false })
    },
    [asked, navigate],
  )
  return [asked, ask]
}

/** One part of the address, such as a tab; setting it to undefined takes it out. */
export function useAddressPart(
  name: string,
): readonly [string | undefined, (value: string | undefined, how?: How) => void] {
  const [asked, ask] = useAddress()
  const set = useCallback(
    (value: string | undefined, how: How = {}) => ask({ [name]: value ?? null }, how),
    [ask, name],
  )
  return [one(asked, name), set]
}

/** The first of a name, or undefined. */
export function one(asked: Asked, name: string): string | undefined {
  return asked[name]?.[0]
}

function askedIn(search: Readonly<Record<string, unknown>>): Asked {
  const asked: Record<string, readonly string[]> = {}
  for (const [name, value] of Object.entries(search)) {
    const values = (Array.isArray(value) ? value : [value]) as readonly unknown[]
    const texts = values.filter((one) => one !== null && one !== undefined).map(textOf)
    if (texts.length > 0) asked[name] = texts
  }
  return asked
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** An address of the app with filters, for links: `addressOf('/n/main/records', { run: 'r12' })`. */
export function addressOf(path: string, asked: Readonly<Record<string, string>>): string {
  const search = new URLSearchParams(asked).toString()
  return search === '' ? path : `${path}?${search}`
}
