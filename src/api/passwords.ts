// Passwords: what one must be like, and how it is kept (scrypt with the parameters OWASP names for 32 MiB).
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { failure } from '../core/problems.ts'

const cost = { N: 2 ** 15, r: 8, p: 3 } as const
const keyBytes = 32

// Length is what counts (NIST SP 800-63B); no rules about kinds of characters.
const charsMin = 12
const bytesMax = 1_024

/** Throws `password.unfit`. */
export function checkPassword(password: string, email: string): void {
  const unfit = (detail: string): Error => failure('password.unfit', { detail })
  if (Array.from(password).length < charsMin) throw unfit(`is shorter than ${charsMin} characters`)
  if (Buffer.byteLength(password) > bytesMax) throw unfit(`is longer than ${bytesMax} bytes`)
  if (new Set(password).size < 4) throw unfit('repeats the same few characters')
  if (password.trim().toLowerCase() === email) throw unfit('is the e-mail address')
}

/** How it is kept: `scrypt:N:r:p:salt:key`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const key = await derive(password, salt, cost)
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64'), key.toString('base64')].join(':')
}

/** Whether it is the password that is kept; takes as long where there is none. */
export async function isPassword(password: string, kept: string | undefined): Promise<boolean> {
  const [, N, r, p, salt, key] = (kept ?? (await nobodys())).split(':')
  const expected = Buffer.from(key!, 'base64')
  const parameters = { N: Number(N), r: Number(r), p: Number(p) }
  const given = await derive(password.slice(0, bytesMax), Buffer.from(salt!, 'base64'), parameters)
  return timingSafeEqual(given, expected) && kept !== undefined
}

let kept: Promise<string> | undefined
/** Of an account that does not exist: the same work, so that the time says nothing. */
function nobodys(): Promise<string> {
  kept ??= hashPassword(randomBytes(16).toString('hex'))
  return kept
}

interface Parameters {
  readonly N: number
  readonly r: number
  readonly p: number
}

// Each takes a quarter of a second of a core and 32 MiB: strangers who try many wait for each other.
let line: Promise<unknown> = Promise.resolve()

function derive(password: string, salt: Buffer, parameters: Parameters): Promise<Buffer> {
  const work = line.then(
    () =>
      new Promise<Buffer>((resolve, reject) => {
        const options = { ...parameters, maxmem: 256 * parameters.N * parameters.r }
        scrypt(password.normalize('NFKC'), salt, keyBytes, options, (error, key) =>
          error === null ? resolve(key) : reject(error),
        )
      }),
  )
  line = work.catch(() => {})
  return work
}
