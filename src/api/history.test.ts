// The history of a profile against imports on a real database: values, identifiers, merges, and what stands.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ApiServer } from '../../test/support/apiServer.ts'
import { testDatabase } from '../../test/postgres.ts'
import type { HistoryView } from './history.ts'
import type { ProfilePage } from './profileViews.ts'

const database = testDatabase()
let api: ApiServer

beforeAll(async () => {
  api = await ApiServer.open(database.connection)
})
afterAll(() => api.close())

async function profileOf(identifier: string): Promise<number> {
  const { body } = await api.ask<ProfilePage>('GET', `/profiles?identifier=${identifier}`)
  return body.profiles[0]!.id
}

async function history(id: number, query = ''): Promise<HistoryView> {
  const { body } = await api.ask<HistoryView>('GET', `/profiles/${id}/history${query}`)
  return body
}

/** One line a moment: what, value ← replaced, by whom, and what else is to be said. */
function linesOf({ moments }: HistoryView): string[] {
  return moments.map((moment) => {
    const { attribute, identifier, what, value, replaced, by, how, asserted, from, first, stands } = moment
    return [
      attribute ?? `@${identifier}`,
      what,
      `${JSON.stringify(value)}${replaced === null ? '' : ` ← ${JSON.stringify(replaced)}`}`,
      `${by.record}:${by.file}:${by.line}`,
      ...(first ? ['first'] : []),
      ...(stands ? ['stands'] : []),
      ...(how === 'written' ? [] : [`${how} ${asserted?.record ?? ''}`.trim()]),
      ...(from === null ? [] : ['from another']),
    ].join(' ')
  })
}

describe('“Where did this value come from?” (rank 4, LY-33)', () => {
  test('every value with who set it, and what it replaced, newest first', async () => {
    await api.import('customer_id,email,city,vip\nH1,h1@x.at,Wien,yes\nH2,h2@x.at,Graz,no\n', {}, 'a.csv')
    await api.import('customer_id,email,city,vip\nH0,h0@x.at,Ulm,yes\nH1,h1@x.at,Linz,yes\n', {}, 'b.csv')
    await api.import('customer_id,email,city\nH1,new@x.at,Linz\n', {}, 'c.csv')
    await api.import('customer_id,city\nH1,Paris\n', {}, 'd.csv')
    expect(linesOf(await history(await profileOf('H1')))).toEqual([
      'city set "Paris" ← "Linz" r1004/1:d.csv:2 stands',
      '@email added "new@x.at" r1003/1:c.csv:2 stands',
      '@email removed "h1@x.at" r1003/1:c.csv:2 stands',
      'city set "Linz" ← "Wien" r1002/2:b.csv:3 confirmed r1003/1',
      'city set "Wien" r1001/1:a.csv:2 first',
      'vip set true r1001/1:a.csv:2 first stands confirmed r1002/2',
      '@customer_id added "H1" r1001/1:a.csv:2 first stands',
      '@email added "h1@x.at" r1001/1:a.csv:2 first',
    ])
  })

  test('one attribute, one kind of identifier, and pages that do not move', async () => {
    const id = await profileOf('H1')
    expect(linesOf(await history(id, '?attribute=vip'))).toHaveLength(1)
    expect(linesOf(await history(id, '?attribute=email'))).toHaveLength(3)
    const first = await history(id, '?limit=3')
    await api.import('customer_id,city\nH1,Rom\n', {}, 'e.csv')
    const second = await history(id, `?limit=100&cursor=${first.next}`)
    expect([...linesOf(first), ...linesOf(second)]).toEqual(
      linesOf(await history(id))
        .slice(1)
        .map((line, i) => (i === 0 ? `${line} stands` : line)),
    )
    expect(second.next).toBeNull()
  })

  test('a merged-away profile says into which, and its history is part of the other’s', async () => {
    await api.import('customer_id,city\nM1,Wien\n', {}, 'm1.csv')
    await api.import('email,city,score\nm@x.at,Graz,7\n', {}, 'm2.csv')
    const [survivor, loser] = [await profileOf('M1'), await profileOf('m@x.at')]
    const { run } = await api.import('customer_id,email\nM1,m@x.at\n', {}, 'm3.csv')
    const view = await history(survivor)
    expect(view.merged).toMatchObject([{ profile: loser, by: `${run.id}/1` }])
    expect(linesOf(view).map((line) => line.replaceAll(/r\d+/g, 'r'))).toEqual([
      'city set "Graz" ← "Wien" r/1:m3.csv:2 stands merged r/1 from another',
      'score set 7 r/1:m3.csv:2 stands merged r/1 from another',
      '@email moved "m@x.at" r/1:m3.csv:2 stands merged from another',
      'city set "Graz" r/1:m2.csv:2 first',
      'score set 7 r/1:m2.csv:2 first',
      '@email added "m@x.at" r/1:m2.csv:2 first',
      'city set "Wien" r/1:m1.csv:2 first',
      '@customer_id added "M1" r/1:m1.csv:2 first stands',
    ])
    const gone = await history(loser)
    expect(gone.gone).toMatchObject({ into: survivor, by: { record: `${run.id}/1`, line: 2 } })
    expect(gone.moments.map(({ value }) => value)).toEqual(['Graz', 7, 'm@x.at'])
  })

  test('a merge that was undone: both profiles have their own history again', async () => {
    await api.import('customer_id,city\nQ1,Wien\n', {}, 'q1.csv')
    await api.import('email,city,score\nq@x.at,Graz,7\n', {}, 'q2.csv')
    const [survivor, loser] = [await profileOf('Q1'), await profileOf('q@x.at')]
    const { run } = await api.import('customer_id,email\nQ1,q@x.at\n', {}, 'q3.csv')
    const { body } = await api.ask<{ undos: { run: string }[] }>('POST', '/undos', {
      json: { runs: [run.id] },
    })
    await api.settled(body.undos[0]!.run)
    const named = (view: HistoryView): string[] => linesOf(view).map((line) => line.replaceAll(/r\d+/g, 'r'))
    expect(named(await history(survivor))).toEqual([
      'city set "Wien" ← "Graz" r/1:null:null stands undone r/1',
      'score set null ← 7 r/1:null:null stands undone',
      'city set "Graz" ← "Wien" r/1:q3.csv:2 merged r/1 from another',
      'score set 7 r/1:q3.csv:2 merged r/1 from another',
      '@email moved "q@x.at" r/1:q3.csv:2 merged from another',
      'city set "Wien" r/1:q1.csv:2 first',
      '@customer_id added "Q1" r/1:q1.csv:2 first stands',
    ])
    expect(named(await history(loser))).toEqual([
      '@null restored null r/2:null:null undone from another',
      'city set "Graz" r/1:q2.csv:2 first stands',
      'score set 7 r/1:q2.csv:2 first stands',
      '@email added "q@x.at" r/1:q2.csv:2 first stands',
    ])
  })

  test('who is twice in one batch has both values, in order', async () => {
    await api.import('customer_id,city\nT1,Wien\nT1,Graz\nT1,Linz\n', {}, 't.csv')
    const lines = linesOf(await history(await profileOf('T1'), '?attribute=city'))
    expect(lines.map((line) => line.replace(/r\d+/, 'r'))).toEqual([
      'city set "Linz" ← "Graz" r/3:t.csv:4 stands',
      'city set "Graz" ← "Wien" r/2:t.csv:3',
      'city set "Wien" r/1:t.csv:2 first',
    ])
  })

  test.each([
    ['/profiles/999999/history', 'not_found'],
    ['/profiles/1/history?attribute=nothing', 'not_found'],
    ['/profiles/1/history?cursor=x', 'invalid_request'],
  ])('%s answers %s', async (path, code) => {
    const { body } = await api.ask<{ code: string }>('GET', path)
    expect(body.code).toBe(code)
  })
})
