// Runs that read their source themselves: which file, landed how, and what happens when there is none or a broken one.
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeXlsx } from '../../test/support/containers.ts'
import { testDatabase } from '../../test/postgres.ts'
import { definition, header, line } from '../../test/support/people.ts'
import { SourceHarness, type Outcome } from '../../test/support/sourceHarness.ts'
import { jobSetupSchema } from '../core/jobSetup.ts'
import { moveJob, moveRun } from '../db/moves.ts'
import { runState } from '../db/runs.ts'

const database = testDatabase()
let harness: SourceHarness
beforeAll(async () => {
  harness = await SourceHarness.open(database.connection)
})
afterAll(() => harness.close())

let folders = 0

/** A job that watches a folder of its own. */
async function watched(
  source: object = {},
  more: object = {},
  how = definition,
): Promise<{ job: number; folder: string }> {
  const folder = `in${++folders}`
  await harness.put(`${folder}/.keep`, '')
  // No file of these tests is read again after a quarter of an hour.
  const failure = { reruns: 0 }
  const job = await harness.job(how, {
    source: { kind: 'folder', path: folder, ...source },
    failure,
    ...more,
  })
  return { job, folder }
}

function people(names: readonly string[]): string {
  return [header, ...names.map((name) => line([name, `${name}@x.io`, 'Wien', 1, ''])), ''].join('\n')
}

function sheetRows(rows: readonly (readonly string[])[]): string {
  const cell = (text: string): string => `<c t="inlineStr"><is><t>${text}</t></is></c>`
  return rows.map((cells, i) => `<row r="${i + 1}">${cells.map(cell).join('')}</row>`).join('')
}

const told = ({ state, problem, file, trigger }: Outcome): string =>
  [state, problem, file?.replace(/^in\d+\//, ''), trigger].filter((part) => part != null).join(' ')

describe('expectation 7: newest or all unprocessed', () => {
  test('all: the oldest first, each in a run of its own; nothing new is a skipped run that says so', async () => {
    const { job, folder } = await watched()
    await harness.put(`${folder}/b.csv`, people(['b']), 2)
    await harness.put(`${folder}/a.csv`, people(['a']), 3)
    await harness.put(`${folder}/c.csv`, people(['c']), 1)
    expect((await harness.run(job)).map(told)).toEqual([
      'completed c.csv schedule',
      'completed b.csv file',
      'completed a.csv file',
    ])
    expect((await harness.run(job)).slice(3).map(told)).toEqual(['skipped source.no_new_file schedule'])
  })

  test('a file that changed since is a new file; one that did not is never read again', async () => {
    const { job, folder } = await watched()
    await harness.put(`${folder}/a.csv`, people(['a1']), 1)
    await harness.run(job)
    await harness.put(`${folder}/a.csv`, people(['a1', 'a2']), 2)
    await harness.put(`${folder}/b.csv`, people(['b1']), 2)
    expect((await harness.run(job)).slice(1).map(told)).toEqual([
      'completed a.csv schedule',
      'completed b.csv file',
    ])
  })

  test('newest: the newest alone, and never one older than what was taken', async () => {
    const { job, folder } = await watched({ take: 'newest' })
    await harness.put(`${folder}/a.csv`, people(['n1']), 1)
    await harness.put(`${folder}/b.csv`, people(['n2']), 2)
    expect((await harness.run(job)).map(told)).toEqual(['completed b.csv schedule'])
    expect((await harness.run(job)).slice(1).map(told)).toEqual(['skipped source.no_new_file schedule'])
    await rm(join(harness.root, folder, 'b.csv'))
    expect((await harness.run(job)).slice(2).map(told)).toEqual(['skipped source.no_new_file schedule'])
    await harness.put(`${folder}/c.csv`, people(['n3']), 3)
    expect((await harness.run(job)).slice(3).map(told)).toEqual(['completed c.csv schedule'])
  })

  test('what is passed over is named', async () => {
    const { job, folder } = await watched({ pattern: '*.csv', marker: '{name}.done' })
    await harness.put(`${folder}/a.csv`, people(['m1']))
    const [outcome] = await harness.run(job)
    const { rows } = await harness.imports.db.pool.query<{ message: string }>(
      `select problem ->> 'message' as message from sluice.run where id = $1`,
      [outcome!.run],
    )
    expect(rows[0]!.message).toContain('1 is passed over: its marker is not there yet')
  })

  test('two runs at the same time never take the same file', async () => {
    const { job, folder } = await watched()
    for (const name of ['a', 'b', 'c', 'd'])
      await harness.put(`${folder}/${name}.csv`, people([`two-${name}`]))
    for (let i = 0; i < 4; i++) await harness.start(job)
    await harness.imports.whileWorking(
      async () => {
        for (const { run } of await harness.runs(job))
          await harness.imports.settled({ namespaceId: harness.imports.namespace.id, runId: run })
      },
      harness.context(),
      3,
    )
    const outcomes = await harness.settle(job)
    const files = outcomes.flatMap(({ file }) => (file === null ? [] : [file])).sort()
    expect(files).toEqual(['a', 'b', 'c', 'd'].map((name) => `${folder}/${name}.csv`))
  })
})

describe('expectation 8: nothing is imported twice', () => {
  test('the same content under another name is skipped and names the run; the file counts as processed', async () => {
    const { job, folder } = await watched()
    await harness.put(`${folder}/a.csv`, people(['same']), 1)
    const [first] = await harness.run(job)
    await harness.put(`${folder}/b.csv.gz`, gzipSync(people(['same'])), 2)
    const [, second] = await harness.run(job)
    expect(second).toMatchObject({ state: 'skipped', problem: null, skippedFor: first!.run })
    expect((await harness.run(job)).slice(2).map(told)).toEqual(['skipped source.no_new_file schedule'])
  })

  test('a person who says again gets it again', async () => {
    const { job, folder } = await watched()
    await harness.put(`${folder}/a.csv`, people(['again']))
    await harness.run(job)
    const again = { trigger: 'manual', settings: { again: true } } as const
    expect((await harness.run(job, again)).slice(1).map(told)).toEqual(['completed a.csv manual'])
  })

  test('P5 a dry run takes no file away, keeps no equal import back, and leaves the state of its job alone', async () => {
    const { job, folder } = await watched({}, { schedule: null })
    await harness.put(`${folder}/a.csv`, people(['dry']), 1)
    await harness.put(`${folder}/b.csv`, people(['later']), 2)
    const dryRun = { trigger: 'manual', settings: { dryRun: true } } as const
    expect((await harness.run(job, dryRun)).map(told)).toEqual(['skipped a.csv manual'])
    expect((await harness.run(job, { trigger: 'activation' })).slice(1).map(told)).toEqual([
      'completed a.csv activation',
      'completed b.csv file',
    ])
    // What cannot be read is told at once, and is nobody's failure.
    await rm(join(harness.root, folder), { recursive: true })
    const last = (await harness.run(job, dryRun)).at(-1)!
    expect(told(last)).toMatch(/^failed source\./)
    const { rows } = await harness.imports.db.pool.query<{ failures: number; state: string }>(
      'select failures, state from sluice.job where id = $1',
      [job],
    )
    expect(rows).toEqual([{ failures: 0, state: 'active' }])
  })

  test('a run that wrote nothing gives its file back', async () => {
    const { job, folder } = await watched()
    await harness.put(`${folder}/a.csv`, 'nothing,here\n1,2\n')
    expect((await harness.run(job)).map(told)).toEqual(['halted header.changed a.csv schedule'])
    // The job is corrected: its next run takes the same file.
    const fitting = { ...definition, columns: ['nothing', 'here'] }
    const columns = [{ ...definition.mapping.columns[0]!, column: 'nothing' }]
    const corrected = { ...fitting, mapping: { ...definition.mapping, columns } }
    await harness.version(
      job,
      2,
      corrected,
      jobSetupSchema.parse({ source: { kind: 'folder', path: folder } }),
    )
    await moveJob(harness.imports.db.pool, job, 'resume')
    expect((await harness.run(job)).slice(1).map(told)).toEqual(['completed a.csv schedule'])
  })
})

describe('4 what is landed', () => {
  test('BS-12 BS-13 BS-14 BS-15 the fetch has its own status and times', async () => {
    const { job, folder } = await watched()
    await harness.put(`${folder}/a.csv`, people(['fetched']))
    const [outcome] = await harness.run(job)
    expect(await harness.fetched(outcome!.run)).toMatchObject({
      status: 'fetched',
      file: `${folder}/a.csv`,
      bytes: Buffer.byteLength(people(['fetched'])),
      startedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      endedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      problem: null,
    })
    const { rows } = await harness.imports.db.pool.query<{ kind: string }>(
      'select kind from sluice.log where run_id = $1 order by id',
      [outcome!.run],
    )
    expect(rows.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['queued', 'fetch_started', 'fetched']),
    )
  })

  test('columns in another order, and more of them, are read by their names', async () => {
    const { job, folder } = await watched()
    await harness.put(
      `${folder}/a.csv`,
      'city,more,email,customer_id,score,seen\nGraz,x,order@x.io,order,7,\n',
    )
    expect((await harness.run(job)).map(told)).toEqual(['completed a.csv schedule'])
    const found = await harness.imports.dumpProfiles()
    expect(found.filter((text) => text.includes('customer_id:order') || text.includes('1:order'))).toEqual([
      expect.stringContaining('"city":"Graz"'),
    ])
    const { rows } = await harness.imports.db.pool.query<{ detail: string }>(
      `select details ->> 'detail' as detail from sluice.log where job_id = $1 and kind = 'columns_differ'`,
      [job],
    )
    expect(rows).toEqual([{ detail: 'new more, left out' }])
  })

  test('E2 a column the mapping reads is gone: halted before anything is written, naming what is gone and new', async () => {
    const { job, folder } = await watched()
    await harness.put(`${folder}/a.csv`, 'customer_id,mail,city,score,seen\n1,a@x.io,Wien,1,\n')
    const [outcome] = await harness.run(job)
    expect(told(outcome!)).toBe('halted header.changed a.csv schedule')
    const note = await harness.fetched(outcome!.run)
    expect(note).toMatchObject({
      status: 'failed',
      problem: { details: { gone: 'email', new: '; new mail' } },
    })
  })

  test('a workbook is landed whole, and its sheet is what is read', async () => {
    const rows = { ...definition, dialect: { ...definition.dialect, format: 'rows' as const } }
    const { job, folder } = await watched({}, {}, rows)
    const cells = [header.split(','), ['w1', 'w1@x.io', 'Wien', '3', '']]
    await harness.put(`${folder}/a.xlsx`, makeXlsx({ sheets: [{ name: 'People', rows: sheetRows(cells) }] }))
    const before = (await harness.landings()).length
    expect((await harness.run(job)).map(told)).toEqual(['completed a.xlsx schedule'])
    expect(await harness.landings()).toHaveLength(before + 2)
    const several = [
      { name: 'People', rows: sheetRows([...cells, ['w2', 'w2@x.io', '', '', '']]) },
      { name: 'Others', rows: sheetRows(cells) },
    ]
    await harness.put(`${folder}/b.xlsx`, makeXlsx({ sheets: several }))
    expect((await harness.run(job)).slice(1).map(told)).toEqual([
      'halted source.several_sheets b.xlsx schedule',
    ])
    expect(await harness.landings()).toHaveLength(before + 2)
    const chosen = await watched({ part: 'others' }, {}, rows)
    await harness.put(`${chosen.folder}/b.xlsx`, makeXlsx({ sheets: several }))
    expect((await harness.run(chosen.job)).map(told)).toEqual(['completed b.xlsx schedule'])
  })

  test('the profile store is a source: attributes and identifiers of those who meet the conditions', async () => {
    const { job, folder } = await watched()
    await harness.put(`${folder}/a.csv`, `${header}\nps1,ps1@x.io,Linz,5,\nps2,ps2@x.io,Bern,6,\n`)
    await harness.run(job)
    const back = {
      ...definition,
      dialect: { ...definition.dialect, format: 'jsonl' as const },
      columns: ['customer_id', 'email', 'city', 'score'],
      mapping: {
        ...definition.mapping,
        columns: definition.mapping.columns.filter(({ column }) => column !== 'seen'),
      },
    }
    const again = await harness.job(back, { source: { kind: 'profiles', where: ['city=Linz'] } })
    const [outcome] = await harness.run(again)
    expect(outcome).toMatchObject({ state: 'completed', file: 'profiles' })
    const { rows } = await harness.imports.db.pool.query<{ total: number; totals: Record<string, number> }>(
      'select total, totals from sluice.run where id = $1',
      [outcome!.run],
    )
    expect(rows[0]).toMatchObject({ total: 1 })
    // Nothing changed: the very same content is not imported again.
    const [, second] = await harness.run(again)
    expect(second).toMatchObject({ state: 'skipped', skippedFor: outcome!.run })
    const wrong = await harness.job(back, {
      source: { kind: 'profiles', where: ['nowhere=1'] },
      failure: { reruns: 0 },
    })
    expect((await harness.run(wrong))[0]).toMatchObject({ problem: 'filter.invalid' })
  })
})

describe('7 what goes wrong while fetching', () => {
  test('a folder that is not there fails the run; nothing is left behind', async () => {
    const before = await harness.landings()
    const { job } = await watched({ path: 'nowhere' })
    expect((await harness.run(job)).map(told)).toEqual(['failed source.folder_missing schedule'])
    expect(await harness.landings()).toEqual(before)
  })

  test('a job whose files are given by hand has nothing to read', async () => {
    const job = await harness.job(definition, { source: { kind: 'upload' } })
    expect((await harness.run(job)).map(told)).toEqual(['halted source.given_by_hand schedule'])
  })

  test('a damaged file is not taken; put right, it is read by the next attempt of the same run', async () => {
    const { job, folder } = await watched({}, { failure: { reruns: 1 } })
    const whole = gzipSync(people(['damaged']))
    await harness.put(`${folder}/a.csv.gz`, whole.subarray(0, 30))
    const before = await harness.landings()
    await harness.start(job)
    expect((await harness.settle(job)).map(({ state }) => state)).toEqual(['retry_wait'])
    expect(await harness.landings()).toEqual(before)
    await harness.put(`${folder}/a.csv.gz`, whole)
    const [{ run }] = (await harness.runs(job)) as [Outcome]
    await moveRun(
      harness.imports.db.pool,
      { namespaceId: harness.imports.namespace.id, runId: run },
      'retry-now',
    )
    expect((await harness.settle(job)).map(told)).toEqual(['completed a.csv.gz schedule'])
  })

  test('8 stopped while it is fetched: nothing is landed, and the file is free again', async () => {
    const { job, folder } = await watched()
    await harness.put(`${folder}/a.csv`, people(['stopped']))
    const before = await harness.landings()
    const key = await harness.start(job)
    let stopped = false
    const at = async (point: string): Promise<void> => {
      if (point !== 'fetching' || stopped) return
      stopped = true
      await moveRun(harness.imports.db.pool, key, 'stop')
    }
    const state = await harness.imports.runToEnd(key, harness.context({ at }))
    expect(state).toBe('stopped')
    expect(await harness.landings()).toEqual(before)
    expect((await harness.run(job)).slice(1).map(told)).toEqual(['completed a.csv schedule'])
    expect(await runState(harness.imports.db.pool, key)).toBe('stopped')
  })
})
