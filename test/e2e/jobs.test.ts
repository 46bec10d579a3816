// A job from nothing to its second run, jobs as files, and secrets, at the command line (BS-08, BC-07, BL-05, BS-22, LY-20, rank 19).
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Cli } from '../support/cli.ts'

let cli: Cli
beforeAll(async () => {
  cli = await Cli.open({ SLUICE_ROOT: '{home}/root' })
  await mkdir(cli.path('root/in'), { recursive: true })
  await writeFile(cli.path('root/in/monday.csv'), 'customer_id;email;city\nC1;a@x.io;Wien\nC2;b@x.io;Graz\n')
})
afterAll(() => cli.close())

async function say(...args: string[]): Promise<string> {
  const { code, out, err } = await cli.run(...args)
  expect([code, err.replace('Starting Sluice…\n', '')]).toEqual([0, ''])
  return out
}

test('BS-08, BC-07, BL-05: create, sample, activate; every step names the next', async () => {
  expect(await say('job', 'list')).toContain('sluice job create NAME')
  const made = await say(
    'job',
    'create',
    'crm',
    '--folder',
    'in/*.csv',
    '--every',
    '6h',
    '--description',
    'From the CRM',
  )
  expect(made).toContain('sluice job sample crm')
  const sampled = await say('job', 'sample', 'crm')
  expect(sampled).toMatch(/monday\.csv {2}2 records {2}utf-8, fields between semicolons/)
  expect(sampled).toContain('sluice job activate crm')
  const activated = await say('job', 'activate', 'crm', '--json')
  const { run } = JSON.parse(activated) as { run: string }
  await cli.run('job', 'run', 'crm', '--wait')
  expect(await say('run', 'show', run)).toContain('Completed')
  const shown = await say('job', 'show', 'crm')
  expect(shown).toContain('in/*.csv, every new file')
  expect(shown).toContain('Every 6 hours')
  expect(shown).toContain('3 columns: @customer_id @email, 1 attribute')
})

test('BS-23, BC-10: what is not possible ends with 2, and says what is', async () => {
  expect((await cli.run('job', 'pause', 'crm')).code).toBe(0)
  const { code, err } = await cli.run('job', 'run', 'crm')
  expect(code).toBe(2)
  expect(err).toContain('The job crm is paused, so it cannot run now: resume it first.')
  expect(err).toContain('edit, rename, resume, archive')
  expect((await cli.run('job', 'resume', 'crm')).code).toBe(0)
})

test('BS-D04: the template can be imported', async () => {
  await say('job', 'template', 'crm', '--save', 'template.csv')
  expect(await readFile(cli.path('template.csv'), 'utf8')).toBe(
    'customer_id;email;city\r\nC-1001;ada@example.com;Wien\r\n',
  )
  expect((await cli.run('job', 'template', 'crm', '--save', 'template.csv')).code).toBe(2)
})

test('rank 19, LY-20, LY-D14: exported, planned, changed, applied', async () => {
  await say('job', 'export', 'crm', '--save', 'crm.yaml')
  expect(await say('job', 'plan', 'crm.yaml')).toBe('crm stays as it is\n')
  const text = await readFile(cli.path('crm.yaml'), 'utf8')
  await writeFile(
    cli.path('crm.yaml'),
    `${text.replace('minutes: 360', 'minutes: 720')}---\njob: second\nsource: {kind: folder, path: in}\n`,
  )
  expect(await say('job', 'plan', 'crm.yaml')).toBe(
    'crm changes\n  ~ schedule: runs Every 6 hours → Every 12 hours\nsecond is new\n',
  )
  expect(await say('job', 'apply', 'crm.yaml', '--yes', '--json')).toContain(
    '"done":["changed, version 3 crm","created second"]',
  )
  expect(await say('job', 'plan', 'crm.yaml')).toBe('crm stays as it is\nsecond stays as it is\n')
  expect(await say('job', 'list', '--sort', 'name')).toMatch(/^job.*\ncrm .*\nsecond +Draft/)
  await writeFile(cli.path('bad.yaml'), 'job: crm\nscedule: {}\n')
  const { code, err } = await cli.run('job', 'apply', 'bad.yaml', '--yes')
  expect(code).toBe(2)
  expect(err.replaceAll(/\s+/g, ' ')).toContain(
    'at line 2, column 1: scedule is nothing a job file has. Did you mean schedule?',
  )
})

test('LY-D09: numbers to watch are shown, exported, applied unchanged, and taken away', async () => {
  const limits = ['--threshold', 'added/day=100..5000', '--threshold', 'failed/hour=..50 tolerate 2']
  await say('job', 'edit', 'crm', ...limits)
  const shown = await say('job', 'show', 'crm')
  expect(shown).toMatch(/Watches +added per day: 100 to 5,000\n/)
  expect(shown).toContain('failed per hour: at most 50, told after more than 2 hours in a row')
  const file = await say('job', 'export', 'crm')
  expect(file).toContain(
    'thresholds:\n  - counter: added\n    per: day\n    min: 100\n    max: 5000\n  - counter: failed',
  )
  await writeFile(cli.path('watched.yaml'), file)
  expect(await say('job', 'plan', 'watched.yaml')).toBe('crm stays as it is\n')
  await say('job', 'edit', 'crm', '--threshold', 'none')
  expect(await say('job', 'plan', 'watched.yaml')).toContain(
    'thresholds: (not set) → added per day: 100 to 5,000; ',
  )
  await say('job', 'apply', 'watched.yaml', '--yes')
  expect(await say('job', 'export', 'crm')).toBe(file)
})

test('secrets come in unseen, and never out again', async () => {
  const canary = 'canary-51d0-do-not-tell'
  const set = await cli.feed(`${canary}\n`, 'secret', 'set', 'crm-password')
  expect(set.code).toBe(0)
  const seen = [
    set.out,
    set.err,
    await say('secret', 'list'),
    await say('secret', 'list', '--json'),
    await say('secret', 'rotate'),
  ]
  expect(seen.join('\n')).not.toContain(canary)
  const kept = await readdir(cli.path('home'), { recursive: true, withFileTypes: true })
  const telling: string[] = []
  for (const path of kept.filter((one) => one.isFile())) {
    const bytes = await readFile(join(path.parentPath, path.name))
    if (bytes.includes(canary)) telling.push(path.name)
  }
  expect(telling).toEqual([])
  expect(await say('secret', 'remove', 'crm-password')).toContain('forgotten')
})
