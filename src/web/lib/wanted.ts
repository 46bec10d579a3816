// Where somebody wanted to go before they had to sign in, as the address of the page to sign in says it.

/**
 * The address to go on to: `to` where it is one of this app, else the first page. Read as browsers read it, who leave out tabs
 * and line breaks and take a backslash for a slash: a link to here must not lead elsewhere after signing in.
 */
export function wantedIn(to: string | null, origin: string): string {
  const first = `${origin}/`
  if (to === null || !to.startsWith('/') || !URL.canParse(to, origin)) return first
  const url = new URL(to, origin)
  return url.origin === origin ? url.href : first
}
