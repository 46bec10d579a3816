// Hashes of values, in lower-case hexadecimal: for matching people without keeping their addresses.
import { md5 } from '@noble/hashes/legacy.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'

const utf8 = new TextEncoder()
const functions = { sha256, md5 } as const

/** The hash of the text's UTF-8 bytes. */
export function hashText(algorithm: keyof typeof functions, text: string): string {
  return bytesToHex(functions[algorithm](utf8.encode(text)))
}
