// Workbooks and tables that other programs wrote give exactly these rows.
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { memoryBytes } from '../../../test/support/containers.ts'
import { describeContainer, partContent } from './parts.ts'

const folder = new URL('../../../test/fixtures/containers/', import.meta.url)

async function rowsOf(file: string): Promise<string[]> {
  const bytes = memoryBytes(await readFile(new URL(file, folder)))
  const { parts } = await describeContainer(bytes)
  let text = ''
  for await (const block of partContent(bytes, parts[0]!.name)) text += Buffer.from(block).toString()
  return text.split('\n')
}

const head =
  '["Kundennr","E-Mail","Geburtstag","Angelegt","PLZ","Umsatz","Aktiv","Rabatt","Tel","Zeit","Formel"]'

test.each([
  ['openpyxl.xlsx', '1234567890123456', '{"#error":"uncalculated"}'],
  ['libreoffice.xlsx', '1234567890123460', '"2"'],
])('%s', async (file, id, formula) => {
  expect(await rowsOf(file)).toEqual([
    '["Export vom 20.11.2026"]',
    '',
    head,
    `["${id}","anna@beispiel.de","1980-02-29","2024-01-05T13:45:30","01067","1234.5","true","0.12","+49 30 123","08:30:00",${formula}]`,
    '["12","  b@x.de ","1900-01-01","1999-12-31T23:59:59","99999","0.1","false",null,"0049"]',
    '',
    '["13",null,"2000-01-01",null,null,"0.0000001",null,"1000000000000000000000","x\\ny",{"#error":"#N/A"}]',
    '',
    '["Summe"]',
    '',
  ])
})

test('xlsxwriter.xlsx', async () => {
  expect(await rowsOf('xlsxwriter.xlsx')).toEqual([
    '["id","when","n"]',
    '["9007199254740992","2026-03-29T02:30:00","3"]',
    '["aboldc","true","_x000D_"]',
    '',
  ])
})

test.each(['libreoffice.ods', 'libreoffice.xls'])('%s is refused with what to do', async (file) => {
  await expect(rowsOf(file)).rejects.toThrow(/which cannot be read/)
})

const columns =
  '["id","u","name","dec","day","ts","tz","ns","f","f32","b","tm","addr.city","addr.geo.lat","tags","deep","m","bin","cat"]'

test.each(['pyarrow-snappy', 'pyarrow-zstd', 'pyarrow-delta', 'pyarrow-int96'])(
  '%s.parquet',
  async (name) => {
    // The old timestamps are in UTC by definition.
    const z = name === 'pyarrow-int96' ? 'Z' : ''
    expect(await rowsOf(`${name}.parquet`)).toEqual([
      columns,
      `["9223372036854775807","18446744073709551615","Ä","12345678901234567890.12","2024-02-29","2024-01-05T13:45:30.123456${z}","2024-01-05T13:45:30Z","1970-01-01T00:00:00.000000001${z}","0.1","0.1","true","08:30:00","Wien","48.2","[\\"a\\",\\"b\\\\\\"c\\"]","[{\\"k\\":1,\\"v\\":[\\"x\\",null]}]","{\\"k1\\":1,\\"k2\\":null}","base64:/wA=","x"]`,
      `[null,"1","b","-0.50","1969-12-31","1960-01-01T00:00:00${z}",null,null,null,"0.33333334","false",null,null,null,"[]",null,"{}","text","y"]`,
      `["3","2",null,null,null,null,"2025-01-01T00:00:00Z","2023-11-14T22:13:20.123456789${z}","1000000000000000000000",null,null,"23:59:59.000005",null,null,null,"[]",null,null,"x"]`,
      '',
    ])
  },
)
