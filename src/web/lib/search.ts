// What stands behind the ? of an address: plain texts, as any program writes them. Identifiers are not taken for numbers.

/** `state=new&state=retry` is `{ state: ['new', 'retry'] }`; a name that stands there once has one text. */
export function readSearch(search: string): Record<string, string | string[]> {
  const found: Record<string, string | string[]> = {}
  const texts = new URLSearchParams(search)
  for (const name of new Set(texts.keys())) {
    const all = texts.getAll(name)
    found[name] = all.length === 1 ? all[0]! : all
  }
  return found
}

/** The other way round, with its ?; what is undefined is left out, and nothing is an empty text. */
export function writeSearch(asked: Readonly<Record<string, unknown>>): string {
  const texts = new URLSearchParams()
  for (const [name, value] of Object.entries(asked))
    for (const one of Array.isArray(value) ? (value as readonly unknown[]) : [value])
      if (one !== undefined && one !== null) texts.append(name, textOf(one))
  const written = texts.toString()
  return written === '' ? '' : `?${written}`
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
