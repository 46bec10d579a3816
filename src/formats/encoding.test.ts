// Encodings: detected, decoded per cell, undecodable bytes refused; offsets stay those of the file.
import iconv from 'iconv-lite'
import { describe, expect, test } from 'vitest'
import { detectEncoding } from './detectEncoding.ts'
import { codecFor } from './encoding.ts'
import { readAll } from './reader.ts'
import { cellsOf, dialectOf, shown } from './testing.ts'

const texts: [encoding: string, text: string][] = [
  ['utf-8', 'id,name\n1,Zoë\n2,日本🙂\n'],
  ['utf-16le', 'id,name\n1,Zoë\n2,日本🙂\n'],
  ['utf-16be', 'id,name\n1,Zoë\n2,日本🙂\n'],
  ['windows-1252', 'id,name\n1,Zoë €5\n2,“Ÿ”\n'],
  ['iso-8859-1', 'id,name\n1,Zoë\n2,\u0080ÿ\n'],
  ['windows-1251', 'id,name\n1,Мария\n2,Пётр\n'],
  ['koi8-r', 'id,name\n1,Мария\n2,Пётр\n'],
  ['cp850', 'id,name\n1,Zoë\n2,½\n'],
  // Second bytes that look like a pipe and a backslash.
  ['shift_jis', 'id|name|x\n1|ポソ表|ﾊﾝ\n2|"予""ポ"|b\n'],
  ['gb18030', 'id,name\n1,汉字\n2,€𠀀\n'],
  ['big5', 'id|name\n1|許功蓋\n2|x\n'],
  ['euc-jp', 'id,name\n1,日本語\n2,x\n'],
]

describe('cells read as the encoding says (BS-D03)', () => {
  test.each(texts)('%s', (encoding, text) => {
    const bytes = codecFor(encoding).encode(text)
    const delimiter = text.includes('|') ? '|' : ','
    const rows = text
      .trimEnd()
      .split('\n')
      .map((line) => line.replaceAll('""', '\0').replaceAll('"', '').replaceAll('\0', '"').split(delimiter))
    const records = readAll(bytes, dialectOf({ encoding, delimiter }), { columns: rows[0]! })
    expect(records.map((record) => record.cells)).toEqual(rows.slice(1))
    const [, second] = records
    expect(codecFor(encoding).decode(bytes.subarray(second!.offset))).toBe(
      text.split('\n').slice(2).join('\n'),
    )
  })

  test('0x80 in windows-1252 is € (Node 20 gets this wrong)', () => {
    const records = readAll(Buffer.from('a,b\n\x80,x\n', 'latin1'), dialectOf({ encoding: 'windows-1252' }), {
      columns: ['a', 'b'],
    })
    expect(cellsOf(records)).toEqual(['€|x'])
    expect(codecFor('windows-1252').decode(Buffer.of(0x80))).toBe('€')
  })
})

describe('bytes that are no text are set aside, with their bytes', () => {
  const cases: [encoding: string, bytes: Buffer, expected: string[]][] = [
    ['utf-8', Buffer.from('a\n\xc3\n\xc3\xbc\n', 'latin1'), ['✗ read.encoding', 'ü']],
    ['utf-8', Buffer.from('a\n\xed\xa0\x80\nx\n', 'latin1'), ['✗ read.encoding', 'x']],
    ['utf-8', Buffer.from('a\n\xc0\xaf\nx\n', 'latin1'), ['✗ read.encoding', 'x']],
    ['windows-1252', Buffer.from('a\n\x81\nx\n', 'latin1'), ['✗ read.encoding', 'x']],
    ['shift_jis', Buffer.from('a\n\x83\nx\n', 'latin1'), ['✗ read.encoding', 'x']],
    ['utf-16le', Buffer.from('a\n\ud800\nx\n', 'utf16le'), ['✗ read.encoding', 'x']],
    [
      'utf-16le',
      Buffer.concat([Buffer.from('a\nx\n', 'utf16le'), Buffer.of(0x41)]),
      ['x', '✗ read.encoding'],
    ],
  ]
  test.each(cases)('%s %#', (encoding, bytes, expected) => {
    expect(cellsOf(readAll(bytes, dialectOf({ encoding }), { columns: ['a'] }))).toEqual(expected)
  })

  test('UTF-16 big endian: raw bytes and offsets are those of the file', () => {
    const bytes = Buffer.from('\ufeffa,b\nü\n1,2\n', 'utf16le').swap16()
    const [bad, good] = readAll(bytes, dialectOf({ encoding: 'utf-16be' }), { columns: ['a', 'b'] })
    expect(shown([bad!, good!])).toEqual(['1 @2:10+4 read.field_count b "\\u0000ü"', '2 @3:14+8 ["1","2"]'])
  })
})

describe('detection', () => {
  const german = 'id;name;town\n1;Jürgen Groß;Köln\n2;Zoë Müller;Zürich\n'
  const czech =
    'id;jméno;město\n1;Jiří Dvořák;Plzeň\n2;Šárka Žižková;Děčín\n3;Kateřina Řehořová;Třebíč\n'.repeat(4)
  const russian = 'номер;имя;город\n1;Мария Иванова;Москва\n2;Пётр Петров;Санкт-Петербург\n'.repeat(4)
  const japanese = '番号,氏名,住所\n1,ヤマダ・タロウ,東京のとなりのまち\n2,すずき はなこ,大阪府です\n'.repeat(
    6,
  )
  const cases: [title: string, bytes: Buffer, expected: string][] = [
    ['ASCII', Buffer.from('a,b\n1,2\n'), 'utf-8'],
    ['UTF-8', Buffer.from(german), 'utf-8'],
    ['UTF-8 with mark', Buffer.from(`\ufeff${german}`), 'utf-8'],
    ['UTF-8 cut inside a character', Buffer.from('a,ü').subarray(0, 3), 'utf-8'],
    [
      'UTF-8 with a few damaged bytes',
      Buffer.concat([Buffer.from(german.repeat(5)), Buffer.of(0xff)]),
      'utf-8',
    ],
    ['UTF-8 with a NUL', Buffer.from(`${german}\0`), 'utf-8'],
    ['UTF-16 LE with mark', Buffer.from(`\ufeff${german}`, 'utf16le'), 'utf-16le'],
    ['UTF-16 BE with mark', Buffer.from(`\ufeff${german}`, 'utf16le').swap16(), 'utf-16be'],
    ['UTF-16 LE', Buffer.from(german, 'utf16le'), 'utf-16le'],
    ['UTF-16 BE', Buffer.from(german, 'utf16le').swap16(), 'utf-16be'],
    ['UTF-16 LE, Cyrillic', Buffer.from(russian, 'utf16le'), 'utf-16le'],
    ['windows-1252', iconv.encode(german, 'windows-1252'), 'windows-1252'],
    ['windows-1252, one accent', iconv.encode('id;name\n1;Zoë\n', 'windows-1252'), 'windows-1252'],
    ['windows-1252, euro sign', iconv.encode('id;price\n1;€ 5\n', 'windows-1252'), 'windows-1252'],
    ['windows-1251', iconv.encode(russian, 'windows-1251'), 'windows-1251'],
    ['windows-1250', iconv.encode(czech, 'windows-1250'), 'windows-1250'],
    [
      'windows-1250, Polish',
      iconv.encode(
        'id;imię\n1;Łukasz Żółć\n2;Wójcik Paweł\n3;Śliwińska Małgorzata\n4;Kowalczyk Stanisław\n',
        'windows-1250',
      ),
      'windows-1250',
    ],
    [
      'windows-1254',
      iconv.encode('id;ad\n1;Ayşe Yılmaz\n2;Oğuz Şahin\n3;Işık Çağlar\n', 'windows-1254'),
      'windows-1254',
    ],
    [
      'windows-1252, French',
      iconv.encode('id;prénom\n1;Hélène Lefèvre\n2;François Noël\n3;Zoë à Nîmes où\n', 'windows-1252'),
      'windows-1252',
    ],
    [
      'windows-1252, Danish',
      iconv.encode('id;navn\n1;Søren Kjær Ødegård\n2;Bjørn Ås\n', 'windows-1252'),
      'windows-1252',
    ],
    ['Shift_JIS', iconv.encode(japanese, 'shift_jis'), 'shift_jis'],
    ['EUC-JP', iconv.encode(japanese, 'euc-jp'), 'euc-jp'],
  ]
  test.each(cases)('%s', (_, bytes, expected) => {
    expect(detectEncoding(bytes).encoding).toBe(expected)
  })
})

test.each(['utf-7', 'nonsense', 'base64', 'utf-32', ''])('refuses "%s" with advice', (name) => {
  expect(() => codecFor(name)).toThrow(`There is no encoding "${name}" that Sluice can read.`)
})
