// Validate: one streaming pass that reads, maps and checks every record before anything is written (design section 4).
import { promisify } from 'node:util'
import { constants, zstdCompress } from 'node:zlib'
import type { BlobStore } from '../blobs/store.ts'
import { emptyBits, setBit } from '../core/bits.ts'
import type { RawRecord } from '../core/dialect.ts'
import type { CutSettings } from '../core/job.ts'
import type { RecordMapper } from '../core/mapped.ts'
import { encodePrepared } from '../core/prepared.ts'
import { createTally, type ValidationTally } from './tally.ts'
import { prepareAgainst } from './prepare.ts'
import type { BatchPlace, RecordIndex } from './recordIndex.ts'
import type { RecordSource } from './landingRecords.ts'
import type { SeenLines } from './seenLines.ts'

export interface ValidateInput {
  readonly records: AsyncIterable<readonly RawRecord[]>
  /** Takes the hashes of their lines while they are read; null: nobody asked for it. */
  readonly seen: SeenLines | null
  /** What the records read last go back to. */
  readonly source: Pick<RecordSource, 'lineageOf'>
  /** The reader's live columns: those beyond the first `known` appeared while reading. */
  readonly columns: { readonly live: readonly string[]; readonly known: number }
  readonly mapper: RecordMapper
  /** The run's as-of in microseconds. */
  readonly asOf: number
  readonly cut: CutSettings
  readonly store: BlobStore
  /** Where the prepared records are kept for the import. */
  readonly preparedKey: string
  readonly onProgress: (done: number, bytes: number) => void
}

export interface Validated {
  readonly index: RecordIndex
  readonly tally: ValidationTally
}

const compress = promisify(zstdCompress)
// Written once, read once, soon: speed counts more than size.
const compression = { params: { [constants.ZSTD_c_compressionLevel]: 1 }, chunkSize: 1 << 20 }

/** A record that was delivered before costs a ledger row and nothing else: a batch may have so many times more of them. */
const seenFactor = 10

interface OpenBatch {
  readonly first: RawRecord
  text: string[]
  records: number
  /** Those of them that are not only left out. */
  planned: number
  bytes: number
  end: number
  /** Places of records that were delivered before; null: none. */
  seen: Uint8Array | null
}

/** Reads the whole landing. Answers the record index and what was found; writes only to the blob store. */
export async function validate(input: ValidateInput): Promise<Validated> {
  const tally = createTally()
  const batches: BatchPlace[] = []
  try {
    await input.store.write(input.preparedKey, compressed(closedBatches(input, tally), batches))
    await input.seen?.end()
  } catch (error) {
    await input.seen?.abandon(error as Error)
    throw error
  }
  const total = batches.reduce((sum, batch) => sum + batch.records, 0)
  return {
    index: { total, batches },
    tally: tally.report(total, input.columns.live.slice(input.columns.known)),
  }
}

/** Cuts the records into batches of at most so many records and bytes. */
async function* closedBatches(
  input: ValidateInput,
  tally: ReturnType<typeof createTally>,
): AsyncGenerator<OpenBatch> {
  const { batchRecords, batchBytes } = input.cut
  let open: OpenBatch | null = null
  for await (const block of input.records) {
    for (const raw of block) {
      if (
        open !== null &&
        (open.planned >= batchRecords ||
          open.records >= batchRecords * seenFactor ||
          raw.offset + raw.length - open.first.offset > batchBytes ||
          // Of several landings the offsets begin anew.
          open.bytes + raw.length > batchBytes)
      ) {
        yield open
        open = null
      }
      open ??= { first: raw, text: [], records: 0, planned: 0, bytes: 0, end: 0, seen: null }
      if (raw.cells === null && raw.bad === null) {
        setBit((open.seen ??= emptyBits(batchRecords * seenFactor)), open.records)
        tally.addSeen()
      } else {
        const prepared = prepareAgainst(input.source.lineageOf(raw.ordinal), raw, input.mapper, input.asOf)
        tally.add(raw, prepared)
        open.text.push(encodePrepared(prepared))
        open.planned++
      }
      open.records++
      open.bytes += raw.length
      open.end = raw.offset + raw.length
    }
    if (open !== null) input.onProgress(open.first.ordinal + open.records - 1, open.end)
    await input.seen?.drained()
  }
  if (open !== null) yield open
}

/** Compresses batches on the thread pool while the next ones are read; fills the index. */
async function* compressed(open: AsyncIterable<OpenBatch>, index: BatchPlace[]): AsyncGenerator<Uint8Array> {
  const waiting: { batch: OpenBatch; bytes: Promise<Uint8Array> }[] = []
  let at = 0
  const next = async (): Promise<Uint8Array> => {
    const { batch, bytes } = waiting.shift()!
    const block = await bytes
    const { ordinal, offset, line } = batch.first
    index.push({
      firstOrdinal: ordinal,
      records: batch.records,
      offset,
      line,
      preparedAt: at,
      preparedBytes: block.length,
      ...(batch.seen === null ? {} : { seen: Buffer.from(batch.seen).toString('base64') }),
    })
    at += block.length
    return block
  }
  for await (const batch of open) {
    const bytes = compress(Buffer.from(batch.text.join('')), compression)
    bytes.catch(() => {})
    batch.text = []
    waiting.push({ batch, bytes })
    if (waiting.length >= 3) yield await next()
  }
  while (waiting.length > 0) yield await next()
}
