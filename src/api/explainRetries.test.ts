// Explanations of what was corrected, undone, transformed, or never imported.
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ApiServer } from '../../test/support/apiServer.ts'
import { testDatabase } from '../../test/postgres.ts'
import type { ExplanationView } from './explanationView.ts'
import type { HistoryView } from './history.ts'
import type { Inspection } from './inspect.ts'
import type { RecordPageView } from './records.ts'

const database = testDatabase()
let api: ApiServer

beforeAll(async () => {
  api = await ApiServer.open(database.connection)
})
afterAll(() => api.close())

const head = 'customer_id,email,city,score\n'

interface Imported {
  readonly run: string
  readonly sha256: string
}

/** Imports with the mapping that is proposed, and more of a definition. */
async function importing(content: string, mapping: object = {}): Promise<Imported> {
  const upload = await api.upload(content, 'people.csv')
  const { body } = await api.ask<Inspection>('POST', `/uploads/${upload.id}/inspect`, { json: {} })
  const columns = body.columns.map(({ column }) => column)
  const definition = { dialect: body.dialect, columns, mapping: { ...body.mapping, ...mapping } }
  const json = { upload: upload.id, job: 'people.csv', definition, again: true }
  const { body: answer } = await api.ask<{ run: string }>('POST', '/imports', { json })
  await api.settled(answer.run)
  return { run: answer.run, sha256: createHash('sha256').update(content).digest('hex') }
}

async function undo(run: string): Promise<string> {
  const { body } = await api.ask<{ undos: { run: string }[] }>('POST', '/undos', { json: { runs: [run] } })
  const id = body.undos[0]!.run
  await api.settled(id)
  return id
}

async function answerOf(path: string): Promise<ExplanationView> {
  return (await api.ask<ExplanationView>('GET', path)).body
}

describe('corrected, retried and undone records', () => {
  test('a failed line says that it was corrected, and where; the correction says what it is', async () => {
    const { run, sha256 } = await importing(`${head}F1,f1@a.at,Wien,5\nF2,broken,Graz,5\nF3,f3@a.at,Ulm,5\n`)
    const { body: errors } = await api.ask<string>('GET', `/runs/${run}/artifacts/errors`)
    const upload = await api.upload(errors.replace(',broken,', ',f2@a.at,'), 'errors.csv')
    const { body: started } = await api.ask<{ run: string }>('POST', '/corrections', {
      json: { upload: upload.id, dialect: {} },
    })
    await api.settled(started.run)
    const { answer, rows } = await answerOf(`/explanations?sha256=${sha256}&line=3`)
    expect(rows.map(({ record, state }) => `${record} ${state}`)).toEqual([
      `${run}/2 failed`,
      `${started.run}/1 finished`,
    ])
    expect(answer).toContain(`It was corrected in ${started.run}/1 and became profile ${rows[1]!.profile}.`)
    const correction = await answerOf(`/runs/${started.run}/records/1/explanation`)
    expect(correction.answer).toBe(
      `Record ${started.run}/1 made profile ${rows[1]!.profile}. It is ${run}/2, tried again.`,
    )
    expect(correction.now).toMatchObject({ state: 'finished', outcome: 'unchanged' })
  })

  test('a line of a run that was undone says so, and so does the record of the undo', async () => {
    const first = await importing(`${head}U1,u1@a.at,Wien,5\n`)
    const second = await importing(`${head}U1,u1@a.at,Graz,5\nU2,u2@a.at,Ulm,1\n`)
    const undone = await undo(second.run)
    const updated = await answerOf(`/explanations?sha256=${second.sha256}&line=2`)
    expect(updated.answer).toMatch(new RegExp(`it changed city\\..* The run was undone by ${undone}\\.$`))
    const created = await answerOf(`/explanations?sha256=${second.sha256}&line=3`)
    expect(created.answer).toBe(
      `Line 3 made profile ${created.rows[0]!.profile}. Profile ${created.rows[0]!.profile} was removed later by ${undone}/2. The run was undone by ${undone}.`,
    )
    const reverting = await answerOf(`/runs/${undone}/records/1/explanation`)
    expect(reverting.answer).toBe(
      `Record ${undone}/1 is profile ${updated.rows[0]!.profile}, as the undo of ${second.run} found it; city got back what was there before.`,
    )
    expect(reverting.decided?.values).toMatchObject([{ attribute: 'city', before: 'Graz', after: 'Wien' }])
    const { body: past } = await api.ask<HistoryView>(
      'GET',
      `/profiles/${updated.rows[0]!.profile}/history?attribute=city`,
    )
    expect(past.moments.map(({ value, how, by, asserted }) => [value, how, by.run, asserted?.run])).toEqual([
      ['Wien', 'undone', undone, first.run],
      ['Graz', 'written', second.run, undefined],
      ['Wien', 'written', first.run, undefined],
    ])
    const { body: gone } = await api.ask<HistoryView>('GET', `/profiles/${created.rows[0]!.profile}/history`)
    expect(gone.gone).toMatchObject({ into: null, by: { record: `${undone}/2`, trigger: 'undo' } })
    expect(gone.moments.map(({ value }) => value)).toEqual(['Ulm', 1, 'U2', 'u2@a.at'])
  })

  test('an undo of an undo is shown as well', async () => {
    await importing(`${head}V1,v1@a.at,Wien,5\n`)
    const second = await importing(`${head}V1,v1@a.at,Graz,5\n`)
    const again = await undo(await undo(second.run))
    const { answer, rows } = await answerOf(`/explanations?sha256=${second.sha256}&line=2`)
    expect(answer).toBe(`Line 2 is in profile ${rows[0]!.profile}: it changed city.`)
    const { body: past } = await api.ask<HistoryView>(
      'GET',
      `/profiles/${rows[0]!.profile}/history?attribute=city`,
    )
    expect(past.moments.map(({ value, how }) => `${String(value)} ${how}`)).toEqual([
      'Graz undone',
      'Wien undone',
      'Graz written',
      'Wien written',
    ])
    expect(past.moments[0]!.by.run).toBe(again)
  })
})

describe('steps and filters', () => {
  test('each step of a column, and the filter that left the record out', async () => {
    const content = 'customer_id,city\nS1, wien \nS2,Graz\n'
    const { sha256 } = await importing(content, {
      columns: [
        { column: 'customer_id', target: { to: 'identifier', kind: 'customer_id' } },
        {
          column: 'city',
          target: { to: 'attribute', key: 'city', type: 'text' },
          steps: ['trim', { case: 'upper' }],
        },
      ],
      filters: [{ name: 'not Graz', keep: 'record.city != "Graz"' }],
    })
    const first = await answerOf(`/explanations?sha256=${sha256}&line=2`)
    expect(first.map[1]).toMatchObject({
      cell: ' wien ',
      value: 'WIEN',
      steps: [
        { step: 'trim', after: 'wien' },
        { step: 'case', before: 'wien', after: 'WIEN' },
      ],
    })
    const second = await answerOf(`/explanations?sha256=${sha256}&line=3`)
    expect(second.answer).toBe(
      'Line 3 was left out: the filter "not Graz" does not keep this record (record.filtered).',
    )
    expect(second.checks.at(-1)).toMatchObject({ check: 'filter', passed: false })
  })
})

describe('what was never imported, and what cannot be', () => {
  const definition = {
    dialect: { format: 'csv', encoding: 'utf-8' },
    columns: ['customer_id', 'city', 'brand_new'],
    mapping: {
      columns: [
        { column: 'customer_id', target: { to: 'identifier', kind: 'customer_id' } },
        { column: 'city', target: { to: 'attribute', key: 'city', type: 'text' } },
        { column: 'brand_new', target: { to: 'attribute', key: 'brand_new', type: 'text' } },
      ],
    },
  }
  const record = {
    ordinal: 1,
    line: 2,
    lastLine: 2,
    offset: 27,
    length: 10,
    cells: ['N1', 'Wien', 'yes'],
    bytes: Buffer.from('N1,Wien,yes\n').toString('base64'),
  }

  test('a record that nobody imported is planned, and nothing is written', async () => {
    const { body } = await api.ask<ExplanationView>('POST', '/explanations', { json: { definition, record } })
    expect(body).toMatchObject({
      answer: 'Line 2 was never imported. It would make a new profile.',
      record: null,
      decided: null,
      now: { outcome: 'created', values: [{ attribute: 'city' }, { attribute: 'brand_new', after: 'yes' }] },
      read: { raw: 'N1,Wien,yes' },
    })
    const { body: attributes } = await api.ask<{ attributes: { key: string }[] }>('GET', '/attributes')
    expect(attributes.attributes.map(({ key }) => key)).not.toContain('brand_new')
    const { body: again } = await api.ask<ExplanationView>('POST', '/explanations', {
      json: { definition, record },
    })
    expect(again.now?.outcome).toBe('created')
  })

  test.each([
    [`/explanations?sha256=${'0'.repeat(64)}&line=2`, 'content.unknown'],
    ['/explanations?sha256=xyz&line=2', 'invalid_request'],
    ['/explanations?run=r99999&line=2', 'not_found'],
    ['/runs/r99999/records/1/explanation', 'not_found'],
    ['/runs/r1001/records/999/explanation', 'not_found'],
    ['/runs/r1001/records/0/explanation', 'invalid_request'],
  ])('%s answers %s', async (path, code) => {
    const { body } = await api.ask<{ code: string }>('GET', path)
    expect(body.code).toBe(code)
  })

  test('JSON: keys become columns, and several records may stand in a line', async () => {
    const content =
      '[{"email":"j1@a.at","city":"Wien"},{"email":"j2@a.at","city":"Graz"},\n{"email":"j3@a.at",\n"city":"Ulm"}]\n'
    const { run, sha256 } = await importing(content)
    const first = await answerOf(`/explanations?sha256=${sha256}&line=1`)
    expect(first).toMatchObject({ record: `${run}/1`, alsoHere: [`${run}/2`] })
    expect(await answerOf(`/explanations?sha256=${sha256}&line=3`)).toMatchObject({
      record: `${run}/3`,
      line: 2,
      lastLine: 3,
    })
  })

  test('a run whose landing is gone still says what the ledger knows', async () => {
    const { run } = await importing(`${head}G1,g1@a.at,Wien,5\n`)
    await api.harness.store.remove(`runs/${api.harness.namespace.id}/${run.slice(1)}/index`)
    const { answer, read, decided } = await answerOf(`/runs/${run}/records/1/explanation`)
    expect(answer).toMatch(/^Record r\d+\/1 made profile \d+\.$/)
    expect({ read, decided }).toEqual({ read: null, decided: null })
  })
})

describe('a file of several batches', () => {
  test('a line is found from the nearest batch, also at its edges', async () => {
    const rows = Array.from({ length: 11_000 }, (_, i) => (i === 4999 ? `B${i},"two\nlines"` : `B${i},x`))
    const { run } = await importing(`customer_id,note\n${rows.join('\n')}\n`)
    // Record 5,000 ends the first batch and covers the lines 5,001 and 5,002.
    for (const [line, ordinal] of [
      [2, 1],
      [5000, 4999],
      [5001, 5000],
      [5002, 5000],
      [5003, 5001],
      [10_002, 10_000],
      [10_003, 10_001],
      [11_002, 11_000],
    ] as const) {
      const found = await answerOf(`/explanations?run=${run}&line=${line}`)
      expect([line, found.record, found.map[0]?.cell]).toEqual([line, `${run}/${ordinal}`, `B${ordinal - 1}`])
    }
    const { answer } = await answerOf(`/explanations?run=${run}&line=11003`)
    expect(answer).toBe('Line 11003 of people.csv comes after the last record, which begins in line 11002.')
  })
})

describe('records of one person', () => {
  test('come newest run first, page by page', async () => {
    const runs = []
    for (const city of ['Wien', 'Graz', 'Linz'])
      runs.push((await importing(`customer_id,city\nR1,${city}\nR1,${city}\n`)).run)
    const { body: found } = await api.ask<{ profiles: { id: number }[] }>('GET', '/profiles?identifier=R1')
    const path = `/records?profile=${found.profiles[0]!.id}&limit=4`
    const { body: first } = await api.ask<RecordPageView>('GET', path)
    const { body: second } = await api.ask<RecordPageView>('GET', `${path}&cursor=${first.next}`)
    const [oldest, middle, newest] = runs
    expect([...first.records, ...second.records].map(({ id }) => id)).toEqual([
      `${newest}/1`,
      `${newest}/2`,
      `${middle}/1`,
      `${middle}/2`,
      `${oldest}/1`,
      `${oldest}/2`,
    ])
    expect(second.next).toBeNull()
  })
})
