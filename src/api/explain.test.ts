// Explanations against real imports: one line a scenario, and the sentence a person reads.
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ApiServer } from '../../test/support/apiServer.ts'
import { testDatabase } from '../../test/postgres.ts'
import type { ExplanationView } from './explanationView.ts'
import type { Inspection } from './inspect.ts'

const database = testDatabase()
let api: ApiServer

beforeAll(async () => {
  api = await ApiServer.open(database.connection)
})
afterAll(() => api.close())

interface Scenario {
  /** What it is about; the last file is the one that is asked about. */
  readonly name: string
  readonly files: readonly string[]
  readonly line: number
  readonly policy?: object
  readonly mapping?: object
  readonly later?: readonly string[]
  readonly answer: string
  /** attribute before→after verdict. */
  readonly plan?: readonly string[]
  /** kind what. */
  readonly match?: readonly string[]
  readonly now?: string
}

let scenario = 0

/** Imports with names of their own: X stands for the scenario, so that nobody meets anybody of another one. */
async function play({ files, policy, mapping, later = [], line }: Scenario) {
  const x = `s${++scenario}`
  const runs: string[] = []
  const give = async (text: string, more: object): Promise<void> => {
    const content = text.replaceAll('X', x)
    const upload = await api.upload(content, 'people.csv')
    const { body } = await api.ask<Inspection>('POST', `/uploads/${upload.id}/inspect`, { json: {} })
    const columns = body.columns.map(({ column }) => column)
    const definition = { dialect: body.dialect, columns, mapping: { ...body.mapping, ...mapping }, ...more }
    const json = { upload: upload.id, job: 'people.csv', definition, again: true }
    const { body: answer } = await api.ask<{ run: string }>('POST', '/imports', { json })
    await api.settled(answer.run)
    runs.push(answer.run)
  }
  for (const text of files.slice(0, -1)) await give(text, {})
  await give(files.at(-1)!, policy === undefined ? {} : { policy })
  for (const text of later) await give(text, {})
  const content = files.at(-1)!.replaceAll('X', x)
  const sha256 = createHash('sha256').update(content).digest('hex')
  const { body } = await api.ask<ExplanationView>('GET', `/explanations?sha256=${sha256}&line=${line}`)
  return { body, name: namer(runs, x) }
}

/** Run ids as A, B, C in the order of the scenario; profiles by the order in which they are met. */
function namer(runs: readonly string[], x: string): (text: string) => string {
  const profiles: string[] = []
  return (text) =>
    text
      .replaceAll(/\br\d+\b/g, (run) => 'ABCD'[runs.indexOf(run)] ?? run)
      .replaceAll(/(profiles?) (\d+)((?: and \d+)?)/gi, (_, word: string, id: string, more: string) => {
        const nameOf = (one: string): string => {
          if (!profiles.includes(one)) profiles.push(one)
          return `P${profiles.indexOf(one) + 1}`
        }
        return `${word} ${nameOf(id)}${more.replace(/\d+/, nameOf)}`
      })
      .replaceAll(x, 'X')
}

const head = 'customer_id,email,city,score\n'

const scenarios: readonly Scenario[] = [
  {
    name: 'created',
    files: [`${head}X1,X1@a.at,Wien,5\n`],
    line: 2,
    answer: 'Line 2 made profile P1.',
    match: ['customer_id added', 'email added'],
    plan: ['city null→"Wien" written', 'score null→5 written'],
    now: 'finished unchanged',
  },
  {
    name: 'created, and replaced later',
    files: [`${head}X1,X1@a.at,Wien,5\n`],
    later: [`${head}X1,X1@a.at,Graz,5\n`],
    line: 2,
    answer: 'Line 2 made profile P1. Its city was replaced later by B/1.',
    now: 'skipped superseded',
  },
  {
    name: 'updated',
    files: [`${head}X1,X1@a.at,Wien,5\n`, 'customer_id,city,score\nX1,Graz,5\n'],
    line: 2,
    answer: 'Line 2 is in profile P1: it changed city.',
    match: ['customer_id match'],
    plan: ['city "Wien"→"Graz" written', 'score 5→5 same'],
  },
  {
    name: 'updated, with a blank and another address',
    files: [`${head}X1,X1@a.at,Wien,5\n`, `${head}X1,new-X@a.at,,6\nX2,,Ulm,1\n`],
    line: 2,
    answer: 'Line 2 is in profile P1: it changed score and identifiers.',
    match: ['customer_id match', 'email added'],
    plan: ['city "Wien"→null blank', 'score 5→6 written'],
  },
  {
    name: 'unchanged',
    files: [`${head}X1,X1@a.at,Wien,5\n`, `${head}X1,X1@a.at,Wien,5\nX2,X2@a.at,Ulm,1\n`],
    line: 2,
    answer: 'Line 2 is in profile P1: it changed nothing, because all of it was there already.',
    plan: ['city "Wien"→"Wien" same', 'score 5→5 same'],
    now: 'finished unchanged',
  },
  {
    name: 'merged',
    files: ['customer_id,city\nX1,Wien\n', 'email,score\nX1@a.at,7\n', `${head}X1,X1@a.at,Graz,8\n`],
    line: 2,
    answer: 'Line 2 joined profiles P1 and P2 into profile P1.',
    match: ['customer_id match', 'email match'],
  },
  {
    name: 'merged away later',
    files: ['email,score\nX2@a.at,7\n', 'customer_id,city\nX1,Wien\n'],
    later: ['customer_id,email\nX1,X2@a.at\n'],
    line: 2,
    answer: 'Line 2 made profile P1. Profile P1 was merged into profile P2 later by C/1.',
  },
  {
    name: 'superseded',
    files: [
      'customer_id,city,at\nX1,Wien,2024-05-05T00:00:00Z\n',
      'customer_id,city,at\nX1,Graz,2024-01-01T00:00:00Z\n',
    ],
    mapping: {
      columns: [
        { column: 'customer_id', target: { to: 'identifier', kind: 'customer_id' } },
        { column: 'city', target: { to: 'attribute', key: 'city', type: 'text' } },
        { column: 'at', target: { to: 'as_of' } },
      ],
    },
    line: 2,
    answer: 'Line 2 was left out: profile P1 has later values for all it says (from A/1) (superseded).',
    plan: ['city "Wien"→"Graz" lost'],
    now: 'skipped superseded',
  },
  {
    name: 'exists',
    files: ['customer_id,city\nX1,Wien\n', 'customer_id,city\nX1,Graz\n'],
    policy: { mode: 'create_only' },
    line: 2,
    answer:
      'Line 2 was left out: profile P1 was there already, and the import only creates new people (--mode create-only).',
    match: ['customer_id match'],
  },
  {
    name: 'not found',
    files: ['customer_id,city\nX1,Graz\n'],
    policy: { mode: 'update_only' },
    line: 2,
    answer:
      'Line 2 was left out: nobody has its identifiers, and the import only updates people who are there (--mode update-only).',
    match: ['customer_id nobody'],
    now: 'skipped not_found',
  },
  {
    name: 'somebody twice, the first counts',
    files: ['customer_id,city\nX1,Graz\nX1,Wien\n'],
    policy: { duplicates: 'first' },
    line: 3,
    answer:
      'Line 3 was left out: A/1 of the same file is about the same person, profile P1, and the first counts (--duplicates first).',
  },
  {
    name: 'cannot be read',
    files: [`${head}X1,X1@a.at,Wien\nX2,X2@a.at,Graz,5\nX3,X3@a.at,Graz,5\n`],
    line: 2,
    answer: 'Line 2 was not imported: the record has 3 fields, the header has 4 (read.field_count).',
    now: 'failed read.field_count',
  },
  {
    name: 'a value that does not fit',
    files: [`${head}X1,X1@a.at,Wien,5\nX2,broken,Graz,5\nX3,X3@a.at,Graz,5\n`],
    line: 3,
    answer: 'Line 3 was not imported: "broken" in column email is not an e-mail address (email.invalid).',
    match: [],
    now: 'failed email.invalid',
  },
  {
    name: 'nobody',
    files: [`${head}X1,X1@a.at,Wien,5\n,,Graz,5\n`],
    line: 3,
    answer:
      'Line 3 was not imported: the record has no usable identifier, so it belongs to nobody (identifier.none).',
  },
  {
    name: 'several people, and they are not to be joined',
    files: ['customer_id,city\nX1,Wien\n', 'email,score\nX1@a.at,7\n', `${head}X1,X1@a.at,Graz,8\n`],
    policy: { onSeveral: 'reject' },
    line: 2,
    answer:
      'Line 2 was not imported: the identifiers of this record belong to 2 different profiles (identifier.several).',
    now: 'failed identifier.several',
  },
  {
    name: 'a shared address stays with its owner',
    files: [`${head}X1,shared-X@a.at,Wien,5\n`, `${head}X2,shared-X@a.at,Graz,5\n`],
    line: 2,
    answer: 'Line 2 made profile P1.',
    match: ['customer_id added', 'email other'],
  },
  {
    name: 'the header',
    files: [`${head}X1,X1@a.at,Wien,5\n`],
    line: 1,
    answer: 'Line 1 of people.csv is the header: it names the columns.',
  },
  {
    name: 'a blank line',
    files: [`${head}X1,X1@a.at,Wien,5\n\nX2,X2@a.at,Wien,5\n`],
    line: 3,
    answer: 'Line 3 of people.csv is blank: there is no record in it.',
  },
  {
    name: 'after the end',
    files: [`${head}X1,X1@a.at,Wien,5\n`],
    line: 9,
    answer: 'Line 9 of people.csv comes after the last record, which begins in line 2.',
  },
  {
    name: 'a record over several lines',
    files: [`${head}X1,X1@a.at,"Wien\n1010",5\nX2,X2@a.at,Graz,5\n`],
    line: 3,
    answer: 'Line 3 made profile P1.',
    plan: ['city null→"Wien\\n1010" written', 'score null→5 written'],
  },
]

/** What the scenario speaks of, in its words. */
function shownOf(body: ExplanationView, name: (text: string) => string) {
  const { decided, now } = body
  return {
    answer: name(body.answer),
    match: decided?.identifiers.map(({ kind, what }) => `${kind} ${what}`),
    plan: decided?.values.map(
      ({ attribute, before, after, verdict }) =>
        `${attribute} ${JSON.stringify(before)}→${JSON.stringify(after)} ${verdict}`,
    ),
    now: `${now?.state} ${now?.outcome ?? now?.reason ?? now?.problem?.code}`,
  }
}

describe('“Why is this line not there?” (rank 4, LY-33)', () => {
  test.each(scenarios)('$name', async (one) => {
    const { body, name } = await play(one)
    const { answer, match, plan, now } = one
    const expected = Object.entries({ answer, match, plan, now }).filter(([, value]) => value !== undefined)
    expect(shownOf(body, name)).toMatchObject(Object.fromEntries(expected))
  })
})
