// Workbooks: what becomes of each kind of cell, which sheets there are, and what is refused.
import { describe, expect, test } from 'vitest'
import { makeXlsx, makeZip, memoryBytes, type WorkbookOf } from '../../../test/support/containers.ts'
import { SluiceError } from '../../core/problem.ts'
import { streamOf } from '../testing.ts'
import { describeContainer, partContent } from './parts.ts'
import { cellText, expanded, plainNumber } from './xlsx/cellText.ts'
import { walkXml } from './xml.ts'
import { lookOfCode, type Look } from './xlsx/styles.ts'

async function linesOf(file: Uint8Array, part = 'S'): Promise<string[]> {
  let text = ''
  for await (const block of partContent(memoryBytes(file), part)) text += Buffer.from(block).toString()
  return text.split('\n')
}

function sheet(rows: string, more: Partial<WorkbookOf> = {}): Buffer {
  return makeXlsx({ sheets: [{ name: 'S', rows }], ...more })
}

async function problemOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
  } catch (error) {
    if (error instanceof SluiceError) return `${error.problem.code}: ${error.problem.message}`
    throw error
  }
  return 'no problem'
}

describe('a cell lands as', () => {
  const strings =
    '<si><t>shared</t></si><si><r><t>ri</t></r><r><rPr/><t xml:space="preserve">ch </t></r><rPh><t>furi</t></rPh></si><si/>'
  const formats = [
    'yyyy-mm-dd',
    'dd.mm.yyyy hh:mm',
    'h:mm',
    '00000',
    '[h]:mm:ss',
    14,
    '#,##0.00 [$€-407]',
    '0%',
  ]
  const cases: readonly (readonly [what: string, cell: string, lands: string])[] = [
    ['a shared text', '<c r="A1" t="s"><v>0</v></c>', '["shared"]'],
    ['a text with several looks, without how it is pronounced', '<c r="A1" t="s"><v>1</v></c>', '["rich "]'],
    ['an empty text as nothing', '<c r="A1" t="s"><v>2</v></c>', ''],
    [
      'a text of its own',
      '<c r="A1" t="inlineStr"><is><t>in &amp; &#228; &#x1F600;</t></is></c>',
      '["in & ä 😀"]',
    ],
    ['a text in CDATA', '<c r="A1" t="str"><v><![CDATA[a<b]]></v></c>', '["a<b"]'],
    [
      'a text with an escaped character',
      '<c r="A1" t="str"><v>a_x0009_b_x005F_x0009_</v></c>',
      '["a\\tb_x0009_"]',
    ],
    ['leading zeros of a text', '<c r="A1" t="inlineStr"><is><t>00420</t></is></c>', '["00420"]'],
    ['a number', '<c r="A1"><v>0.10000000000000001</v></c>', '["0.1"]'],
    [
      'numbers as Google Sheets writes them',
      '<c r="A1" s="0"><v>12.0</v></c><c r="B1"><v>1.234567890123456E15</v></c>',
      '["12","1234567890123456"]',
    ],
    ['a long id without an exponent', '<c r="A1"><v>1.234567890123456E+15</v></c>', '["1234567890123456"]'],
    [
      'digits that no computer number holds',
      '<c r="A1"><v>12345678901234567890</v></c>',
      '["12345678901234567890"]',
    ],
    ['a date', '<c r="A1" s="1"><v>29280</v></c>', '["1980-02-29"]'],
    ['a date in a format that is built in', '<c r="A1" s="6"><v>45296</v></c>', '["2024-01-05"]'],
    [
      'a date with a time that its format hides',
      '<c r="A1" s="1"><v>45296.5</v></c>',
      '["2024-01-05T12:00:00"]',
    ],
    ['a date and time', '<c r="A1" s="2"><v>45296.573263888888</v></c>', '["2024-01-05T13:45:30"]'],
    ['midnight', '<c r="A1" s="2"><v>45296</v></c>', '["2024-01-05T00:00:00"]'],
    ['a time', '<c r="A1" s="3"><v>0.35416666666666669</v></c>', '["08:30:00"]'],
    ['a duration beyond a day', '<c r="A1" s="5"><v>1.5</v></c>', '["36:00:00"]'],
    ['day 0, which is how an empty reference looks, as nothing', '<c r="A1" s="1"><v>0</v></c>', ''],
    ['a date before the one that never was', '<c r="A1" s="1"><v>1</v></c>', '["1900-01-01"]'],
    ['a number no date has', '<c r="A1" s="1"><v>-5</v></c>', '["-5"]'],
    ['a date written as such', '<c r="A1" t="d"><v>2024-01-05</v></c>', '["2024-01-05"]'],
    ['zeros that the format shows', '<c r="A1" s="4"><v>1067</v></c>', '["01067"]'],
    ['money as its number', '<c r="A1" s="7"><v>1234.5</v></c>', '["1234.5"]'],
    ['percent as its number', '<c r="A1" s="8"><v>0.12</v></c>', '["0.12"]'],
    ['yes', '<c r="A1" t="b"><v>1</v></c>', '["true"]'],
    ['no', '<c r="A1" t="b"><v>0</v></c>', '["false"]'],
    ['what a formula gave', '<c r="A1"><f>1+1</f><v>2</v></c>', '["2"]'],
    ['an empty text that a formula gave', '<c r="A1" t="str"><f>""</f><v></v></c>', ''],
    ['a formula nobody calculated', '<c r="A1"><f>1+1</f><v/></c>', '[{"#error":"uncalculated"}]'],
    ['an error', '<c r="A1" t="e"><v>#N/A</v></c>', '[{"#error":"#N/A"}]'],
    ['a cell that only has a look', '<c r="A1" s="1"/>', ''],
    ['a cell far to the right', '<c r="D1"><v>1</v></c>', '[null,null,null,"1"]'],
    ['cells without places', '<c><v>1</v></c><c/><c><v>3</v></c>', '["1",null,"3"]'],
    ['with prefixes in the XML', '<x:c r="B1"><x:v>1</x:v></x:c>', '[null,"1"]'],
    ['an attribute with > in it', '<c r="A1" x="a>b" t="b"><v>1</v></c>', '["true"]'],
  ]
  test.each(cases)('%s', async (_, cell, lands) => {
    expect(await linesOf(sheet(`<row r="1">${cell}</row>`, { strings, formats }))).toEqual([lands, ''])
  })

  test('dates of old Macs', async () => {
    const file = sheet('<row><c s="1"><v>0</v></c><c s="1"><v>44650</v></c></row>', {
      formats: [14],
      from1904: true,
    })
    expect(await linesOf(file)).toEqual(['["1904-01-01","2026-03-31"]', ''])
  })
})

describe('a sheet', () => {
  test('line and row are the same, whatever is empty between', async () => {
    const rows =
      '<row r="3"><c r="A3"><v>1</v></c></row><row r="4"/><row><c><v>2</v></c></row><row r="8"><c><v>3</v></c></row>'
    expect(await linesOf(sheet(rows))).toEqual(['', '', '["1"]', '', '["2"]', '', '', '["3"]', ''])
  })

  test('is known by its name; hidden and empty ones are told', async () => {
    const rows = '<row><c><v>1</v></c></row>'
    const file = makeXlsx({
      sheets: [
        { name: 'R&amp;D', rows },
        { name: 'Blank', rows: '<row r="1"><c r="A1" s="1"/></row>' },
        { name: 'Lists', rows, state: 'veryHidden' },
      ],
    })
    const { kind, parts } = await describeContainer(memoryBytes(file))
    const shown = parts.map(
      ({ name, hidden, empty }) => `${name}${hidden ? ' hidden' : ''}${empty ? ' empty' : ''}`,
    )
    expect({ kind, shown }).toEqual({ kind: 'xlsx', shown: ['R&D', 'Blank empty', 'Lists hidden'] })
    expect(await problemOf(linesOf(file, 'Nope'))).toBe(
      'container.part_missing: There is no sheet Nope in the file; there is: R&D, Blank, Lists.',
    )
  })
})

test.each<[string, Look]>([
  ['General', 'number'],
  ['0.00E+00', 'number'],
  ['#,##0.00 "days"', 'number'],
  ['[Red]0.0', 'number'],
  ['[$-407]d. mmmm yyyy;@', 'date'],
  ['mmm-yy', 'date'],
  ['mmmm', 'date'],
  ['mm:ss.0', 'time'],
  ['h:mm AM/PM', 'time'],
  ['[mm]:ss', 'time'],
  [String.raw`yyyy\-mm\-dd\ hh:mm`, 'moment'],
  ['0000000', { zeros: 7 }],
  ['0', 'number'],
  ['@', 'number'],
])('the format %s shows a %j', (code, look) => {
  expect(lookOfCode(code)).toEqual(look)
})

test.each([
  ['1e-7', '0.0000001'],
  ['1.5e+21', '1500000000000000000000'],
  ['-1.25e2', '-125'],
  ['12.5e1', '125'],
  ['1.2345e2', '123.45'],
])('%s is written %s', (text, plain) => {
  expect(expanded(text)).toBe(plain)
})

test('a number that is none stays as it is written', () => {
  expect([plainNumber('1e999'), plainNumber(' 7 '), cellText('x', 'date', false)]).toEqual([
    '1e999',
    '7',
    'x',
  ])
})

test('XML in UTF-16 is read, and bytes that are no text are refused', async () => {
  const texts: string[] = []
  const handler = { open() {}, close() {}, text: (text: string) => void texts.push(text) }
  await walkXml(streamOf(Buffer.from('\ufeff<a>ä</a>', 'utf16le')), handler)
  expect(texts).toEqual(['ä'])
  expect(await problemOf(walkXml(streamOf(Buffer.from('<a>\xff</a>', 'latin1')), handler))).toMatch(/no text/)
})

test('XML in blocks of any size is the same', async () => {
  const xml = '<a b="1>2"><!-- <x> --><?y ?>&lt;t&amp;<![CDATA[<c>]]></a>'
  const told = async (size: number): Promise<string> => {
    let all = ''
    const blocks = Array.from({ length: Math.ceil(xml.length / size) }, (_, i) =>
      Buffer.from(xml.slice(i * size, (i + 1) * size)),
    )
    await walkXml(streamOf(...blocks), {
      open: (name, attributes) => void (all += `+${name}${attributes}`),
      close: (name) => void (all += `-${name}`),
      text: (text) => void (all += text),
    })
    return all
  }
  const sizes = await Promise.all([1, 2, 3, 5, 7, 11, 1000].map(told))
  expect(new Set(sizes)).toEqual(new Set(['+a b="1>2"<t&<c>-a']))
})

describe('refused', () => {
  const docType = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
  const cases: readonly (readonly [what: string, file: () => Buffer, says: RegExp])[] = [
    [
      'entities of its own',
      () => sheet('<row/>', { prolog: docType }),
      /^container\.bomb: .*declares entities/,
    ],
    [
      'a cell beyond the last column',
      () => sheet('<row><c r="XFE1"><v>1</v></c></row>'),
      /container\.damaged: .*no cell XFE1/,
    ],
    ['a row beyond the last one', () => sheet('<row r="1048577"/>'), /container\.damaged: .*row 1048577/],
    [
      'rows that go back',
      () => sheet('<row r="5"/><row r="4"/>'),
      /container\.damaged: .*row 4 follows row 5/,
    ],
    [
      'cells that go back',
      () => sheet('<row><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>'),
      /disorder/,
    ],
    ['a text that is not there', () => sheet('<row><c t="s"><v>7</v></c></row>'), /names text 7/],
    ['a file cut off in a tag', () => sheet('<row><c t="s'), /container\.damaged: .*middle of a tag/],
    [
      'a part that is missing',
      () =>
        makeZip([
          { name: '[Content_Types].xml', content: '' },
          { name: 'xl/x', content: '' },
        ]),
      /xl\/workbook\.xml is missing/,
    ],
    ['a binary workbook', () => makeZip([{ name: 'xl/workbook.bin', content: '' }]), /not_supported: .*xlsb/],
    ['a Word document', () => makeZip([{ name: 'word/document.xml', content: '' }]), /Word document/],
    [
      'an OpenDocument file',
      () =>
        makeZip([
          { name: 'mimetype', content: '' },
          { name: 'content.xml', content: '' },
        ]),
      /\.ods/,
    ],
  ]
  test.each(cases)('%s', async (_, file, says) => {
    expect(await problemOf(linesOf(file()))).toMatch(says)
  })

  test('an old workbook, and one with a password', async () => {
    const magic = Buffer.from('d0cf11e0a1b11ae1', 'hex')
    const compound = (name: string): Uint8Array =>
      Buffer.concat([magic, Buffer.alloc(600), Buffer.from(name, 'utf16le')])
    const told = (name: string): Promise<string> => problemOf(describeContainer(memoryBytes(compound(name))))
    expect(await told('Workbook')).toMatch(/^container\.old_excel/)
    expect(await told('EncryptedPackage')).toBe(
      'container.encrypted: The workbook is protected by a password, so it cannot be read.',
    )
    expect(await told('WordDocument')).toMatch(/^container\.not_supported/)
  })

  test('little XML that comes to endless text: the reader refuses the rows, and memory stays small', async () => {
    const rows = `<row>${'<c t="s"><v>0</v></c>'.repeat(5000)}</row>`.repeat(3)
    const file = sheet(rows, { strings: `<si><t>${'x'.repeat(1 << 20)}</t></si>` })
    let longest = 0
    for await (const block of partContent(memoryBytes(file), 'S')) longest = Math.max(longest, block.length)
    expect(longest).toBeGreaterThan(4 << 20)
    expect(longest).toBeLessThan(8 << 20)
  })
})
