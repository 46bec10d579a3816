// Makes archives, workbooks and Parquet files for tests: sound ones, and such that lie.
import { crc32, deflateRawSync } from 'node:zlib'
import type { FileMetaData, SchemaElement } from 'hyparquet'
import { ByteWriter } from 'hyparquet-writer'
import { writeMetadata } from 'hyparquet-writer/src/metadata.js'
import { serializeTCompactProtocol } from 'hyparquet-writer/src/thrift.js'
import type { RandomBytes } from '../../src/formats/containers/bytes.ts'

/** Bytes in memory, readable at any place. */
export function memoryBytes(bytes: Uint8Array): RandomBytes {
  return { size: bytes.length, read: (start, end) => Promise.resolve(bytes.subarray(start, end)) }
}

/** A file of an archive; what is given besides name and content is written instead of the truth. */
export interface ZipFileOf {
  readonly name: string | Buffer
  readonly content: string | Uint8Array
  readonly method?: number
  readonly flags?: number
  readonly size?: number
  readonly crc?: number
  /** Points to where this earlier file stands instead of having bytes of its own. */
  readonly sharedWith?: number
}

/** An archive (PKWARE APPNOTE 4.3). `entryCount` is claimed in its directory. */
export function makeZip(files: readonly ZipFileOf[], entryCount = files.length): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  const offsets: number[] = []
  let at = 0
  for (const file of files) {
    const content = Buffer.from(file.content)
    const { method = 8, flags = 0x800, size = content.length, crc = crc32(content) } = file
    const packed = method === 8 ? deflateRawSync(content) : content
    const name = Buffer.from(file.name)
    const shared = Buffer.alloc(26)
    shared.writeUInt16LE(20, 0)
    shared.writeUInt16LE(flags, 2)
    shared.writeUInt16LE(method, 4)
    shared.writeUInt32LE(crc >>> 0, 10)
    shared.writeUInt32LE(packed.length, 14)
    shared.writeUInt32LE(size, 18)
    shared.writeUInt16LE(name.length, 22)
    const own = file.sharedWith === undefined
    offsets.push(own ? at : offsets[file.sharedWith]!)
    if (own) {
      const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), shared, name, packed])
      parts.push(local)
      at += local.length
    }
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(offsets.at(-1)!, 10)
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), shared, tail, name]))
  }
  const table = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(entryCount, 8)
  end.writeUInt16LE(entryCount, 10)
  end.writeUInt32LE(table.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...parts, table, end])
}

export interface SheetOf {
  readonly name: string
  /** The rows as XML: what stands inside `<sheetData>`. */
  readonly rows: string
  readonly state?: string
}

export interface WorkbookOf {
  readonly sheets: readonly SheetOf[]
  /** Inside `<sst>`. */
  readonly strings?: string
  /** Codes of number formats; the style of a cell is its position here, from 1. */
  readonly formats?: readonly (string | number)[]
  readonly from1904?: boolean
  /** Before the root of every sheet. */
  readonly prolog?: string
}

const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'

/** An Excel workbook with exactly this XML in it. */
export function makeXlsx(workbook: WorkbookOf): Buffer {
  const { sheets, strings, formats = [], from1904 = false, prolog = '' } = workbook
  const relation = (id: string, type: string, target: string): string =>
    `<Relationship Id="${id}" Type="${relations}/${type}" Target="${target}"/>`
  const list = sheets.map(
    ({ name, state }, i) =>
      `<sheet name="${name}" sheetId="${i + 1}"${state === undefined ? '' : ` state="${state}"`} r:id="s${i}"/>`,
  )
  const codes = formats.map((format, i) =>
    typeof format === 'string'
      ? `<numFmt numFmtId="${200 + i}" formatCode="${format.replaceAll('"', '&quot;')}"/>`
      : '',
  )
  const looks = formats.map(
    (format, i) => `<xf numFmtId="${typeof format === 'number' ? format : 200 + i}"/>`,
  )
  return makeZip([
    { name: '[Content_Types].xml', content: '<Types/>' },
    {
      name: '_rels/.rels',
      content: `<Relationships>${relation('w', 'officeDocument', 'xl/workbook.xml')}</Relationships>`,
    },
    {
      name: 'xl/workbook.xml',
      content: `<workbook><workbookPr date1904="${from1904 ? 1 : 0}"/><sheets>${list.join('')}</sheets></workbook>`,
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      content: `<Relationships>${sheets
        .map((_, i) => relation(`s${i}`, 'worksheet', `worksheets/sheet${i + 1}.xml`))
        .join(
          '',
        )}${relation('t', 'sharedStrings', 'sharedStrings.xml')}${relation('y', 'styles', '/xl/styles.xml')}</Relationships>`,
    },
    ...(strings === undefined ? [] : [{ name: 'xl/sharedStrings.xml', content: `<sst>${strings}</sst>` }]),
    {
      name: 'xl/styles.xml',
      content: `<styleSheet><numFmts>${codes.join('')}</numFmts><cellXfs><xf numFmtId="0"/>${looks.join('')}</cellXfs></styleSheet>`,
    },
    ...sheets.map(({ rows }, i) => ({
      name: `xl/worksheets/sheet${i + 1}.xml`,
      content: `${prolog}<worksheet><sheetData>${rows}</sheetData></worksheet>`,
    })),
  ])
}

/** A page of a made-up Parquet file: its header as thrift, and its bytes. */
export interface PageOf {
  readonly header: Readonly<Record<`field_${number}`, unknown>>
  readonly body: Uint8Array
}

/** A Parquet file of one column and one row group, made of exactly these pages. */
export function makeParquet(element: SchemaElement, pages: readonly PageOf[], rows: number): Buffer {
  const chunk = new ByteWriter()
  for (const { header, body } of pages) {
    serializeTCompactProtocol(chunk, header)
    chunk.appendBytes(body)
  }
  const bytes = Buffer.from(chunk.getBuffer())
  const metadata: FileMetaData = {
    version: 2,
    schema: [{ name: 'root', num_children: 1 }, element],
    num_rows: BigInt(rows),
    row_groups: [
      {
        columns: [
          {
            file_offset: 4n,
            meta_data: {
              type: element.type!,
              encodings: ['PLAIN'],
              path_in_schema: [element.name],
              codec: 'UNCOMPRESSED',
              num_values: BigInt(rows),
              total_uncompressed_size: BigInt(bytes.length),
              total_compressed_size: BigInt(bytes.length),
              data_page_offset: 4n,
            },
          },
        ],
        total_byte_size: BigInt(bytes.length),
        num_rows: BigInt(rows),
      },
    ],
    metadata_length: 0,
  }
  const end = new ByteWriter()
  writeMetadata(end, metadata)
  const magic = Buffer.from('PAR1')
  return Buffer.concat([magic, bytes, Buffer.from(end.getBuffer()), magic])
}
