// Reads one column of a row group page by page; every size a page claims is held against the caps before it is believed.
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib'
import type { ColumnMetaData, Compressors, PageHeader, SchemaTree } from 'hyparquet'
import { caps } from '../../../core/caps.ts'
import { failure } from '../../../core/problems.ts'
import type { RandomBytes } from '../bytes.ts'
import { checkRuns, checkPrefixes } from './runs.ts'

type Hyparquet = Awaited<ReturnType<typeof loadHyparquet>>

/** Only who reads Parquet pays for it. */
export async function loadHyparquet() {
  const [
    { parquetMetadataAsync, parquetSchema },
    column,
    datapage,
    plain,
    schema,
    assemble,
    encoding,
    packed,
  ] = await Promise.all([
    import('hyparquet'),
    import('hyparquet/src/column.js'),
    import('hyparquet/src/datapage.js'),
    import('hyparquet/src/plain.js'),
    import('hyparquet/src/schema.js'),
    import('hyparquet/src/assemble.js'),
    import('hyparquet/src/encoding.js'),
    import('hyparquet-compressors'),
  ])
  return {
    parquetMetadataAsync,
    parquetSchema,
    ...column,
    ...datapage,
    ...plain,
    ...schema,
    ...assemble,
    ...encoding,
    compressors: compressorsOf(packed.compressors),
  }
}

/** Node's own where it has them: they stop at the length a page claims. */
function compressorsOf(others: Compressors): Compressors {
  return {
    ...others,
    GZIP: (input, length) => gunzipSync(input, { maxOutputLength: Math.max(1, length) }),
    BROTLI: (input, length) => brotliDecompressSync(input, { maxOutputLength: Math.max(1, length) }),
    ZSTD: (input, length) => zstdDecompressSync(input, { maxOutputLength: Math.max(1, length) }),
  }
}

/** One data page: raw values, or numbers of dictionary values; with levels where values may be missing or repeated. */
export interface Page {
  readonly values: ArrayLike<unknown>
  readonly byDictionary: boolean
  readonly definition: readonly number[] | null
  readonly repetition: readonly number[]
  readonly count: number
}

const ahead = 1 << 18
const longestHeader = 1 << 20

export class ColumnPages {
  readonly path: SchemaTree[]
  /** Filled before the first page that needs it. */
  dictionary: readonly unknown[] = []
  readonly #lib: Hyparquet
  readonly #bytes: RandomBytes
  readonly #meta: ColumnMetaData
  readonly #end: number
  readonly #definitionMax: number
  readonly #repetitionMax: number
  #at: number
  #held = new Uint8Array()

  constructor(lib: Hyparquet, bytes: RandomBytes, meta: ColumnMetaData, root: SchemaTree) {
    this.#lib = lib
    this.#bytes = bytes
    this.#meta = meta
    this.path = lib.getTreePath(root, meta.path_in_schema)
    this.#definitionMax = lib.getMaxDefinitionLevel(this.path)
    this.#repetitionMax = lib.getMaxRepetitionLevel(this.path)
    // Some writers say 0 where there is no dictionary.
    const first = [meta.dictionary_page_offset ?? 0n, meta.data_page_offset].filter((offset) => offset > 0n)
    this.#at = Number(first.sort((a, b) => (a < b ? -1 : 1))[0] ?? 0n)
    this.#end = this.#at + Number(meta.total_compressed_size)
    if (this.#end > bytes.size) throw damaged('a column goes on beyond the end of the file')
  }

  get definitionMax(): number {
    return this.#definitionMax
  }

  /** The next data page; null: there are no more. */
  async next(): Promise<Page | null> {
    while (this.#at < this.#end) {
      const header = await this.#header()
      refuseSizes(header)
      const packed = await this.#take(header.compressed_page_size)
      if (header.type === 'DICTIONARY_PAGE') this.#readDictionary(header, packed)
      else if (header.type === 'DATA_PAGE') return this.#dataPage(header, packed)
      else if (header.type === 'DATA_PAGE_V2') return this.#dataPage2(header, packed)
    }
    return null
  }

  async #header(): Promise<PageHeader> {
    for (let room = 1 << 12; ; room *= 8) {
      const bytes = await this.#peek(Math.min(room, this.#end - this.#at))
      const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 }
      try {
        const header = this.#lib.parquetHeader(reader)
        this.#drop(reader.offset)
        return header
      } catch (error) {
        // Statistics can make a header long: it may only have been cut.
        if (room > longestHeader || this.#at + room >= this.#end) throw error
      }
    }
  }

  async #peek(length: number): Promise<Uint8Array> {
    if (this.#held.length < length) {
      const to = Math.min(this.#end, this.#at + Math.max(length, ahead))
      // A copy of its own: numbers are read in place, and only at places their size divides.
      this.#held = Uint8Array.from(await this.#bytes.read(this.#at, to))
    }
    if (this.#held.length < length) throw damaged('a column ends in the middle of a page')
    return this.#held.subarray(0, length)
  }

  #drop(length: number): void {
    this.#held = this.#held.subarray(length)
    this.#at += length
  }

  async #take(length: number): Promise<Uint8Array> {
    if (length > this.#end - this.#at) throw damaged('a page goes on beyond its column')
    const bytes = await this.#peek(length)
    this.#drop(length)
    return bytes
  }

  #unpack(packed: Uint8Array, length: number): Uint8Array {
    return this.#lib.decompressPage(packed, length, this.#meta.codec, this.#lib.compressors)
  }

  #readDictionary(
    { uncompressed_page_size: size, dictionary_page_header: head }: PageHeader,
    packed: Uint8Array,
  ): void {
    const page = this.#unpack(packed, size)
    const reader = { view: new DataView(page.buffer, page.byteOffset, page.byteLength), offset: 0 }
    const { element } = this.path.at(-1)!
    const values = this.#lib.readPlain(reader, this.#meta.type, head!.num_values, element.type_length)
    this.dictionary = Array.from(values as ArrayLike<unknown>)
  }

  #decoder() {
    const { element } = this.path.at(-1)!
    const { type, codec, path_in_schema: pathInSchema } = this.#meta
    const { compressors } = this.#lib
    // Our own reading of values follows: the library's parsers are never asked.
    return { type, element, schemaPath: this.path, codec, pathInSchema, compressors, parsers: null as never }
  }

  #dataPage({ uncompressed_page_size: size, data_page_header: head }: PageHeader, packed: Uint8Array): Page {
    const page = this.#unpack(packed, size)
    const count = head!.num_values
    let at = 0
    for (const max of [this.#repetitionMax, this.#definitionMax])
      if (max > 0) {
        const length = new DataView(page.buffer, page.byteOffset).getUint32(at, true)
        checkRuns(page.subarray(at + 4, at + 4 + length), widthOf(max), count)
        at += 4 + length
      }
    this.#checkValues(page.subarray(at), head!.encoding, count)
    const { definitionLevels, repetitionLevels, dataPage } = this.#lib.readDataPage(
      page,
      head!,
      this.#decoder(),
    )
    return this.#page(dataPage, head!.encoding, definitionLevels, repetitionLevels, count)
  }

  #dataPage2(header: PageHeader, packed: Uint8Array): Page {
    const head = header.data_page_header_v2!
    const {
      repetition_levels_byte_length: repeated,
      definition_levels_byte_length: defined,
      num_values: count,
    } = head
    if (this.#repetitionMax > 0) checkRuns(packed.subarray(0, repeated), widthOf(this.#repetitionMax), count)
    const levels = packed.subarray(repeated, repeated + defined)
    if (this.#definitionMax > 0) checkRuns(levels, widthOf(this.#definitionMax), count)
    const body = packed.subarray(repeated + defined)
    const size = header.uncompressed_page_size - repeated - defined
    const values = head.is_compressed === false ? body : this.#unpack(body, size)
    this.#checkValues(values, head.encoding, count)
    // Put together again unpacked, so that nothing is unpacked twice.
    const whole = Uint8Array.from(Buffer.concat([packed.subarray(0, repeated + defined), values]))
    const nulls = this.#nulls(levels, count)
    const plain = { ...header, data_page_header_v2: { ...head, is_compressed: false, num_nulls: nulls } }
    const { definitionLevels, repetitionLevels, dataPage } = this.#lib.readDataPageV2(
      whole,
      plain,
      this.#decoder(),
    )
    return this.#page(dataPage, head.encoding, definitionLevels, repetitionLevels, count)
  }

  /** Counted, not believed: writers do not agree whether an empty list is a missing value. */
  #nulls(levels: Uint8Array, count: number): number {
    if (this.#definitionMax === 0) return 0
    const found: number[] = Array.from({ length: count }, () => 0)
    const reader = { view: new DataView(levels.buffer, levels.byteOffset, levels.byteLength), offset: 0 }
    this.#lib.readRleBitPackedHybrid(reader, widthOf(this.#definitionMax), found, levels.length)
    return found.filter((level) => level !== this.#definitionMax).length
  }

  #checkValues(values: Uint8Array, encoding: string, count: number): void {
    const { type } = this.#meta
    if (encoding.endsWith('DICTIONARY') && values.length > 0) checkRuns(values.subarray(1), values[0]!, count)
    else if (encoding === 'RLE') checkRuns(values.subarray(4), 1, count)
    else if (encoding === 'DELTA_BYTE_ARRAY' && type === 'BYTE_ARRAY')
      checkPrefixes(values, count, caps.pageBytes)
  }

  #page(
    values: ArrayLike<unknown>,
    encoding: string,
    definition: readonly number[] | undefined,
    repetition: readonly number[],
    count: number,
  ): Page {
    return {
      values,
      byDictionary: encoding.endsWith('DICTIONARY'),
      // No levels: every value is there.
      definition: definition === undefined || definition.length === 0 ? null : definition,
      repetition,
      count,
    }
  }
}

/** Bits of a level. */
function widthOf(max: number): number {
  return 32 - Math.clz32(max)
}

function refuseSizes(header: PageHeader): void {
  const { uncompressed_page_size: unpacked, compressed_page_size: packed } = header
  if (!(packed >= 0) || !(unpacked >= 0)) throw damaged('a page has no size')
  const found = Math.max(unpacked, packed)
  if (found > caps.pageBytes) throw tooLarge('a page', found, caps.pageBytes)
  const { data_page_header: one, data_page_header_v2: two, dictionary_page_header: words } = header
  const values = (one ?? two ?? words)?.num_values ?? 0
  if (!(values >= 0)) throw damaged('a page has no number of values')
  if (values > caps.pageValues)
    throw failure('container.bomb', { kind: 'Parquet', detail: `a page of it claims ${values} values` })
}

export function tooLarge(what: string, found: number, limit: number): Error {
  return failure('container.too_large', { kind: 'Parquet', what, found, limit })
}

export function damaged(detail: string): Error {
  return failure('container.damaged', { kind: 'Parquet', detail: `${detail}.` })
}
