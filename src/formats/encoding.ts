// Encodings: what the scanner must know of each (units, bytes that stand for themselves) and how bytes become text.
import { isUtf8 } from 'node:buffer'
import iconv from 'iconv-lite'
import { failure } from '../core/problems.ts'

export interface Codec {
  readonly name: string
  /** Bytes of one scanning unit: 2 for UTF-16, else 1. */
  readonly width: 1 | 2
  readonly bigEndian: boolean
  /** Bytes (below 256) that mean the character of the same number; others need `decode`. Unused for width 2. */
  readonly plain: Uint8Array
  /** 1 for the first byte of a two-byte character whose second byte may look like ASCII. */
  readonly lead: Uint8Array | null
  readonly bom: Uint8Array
  /** Null where the bytes are not valid. */
  decode(bytes: Buffer): string | null
  encode(text: string): Buffer
}

/** Lead and trail bytes overlap with ASCII in these: a delimiter such as | may be half a character. */
const doubleByte =
  /^(shiftjis|sjis|windows31j|cp932|ms932|gbk|gb18030|cp936|ms936|big5|big5hkscs|cp950|cp949|uhc|ms949|ksc56011987)$/
/** Known to iconv-lite, but not readable from any record on, or no encoding of text at all. */
const unreadable =
  /^(utf7|utf7imap|utf32|utf32le|utf32be|ucs4|ucs4le|ucs4be|base64|hex|binary|internal|iso2022.*|hzgb2312)$/

const codecs = new Map<string, Codec>()

/** One name per encoding: lower case without punctuation, the usual other names folded. */
function canonical(name: string): string {
  const bare = name
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')
  if (bare === 'ucs2' || bare === 'utf16' || bare === 'ucs2le') return 'utf16le'
  if (bare === 'latin1' || bare === 'l1') return 'iso88591'
  if (bare === 'cp1252' || bare === 'win1252' || bare === 'ansi') return 'windows1252'
  if (bare === 'ascii' || bare === 'usascii' || bare === 'utf8bom' || bare === 'utf8sig') return 'utf8'
  return bare
}

const display: Readonly<Record<string, string>> = {
  utf8: 'utf-8',
  utf16le: 'utf-16le',
  utf16be: 'utf-16be',
  windows1252: 'windows-1252',
  iso88591: 'iso-8859-1',
}

/** The codec of an encoding. Throws `file.encoding_unknown`. */
export function codecFor(name: string): Codec {
  const key = canonical(name)
  const known = codecs.get(key)
  if (known !== undefined) return known
  const codec = makeCodec(key, name)
  codecs.set(key, codec)
  return codec
}

function makeCodec(key: string, name: string): Codec {
  if (key === 'utf8') return utf8
  if (key === 'utf16le' || key === 'utf16be') return utf16(key === 'utf16be')
  if (unreadable.test(key) || !iconv.encodingExists(key))
    throw failure('file.encoding_unknown', { encoding: name })
  return byteCodec(key, display[key] ?? name.trim().toLowerCase())
}

const ascii = Uint8Array.from({ length: 256 }, (_, b) => (b < 0x80 ? 1 : 0))

const utf8: Codec = {
  name: 'utf-8',
  width: 1,
  bigEndian: false,
  plain: ascii,
  lead: null,
  bom: Uint8Array.of(0xef, 0xbb, 0xbf),
  decode: (bytes) => (isUtf8(bytes) ? bytes.toString() : null),
  encode: (text) => Buffer.from(text, 'utf8'),
}

function utf16(bigEndian: boolean): Codec {
  const turned = (bytes: Buffer): Buffer => (bigEndian ? Buffer.from(bytes).swap16() : bytes)
  return {
    name: bigEndian ? 'utf-16be' : 'utf-16le',
    width: 2,
    bigEndian,
    plain: ascii,
    lead: null,
    bom: bigEndian ? Uint8Array.of(0xfe, 0xff) : Uint8Array.of(0xff, 0xfe),
    decode(bytes) {
      if (bytes.length % 2 !== 0) return null
      const text = turned(bytes).toString('utf16le')
      return text.isWellFormed() ? text : null
    },
    encode: (text) => turned(Buffer.from(text, 'utf16le')),
  }
}

function byteCodec(key: string, name: string): Codec {
  const double = doubleByte.test(key)
  const chars = Array.from({ length: 256 }, (_, b) => iconv.decode(Buffer.of(b), key))
  // Alone, the first byte of a longer character is none: where most are so, characters have several bytes.
  const single = !double && chars.slice(0xa1, 0xff).filter((c) => c === '\ufffd').length < 70
  return {
    name,
    width: 1,
    bigEndian: false,
    plain: Uint8Array.from(chars, (c, b) => (c.charCodeAt(0) === b && (b < 0x80 || single) ? 1 : 0)),
    lead: double ? Uint8Array.from({ length: 256 }, (_, b) => (isLead(key, b) ? 1 : 0)) : null,
    bom: new Uint8Array(0),
    decode: single ? (bytes) => byTable(bytes, chars) : (bytes) => byIconv(bytes, key),
    encode: (text) => iconv.encode(text, key),
  }
}

function isLead(key: string, byte: number): boolean {
  // Half-width katakana are single bytes in Shift_JIS.
  if (/jis|932|31j/.test(key) && byte >= 0xa0 && byte <= 0xdf) return false
  return byte >= 0x81 && byte <= 0xfe
}

function byTable(bytes: Uint8Array, chars: readonly string[]): string | null {
  let text = ''
  for (const byte of bytes) {
    const char = chars[byte]!
    if (char === '\ufffd') return null
    text += char
  }
  return text
}

function byIconv(bytes: Buffer, key: string): string | null {
  const text = iconv.decode(bytes, key)
  return text.includes('\ufffd') ? null : text
}
