// Sealing secrets: AES-256-GCM, a key of its own for each, wrapped by the master key, bound to its row (design section 12).
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

export interface MasterKey {
  /** Short, from a hash of the key; says nothing about it. */
  readonly id: string
  /** 32 bytes. */
  readonly key: Uint8Array
}

/** Where master keys come from. */
export interface KeyRing {
  /** The one that new secrets are sealed with. */
  readonly current: () => Promise<MasterKey>
  /** An earlier one, or undefined where it is not here. */
  readonly find: (id: string) => Promise<MasterKey | undefined>
}

/** The row a secret belongs to: moved elsewhere, it cannot be opened. */
export interface SealedPlace {
  readonly row: string
  readonly namespaceId: number
}

export interface Sealed {
  readonly keyId: string
  readonly wrappedKey: Buffer
  readonly sealed: Buffer
}

const version = 1
const nonceBytes = 12
const tagBytes = 16

export function seal(text: string, place: SealedPlace, master: MasterKey): Sealed {
  const key = randomBytes(32)
  const sealed = encrypt(Buffer.from(text, 'utf8'), key, textPlace(place))
  return { keyId: master.id, wrappedKey: encrypt(key, master.key, keyPlace(place)), sealed }
}

/** The secret; null where it was changed, or sealed for another row or with another key. */
export function unseal({ wrappedKey, sealed }: Sealed, place: SealedPlace, master: MasterKey): string | null {
  const key = decrypt(wrappedKey, master.key, keyPlace(place))
  const text = key === null ? null : decrypt(sealed, key, textPlace(place))
  return text === null ? null : text.toString('utf8')
}

/** The same key of a row under another master key; null where the one it has does not open it. */
export function rewrap(
  wrappedKey: Buffer,
  place: SealedPlace,
  from: MasterKey,
  to: MasterKey,
): Buffer | null {
  const key = decrypt(wrappedKey, from.key, keyPlace(place))
  return key === null ? null : encrypt(key, to.key, keyPlace(place))
}

const textPlace = ({ row, namespaceId }: SealedPlace): Buffer => Buffer.from(`secret/${namespaceId}/${row}`)
const keyPlace = ({ row, namespaceId }: SealedPlace): Buffer => Buffer.from(`key/${namespaceId}/${row}`)

/** Version, nonce, tag, text. */
function encrypt(plain: Uint8Array, key: Uint8Array, bound: Buffer): Buffer {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
  cipher.setAAD(bound)
  const body = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([Buffer.of(version), nonce, cipher.getAuthTag(), body])
}

function decrypt(sealed: Buffer, key: Uint8Array, bound: Buffer): Buffer | null {
  const head = 1 + nonceBytes + tagBytes
  if (sealed.length < head || sealed[0] !== version) return null
  try {
    const opening = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 1 + nonceBytes), {
      authTagLength: tagBytes,
    })
    opening.setAAD(bound)
    opening.setAuthTag(sealed.subarray(1 + nonceBytes, head))
    return Buffer.concat([opening.update(sealed.subarray(head)), opening.final()])
  } catch {
    return null
  }
}
