// What opens a door (sessions, tokens, one-time links): random, and kept only as a hash.
import { createHash, randomBytes } from 'node:crypto'

/** 256 bits, in letters that need no escaping; `begin` tells people and scanners what it is. */
export function newKey(begin = ''): string {
  return begin + randomBytes(32).toString('base64url')
}

/** What is kept of it. A plain hash is enough: there is nothing to guess in 256 random bits. */
export function hashOf(key: string): Buffer {
  return createHash('sha256').update(key).digest()
}
