// The part of the walk that sets up jobs, runs them, and has somebody else approve what they change.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ApprovalList } from '../../../src/api/approvals.ts'
import type { MovedJob } from '../../../src/api/jobMoves.ts'
import type { Browser } from '../browser.ts'
import { browserOf, person } from '../persons.ts'
import type { Walker } from './walker.ts'

const everyNight = {
  rule: { kind: 'weekdays', days: ['monday', 'wednesday'], at: '06:30' },
  zone: 'Europe/Vienna',
}
const noBody = { json: {} }

/** A folder with a file in it, as another program would leave one. */
async function folder({ api }: Walker, name: string, content: string): Promise<void> {
  await mkdir(join(api.root, name), { recursive: true })
  await writeFile(join(api.root, name, 'monday.csv'), content)
}

const source = (path: string): object => ({ kind: 'folder', path, pattern: '*.csv' })

/** A job from draft to archive and back. */
export async function walkJobs(walker: Walker): Promise<void> {
  await folder(walker, 'crm', 'customer_id,email,city\n4001,gil@example.com,Graz\n')
  const setup = { source: source('crm'), description: 'Everybody in the CRM, every night' }
  const other = { json: { job: 'others' } }
  await walker.ask('POST', '/jobs', {}, { json: { job: 'crm', setup }, other })
  const job = { job: 'crm' }
  await walker.ask('POST', '/jobs/:job/sample', job, noBody)
  for (const route of ['', '/sample', '/source', '/template', '/versions', '/versions/2', '/diff'])
    await walker.ask('GET', route === '/versions/2' ? '/jobs/:job/versions/:version' : `/jobs/:job${route}`, {
      ...job,
      version: 2,
    })
  await walker.ask('PATCH', '/jobs/:job', job, { json: { setup: { schedule: everyNight } } })
  await walker.ask(
    'POST',
    '/schedules/preview',
    {},
    { json: { schedule: everyNight, zone: 'Europe/Vienna', count: 2 } },
  )
  const begun = await walker.ask<MovedJob>('POST', '/jobs/:job/activate', job, noBody)
  if (begun.run !== null) await walker.api.settled(begun.run)
  const running = await walker.ask<MovedJob>('POST', '/jobs/:job/run', job, {
    json: { again: true },
    other: { json: { again: false } },
  })
  await walker.api.settled(running.run!)
  for (const route of ['/log', '/activity']) await walker.ask('GET', `/jobs/:job${route}`, job)
  await walker.ask('GET', '/jobs')
  await walker.ask('POST', '/jobs/:job/pause', job, { json: { running: 'finish' } })
  await walker.ask('POST', '/jobs/:job/resume', job, noBody)
  await walker.ask('POST', '/jobs/:job/pause', job, { json: { running: 'finish' } })
  await walker.ask('POST', '/jobs/:job/archive', job, noBody)
  await walker.ask('POST', '/jobs/:job/restore', job, noBody)
  await walkRunMoves(walker)
  await walkApprovals(walker)
}

/** Stopped and gone on, tried again at once, held and let go or given up. */
async function walkRunMoves(walker: Walker): Promise<void> {
  const { api } = walker
  const start = async (name: string, more: object = {}): Promise<{ run: string }> => ({
    run: (await api.start(`customer_id,email\n${name},${name}@example.com\n`, more, `${name}.csv`)).run,
  })
  const stopped = await start('stopped')
  await walker.ask('POST', '/runs/:run/stop', stopped)
  await api.settled(stopped.run)
  await walker.ask('POST', '/runs/:run/resume', stopped)
  await api.settled(stopped.run)

  const waiting = await start('waiting')
  await api.harness.db.pool.query(
    `update sluice.run set state = 'retry_wait', state_from = 'queued', wake_at = now() + interval '1 hour',
       problem = '{"code": "source.file_gone", "message": "The file is gone."}' where id = $1`,
    [Number(waiting.run.slice(1))],
  )
  await walker.ask('POST', '/runs/:run/retry-now', waiting)
  await api.settled(waiting.run)

  for (const move of ['release', 'drop']) {
    const run = await heldRun(walker, move)
    const json = { note: 'the counts are right' }
    await walker.ask('POST', `/runs/:run/${move}`, { run }, { json, other: { json: {} } })
    if (move === 'release') await api.settled(run)
  }
}

/** A run that somebody has to look at, because every run of its job is. */
async function heldRun(walker: Walker, name: string): Promise<string> {
  await folder(walker, name, `customer_id,email\n${name}1,${name}@example.com\n`)
  const setup = { source: source(name), approval: 'every_run' }
  await walker.api.ask('POST', '/jobs', { json: { job: name, setup } })
  await walker.api.ask('POST', `/jobs/${name}/sample`, { json: {} })
  const { body } = await walker.api.ask<MovedJob>('POST', `/jobs/${name}/activate`, { json: {} })
  await walker.api.settled(body.run!)
  return body.run!
}

/** What otto, who may not approve, asks for. */
async function walkApprovals(walker: Walker): Promise<void> {
  const { api, port } = walker
  const otto = await browserOf(api, port, await person(api, 'otto', 'operator'))
  const asked = await askFor(walker, otto, 'loyalty')
  await walker.ask('GET', '/approvals')
  await walker.ask(
    'POST',
    '/approvals/:approval/approve',
    { approval: asked },
    { json: { note: 'looked at the mapping' }, other: { json: {} } },
  )
  const json = { note: 'not before the sale' }
  const sale = await askFor(walker, otto, 'sale')
  await walker.ask('POST', '/approvals/:approval/reject', { approval: sale }, { json, other: { json: {} } })
  const mine = await askFor(walker, otto, 'mine')
  await walker.ask('DELETE', '/approvals/:approval', { approval: mine }, { by: otto })
}

async function askFor(walker: Walker, by: Browser, job: string): Promise<string> {
  const main = '/v1/namespaces/main'
  await folder(walker, job, `customer_id,email\n${job}1,${job}@example.com\n`)
  const setup = { source: source(job), approval: 'changes' }
  await by.ask('POST', `${main}/jobs`, { job, setup })
  await by.ask('POST', `${main}/jobs/${job}/sample`, {})
  await by.ask('POST', `${main}/jobs/${job}/activate`, {})
  const { body } = await walker.api.ask<ApprovalList>('GET', '/approvals')
  return body.approvals.find((one) => one.job === job)!.id
}
