// Shared junk: placeholders that many people "have", so that they would glue strangers together (design section 9).

/** Written in lower case. What spreadsheets, databases and tired people put where nothing is known. */
export const junkWords: readonly string[] = [
  'null',
  '(null)',
  '<null>',
  '\\n',
  'nil',
  'none',
  'no',
  'undefined',
  'unknown',
  'unbekannt',
  'inconnu',
  'desconocido',
  'onbekend',
  'n/a',
  'n.a.',
  'n.a',
  'na',
  '#n/a',
  '#na',
  'nan',
  '#null!',
  '#ref!',
  '#value!',
  '#name?',
  '#div/0!',
  '-1',
  '(blank)',
  '(leer)',
  '(vide)',
  'blank',
  'empty',
  'leer',
  'vide',
  'keine',
  'kein',
  'keine angabe',
  'k.a.',
  'k. a.',
  'tbd',
  'todo',
  'test',
  'dummy',
  'default',
  'anonymous',
  'anonym',
  'guest',
  'gast',
  'invalid',
  'missing',
  'false',
  'true',
  'customer',
  'kunde',
  'client',
  'user',
  'email',
  'e-mail',
  'phone',
]
const words = new Set(junkWords)

/** Mailboxes that nobody reads as themselves. */
export const junkMailboxes: readonly string[] = [
  'noreply',
  'no-reply',
  'no_reply',
  'no.reply',
  'donotreply',
  'do-not-reply',
  'do_not_reply',
  'nobody',
  'noemail',
  'no-email',
  'no.email',
  'nomail',
  'no-mail',
  'keinemail',
  'keine-email',
  'unknown',
  'none',
  'null',
  'undefined',
  'mailer-daemon',
  'postmaster',
  'anonymous',
]
const mailboxes = new Set(junkMailboxes)

/** `test@test.com`, `a@a.de`: the same word on both sides, where it is one of these. */
export const junkDoubles: readonly string[] = [
  'test',
  'email',
  'mail',
  'example',
  'asdf',
  'foo',
  'abc',
  'na',
  'no',
  'xxx',
  'user',
  'a',
  'x',
]
const doubles = new Set(junkDoubles)
const addresses = new Set([
  'test@example.com',
  'email@example.com',
  'user@example.com',
  'name@example.com',
  'test@test.test',
  'foo@bar.com',
])

const onlyZeros = /^\+?0+(?:\.0+)?$/
const onlySigns = /^[^\p{L}\p{N}]+$/u
const zeroUuid = /^[0-]{36}$/

/** True for a value that identifies nobody. Takes a trimmed text. */
export function isJunk(text: string): boolean {
  const c = text.charCodeAt(0)
  if (c >= 0x31 && c <= 0x39) return false
  if (text.length <= 14 && words.has(text.toLowerCase())) return true
  const at = text.indexOf('@')
  if (at > 0) return isJunkAddress(text.toLowerCase(), at)
  return onlyZeros.test(text) || onlySigns.test(text) || zeroUuid.test(text)
}

function isJunkAddress(address: string, at: number): boolean {
  const mailbox = address.slice(0, at)
  if (mailboxes.has(mailbox) || addresses.has(address)) return true
  return doubles.has(mailbox) && address.startsWith(`${mailbox}.`, at + 1)
}
