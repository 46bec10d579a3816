// What is remembered of an earlier import when a similar file comes (requirements P9, BC-09).
import { describe, expect, test } from 'vitest'
import { createColumnProfile, type ColumnReport } from './columnProfile.ts'
import { compileMapping } from './compileMapping.ts'
import type { ColumnMapping, Mapping } from './mapping.ts'
import { applyFlags, applyFlagsToProposal, decidedBy, type MappingFlags } from './mappingFlags.ts'
import { recall, type Recalled } from './mappingMemory.ts'
import { targetText } from './mappingText.ts'
import { proposeMapping } from './proposal.ts'

interface File {
  readonly columns: string[]
  readonly reports: ColumnReport[]
}

/** A file as lines of cells, the header first. */
function file(...rows: string[]): File {
  const [header = [], ...records] = rows.map((row) => row.split(','))
  const profile = createColumnProfile(header)
  const at = { offset: 0, length: 1, bad: null, raw: null }
  records.forEach((cells, i) => profile.add({ ordinal: i + 1, line: i + 2, cells, ...at }))
  return { columns: header, reports: profile.report() }
}

/** As it was imported then. */
function then(
  past: File,
  flags: MappingFlags = {},
  more: object = {},
): { columns: string[]; mapping: Mapping } {
  const mapping = applyFlags(proposeMapping(past.reports).mapping, flags)
  return { columns: past.columns, mapping: { ...mapping, ...more } }
}

function now(
  present: File,
  before: { columns: string[]; mapping: Mapping },
  flags: MappingFlags = {},
): Recalled {
  const proposal = proposeMapping(present.reports)
  const decided = decidedBy(flags, proposal.mapping.columns)
  const recalled = recall(proposal, present.reports, { run: 'r1', ...before }, decided)
  return { ...recalled, proposal: applyFlagsToProposal(recalled.proposal, flags) }
}

const becomes = ({ proposal }: Recalled): string[] =>
  proposal.mapping.columns.map((column) => `${column.column} = ${targetText(column)}`)
const news = (recalled: Recalled): string[] =>
  recalled.news.map(({ kind, column, text }) => `${kind} ${column}: ${text}`)
const questions = ({ proposal }: Recalled): string[] =>
  proposal.ambiguities.map(({ question, flags }) => `${question} ${flags.join(' | ')}`)

const past = file('email,born,city,fax', 'a@x.io,03/04/1990,Wien,1', 'b@x.io,05/06/1991,Ulm,2')
const flags = { dateOrder: ['born=dmy'], map: ['city=town:text', 'fax=-'], blank: ['city=clear'] }

describe('P9 the same header', () => {
  test('what was decided is decided: no question, no guess', () => {
    const recalled = now(past, then(past, flags))
    expect(becomes(recalled)).toEqual([
      'email = @email',
      'born = born:date (dateOrder dmy)',
      'city = town:text (an empty cell clears)',
      'fax = left out: left out by --map',
    ])
    expect(recalled.proposal.mapping.columns[2]!.blank).toBe('clear')
    expect([questions(recalled), news(recalled)]).toEqual([[], []])
  })

  test('in another order and spelling', () => {
    const present = file('City,E-Mail,BORN,Fax', 'Wien,a@x.io,03/04/1990,1')
    const recalled = now(present, then(past, { dateOrder: ['born=dmy'] }))
    expect(becomes(recalled)).toEqual([
      'City = city:text',
      'E-Mail = @email',
      'BORN = born:date (dateOrder dmy)',
      'Fax = fax:integer',
    ])
    expect(questions(recalled)).toEqual([])
  })

  test('flags win', () => {
    const recalled = now(past, then(past, { map: ['city=town:text'] }), {
      map: ['city=place:text'],
      dateOrder: ['born=mdy'],
    })
    expect(becomes(recalled)).toContain('city = place:text')
    expect(becomes(recalled)).toContain('born = born:date (dateOrder mdy)')
  })

  test('what holds for the whole mapping comes along, also settings of tomorrow', () => {
    const { mapping } = now(past, then(past, {}, { clearToken: '-', filters: ['x'] })).proposal
    expect(mapping).toMatchObject({ clearToken: '-', filters: ['x'] })
  })

  test('a column that was only empty then is proposed now', () => {
    const before = file('email,city', 'a@x.io,', 'b@x.io,')
    const recalled = now(file('email,city', 'a@x.io,Wien'), then(before))
    expect(becomes(recalled)).toEqual(['email = @email', 'city = city:text'])
  })

  test('a column that is empty now keeps what it was', () => {
    const recalled = now(file('email,born', 'a@x.io,'), then(past, { dateOrder: ['born=dmy'] }))
    expect(becomes(recalled)).toContain('born = born:date (dateOrder dmy)')
  })
})

describe('P9 a similar header: new, gone, renamed', () => {
  test('is said, and new columns are proposed as usual', () => {
    const present = file('E-Mail Adresse,born,tier', 'a@x.io,2020-01-31,gold')
    const recalled = now(present, then(past, { dateOrder: ['born=dmy'], map: ['city=town:text'] }))
    expect(news(recalled)).toEqual([
      'renamed E-Mail Adresse: was email; taken as @email again',
      'new tier: proposed as tier:text',
      'gone city: was town:text',
      'gone fax: was fax:integer',
    ])
    expect(becomes(recalled)[0]).toBe('E-Mail Adresse = @email')
  })

  test('a name that is only nearly the same is a question', () => {
    const before = file('email,loyalty tier', 'a@x.io,gold')
    const present = file('email,loyality tier', 'a@x.io,gold')
    const recalled = now(present, then(before))
    expect(questions(recalled)).toEqual([
      "Is loyality tier what was called loyalty tier in r1? --map 'loyality tier=loyalty_tier:text' | --map 'loyality tier=loyality_tier:text'",
    ])
    const [old] = recalled.proposal.ambiguities[0]!.choices!
    expect(old).toMatchObject({ column: 'loyality tier', target: { key: 'loyalty_tier' } })
  })

  test('its flag answers it, with all that is remembered', () => {
    const before = file('email,signup day', 'a@x.io,03/04/2024')
    const present = file('email,sign-up dayy', 'a@x.io,03/04/2024')
    const remembered = then(before, { dateOrder: ['signup day=mdy'], blank: ['signup day=clear'] })
    const recalled = now(present, remembered, { map: ['sign-up dayy=signup_day:date'] })
    expect(questions(recalled)).toEqual([])
    expect(recalled.proposal.mapping.columns[1]).toMatchObject({
      format: { dateOrder: 'mdy' },
      blank: 'clear',
    })
  })

  test('a guess never takes the attribute of a remembered column', () => {
    const before = file('email,place', 'a@x.io,Wien')
    const present = file('email,place,city', 'a@x.io,Wien,Ulm')
    const recalled = now(present, then(before, { map: ['place=city:text'] }))
    expect(becomes(recalled)).toEqual(['email = @email', 'place = city:text', 'city = city_2:text'])
    expect(() => compileMapping(recalled.proposal.mapping, present.columns)).not.toThrow()
  })

  test('a new column is not made an identifier beside the remembered one', () => {
    const before = file('contact,x', 'a@x.io,1')
    const present = file('contact,x,email', 'a@x.io,1,b@x.io')
    expect(becomes(now(present, then(before, { map: ['contact=@email'] })))).toContain(
      'email = email_address:text',
    )
  })

  test('with the identifiers gone, those of the file are proposed', () => {
    const before = file('customer_id,email,city', 'C1,a@x.io,Wien')
    const present = file('email,city', 'a@x.io,Wien')
    const recalled = now(present, then(before, { map: ['email=mail:text'] }))
    expect(becomes(recalled)).toEqual(['email = @email', 'city = city:text'])
  })

  test('filters, steps and computed columns that name a column that is gone stay behind, and that is said', () => {
    const filters = [{ keep: 'city == "Wien"' }, { keep: 'born != ""' }]
    const remembered = then(past, {}, { filters, clearToken: '-' })
    const [email, born] = remembered.mapping.columns
    const columns = [
      email!,
      { ...born!, steps: [{ copy: 'fax' }] },
      { ...born!, column: 'made up', compute: { copy: 'city' } },
    ]
    const mapping = { ...remembered.mapping, columns }
    const recalled = now(file('email,born', 'a@x.io,2020-01-31'), { ...remembered, mapping })
    expect(news(recalled)).toEqual([
      'left born: not taken over: it names a column that is gone or renamed',
      'left made up: not taken over: it names a column that is gone or renamed',
      'left filters: not taken over: it names a column that is gone or renamed',
    ])
    expect(recalled.proposal.mapping).toMatchObject({ clearToken: '-', filters: [filters[1]] })
    expect(becomes(recalled)).toEqual(['email = @email', 'born = born:date'])
  })

  test('columns that are computed come along', () => {
    const remembered = then(past)
    const extra = {
      column: 'computed',
      target: { to: 'attribute', key: 'brand', type: 'text', clean: 'none', write: 'set' },
    }
    const columns = [
      ...remembered.mapping.columns,
      { ...extra, format: {}, blank: 'ignore', onBad: 'fail' } as ColumnMapping,
    ]
    const recalled = now(past, { ...remembered, mapping: { ...remembered.mapping, columns } })
    expect(becomes(recalled).at(-1)).toBe('computed = brand:text')
  })
})

describe('P9 what contradicts the file is asked, not applied', () => {
  test('another type', () => {
    const before = file('email,size', 'a@x.io,41', 'b@x.io,42')
    const present = file('email,size', 'a@x.io,L', 'b@x.io,XL')
    const recalled = now(present, then(before))
    expect(questions(recalled)).toEqual([
      'size was size:integer in r1, but none of its values fit that now. What is it? --map size=size:integer | --map size=size:text',
    ])
    expect(news(recalled)).toEqual(['changed size: was size:integer; none of its values fit that now'])
  })

  test('another date order', () => {
    const before = file('email,born', 'a@x.io,31/12/1990')
    const present = file('email,born', 'a@x.io,12/31/1990', 'b@x.io,01/30/1991')
    const recalled = now(present, then(before))
    expect(questions(recalled)).toEqual([
      'born was born:date (dateOrder dmy) in r1, but none of its values fit that now. What is it? --date-order born=dmy | --date-order born=mdy',
    ])
    expect(questions(now(present, then(before), { dateOrder: ['born=mdy'] }))).toEqual([])
  })

  test('an identifier whose column holds something else', () => {
    const before = file('customer_id,contact', 'C1,a@x.io')
    const present = file('customer_id,contact', 'C1,by phone', 'C2,by mail')
    expect(questions(now(present, then(before)))).toEqual([
      'contact was @email in r1, but none of its values fit that now. What is it? --map contact=@email | --map contact=contact:text',
    ])
  })

  test('a few values that do not fit are a warning, as they always were', () => {
    const before = file('email,age', 'a@x.io,41')
    const rows = Array.from({ length: 30 }, (_, i) => `p${i}@x.io,${i + 20}`)
    const recalled = now(
      file('email,age', ...rows, 'q@x.io,old'),
      then(before, { map: ['age=years:integer'] }),
    )
    expect(questions(recalled)).toEqual([])
    expect(recalled.proposal.warnings.map(({ text }) => text)).toEqual([
      expect.stringContaining('1 of 31 values are not whole numbers (first in line 32: "old")'),
    ])
  })

  test('a date order nobody has decided is still asked', () => {
    const before = file('email,born', 'a@x.io,1990-12-31')
    const recalled = now(file('email,born', 'a@x.io,03/04/1990'), then(before))
    expect(recalled.proposal.ambiguities).toMatchObject([{ about: 'date_order', column: 'born' }])
  })
})
