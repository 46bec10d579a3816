// The page of a job (issue page 6): what it did, its runs, its setup as text with a plan, versions, another name, on and off.
import { cpSync, mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectAccessible, type WatchedPage } from '../support/chromium.ts'
import { picture, WebApp } from '../support/webApp.ts'
import { until } from '../until.ts'

const files = fileURLToPath(new URL('../../examples/watched-folder/', import.meta.url))
let app: WebApp
let ada: WatchedPage
let page: Page

beforeAll(async () => {
  app = await WebApp.open({ SLUICE_ROOT: '{home}/root' })
  deliver('customers_20260301.csv')
  await done(
    'job',
    'create',
    'nightly',
    '--folder',
    'in/customers_{date:YYYYMMDD}.csv',
    '--days',
    'mon,fri',
    ...at,
  )
  await done('job', 'sample', 'nightly')
  await done('job', 'activate', 'nightly')
  // Its first run has to have begun before another can be asked for.
  await until(async () => /Completed/.test((await app.cli.run('run', 'show', 'r1001')).out))
  deliver('customers_20260302.csv')
  await done('job', 'run', 'nightly', '--wait')
  await done('job', 'edit', 'nightly', '--map', 'city=-')
  ada = await app.person('ada@example.com')
  page = ada.page
})
afterAll(() => app.close())

const at = ['--at', '06:30', '--zone', 'America/New_York', '--notify', 'ops@example.com']

/** Puts a file where the job looks for it. */
function deliver(name: string): void {
  mkdirSync(app.cli.path('root/in'), { recursive: true })
  cpSync(`${files}${name}`, app.cli.path(`root/in/${name}`))
}

async function done(...words: string[]): Promise<void> {
  const { code, err } = await app.cli.run(...words)
  if (code !== 0) throw new Error(`${words.join(' ')}: ${err}`)
}

/** Without what only stands there under the pointer. */
async function accessible(): Promise<void> {
  await page.mouse.move(640, 2)
  await page.getByRole('tooltip').first().waitFor({ state: 'hidden' })
  await expectAccessible(page)
}

async function open(tab: string): Promise<void> {
  await page.getByRole('tab', { name: tab }).click()
}

test('LY-19 BL-10 the overview: how it is, what it did, its last runs and the next ones, light and dark', async () => {
  await page.goto('/n/main/jobs/nightly')
  await page.getByRole('heading', { name: 'nightly' }).waitFor()
  await page.getByText('No action required.').waitFor()
  await page.getByRole('img', { name: 'Records by day, last 30 days' }).waitFor()
  await page.getByRole('button', { name: 'Show as a table' }).click()
  const table = page.getByRole('table', { name: 'Records by day, last 30 days' })
  await until(async () => (await table.getByRole('row').count()) > 28)
  await page.getByRole('button', { name: 'Show as a chart' }).click()
  const next = page.getByRole('list', { name: 'The next runs' }).getByRole('listitem')
  await until(async () => (await next.count()) === 10)
  expect(await page.getByRole('region', { name: 'Last runs' }).textContent()).toContain('r1002')
  await picture(page, 'job')
  await accessible()
  const dark = await app.again(ada, { dark: true, width: 390, height: 800 })
  await dark.page.goto('/n/main/jobs/nightly?tab=runs')
  await dark.page.getByRole('link', { name: 'r1002' }).waitFor()
  await expectAccessible(dark.page)
  expect(await dark.page.evaluate('document.documentElement.scrollWidth')).toBe(390)
})

test('BL-12 its runs: the next one, then what became of each, with files', async () => {
  await open('Runs')
  const row = page.getByRole('row', { name: /r1002/ })
  await row.waitFor()
  expect(await row.textContent()).toMatch(/Completed.*3.*1 created.*1 updated/)
  expect(await page.getByRole('row', { name: /^Next/ }).textContent()).toContain('06:30 America/New York')
  const [log] = await Promise.all([
    page.waitForEvent('download'),
    row.getByRole('link', { name: 'Download: log' }).click(),
  ])
  expect(log.suggestedFilename()).toBe('r1002-log.txt')
  await open('Log')
  await page.getByText('The job was edited: version').first().waitFor()
  await accessible()
})

test('BC-09 as YAML: what is wrong is said with its line; a plan first, then a new version; who was slower is told', async () => {
  await open('Configuration')
  await page.getByRole('heading', { name: 'Mapping' }).waitFor()
  await accessible()
  await page.getByText('YAML', { exact: true }).click()
  const text = page.getByRole('textbox', { name: 'The job as YAML' })
  await text.waitFor()
  await typeOver(text, 'at: 06:30', '25:30')
  await page.getByRole('button', { name: 'See what would change' }).click()
  await page.getByRole('alert').getByText('jobfile.invalid').waitFor()
  await typeOver(text, 'at: 25:30', '07:45')
  await page.getByRole('button', { name: 'See what would change' }).click()
  const plan = page.getByRole('region', { name: 'What would change' })
  expect(await plan.textContent()).toMatch(/Mondays and Fridays at 06:30.*Mondays and Fridays at 07:45/)
  await accessible()
  await done('job', 'edit', 'nightly', '--reruns', '2')
  await plan.getByRole('button', { name: /^Save as version/ }).click()
  await page.getByRole('alert').getByText('The job was changed meanwhile').waitFor()
  await page.getByText('It is at version 4 now').waitFor()
  await page.getByRole('button', { name: 'See what would change' }).click()
  await plan.getByRole('button', { name: 'Save as version 5' }).click()
  await page.getByText('The job is changed.').waitFor()
  await open('Overview')
  await page.getByText('Mondays and Fridays at 07:45').first().waitFor()
})

/** Types another end of the line that ends with a time. */
async function typeOver(editor: ReturnType<Page['getByRole']>, line: string, time: string): Promise<void> {
  await editor.locator('.cm-line', { hasText: line }).click()
  await page.keyboard.press('End')
  for (const _ of time) await page.keyboard.press('Backspace')
  await page.keyboard.type(time)
}

test('BC-09 versions: what differs between two, and an old one brought back as a new one', async () => {
  await open('Versions')
  await page
    .getByRole('region', { name: 'Version 3' })
    .getByRole('button', { name: 'What it changed' })
    .click()
  const differences = page.getByRole('region', { name: 'Differences' })
  await differences.getByText('city').first().waitFor()
  await accessible()
  await page.getByRole('region', { name: 'Version 2' }).getByRole('button', { name: 'Bring back…' }).click()
  const asked = page.getByRole('dialog')
  await asked.getByText('left out').first().waitFor()
  await asked.getByRole('button', { name: 'Save as version 6' }).click()
  await page.getByRole('region', { name: 'Version 6' }).waitFor()
  expect(await page.getByRole('region', { name: /^Version \d/ }).count()).toBe(6)
})

test('LY-18 another name in place: one that is taken is refused, Escape leaves it, the address follows', async () => {
  await done('job', 'create', 'weekly', '--by-hand')
  await page.getByRole('button', { name: 'Rename' }).click()
  await page.getByLabel('Name of the job').fill('weekly')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').getByText('job.name_taken').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Rename' }).click()
  await page.getByLabel('Name of the job').fill('CRM / daily')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'CRM / daily' }).waitFor()
  expect(new URL(page.url()).pathname).toBe('/n/main/jobs/CRM%20%2F%20daily')
  await page.reload()
  await page.getByRole('heading', { name: 'CRM / daily' }).waitFor()
})

test('BS-23 BC-22 paused, resumed, run now; a dry run of a file; archived and restored', async () => {
  await choose('Pause…', 'Pause')
  await page.getByRole('button', { name: 'Resume' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Resume' }).click()
  await page.getByRole('button', { name: 'Run now' }).click()
  await page.getByRole('dialog').getByRole('radio', { name: 'Dry run' }).check()
  await accessible()
  await page.getByRole('button', { name: 'Start a dry run' }).click()
  await page.waitForURL('**/runs/r*')
  await page.getByRole('status').getByText('Dry run', { exact: true }).waitFor()
  await page.goBack()
  await choose('Pause…', 'Pause')
  await choose('Archive…', 'Archive')
  await page.getByText('Restore it to use it again.').waitFor()
  await page.getByRole('button', { name: 'Restore' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).click()
  await page.getByRole('button', { name: 'Resume' }).waitFor()
  expect(await page.getByRole('button', { name: 'Run now' }).count()).toBe(0)
})

/** Something of the menu, agreed to. */
async function choose(name: string, yes: string): Promise<void> {
  await page.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name }).click()
  await page.getByRole('dialog').getByRole('button', { name: yes }).click()
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
}

test('BL-24 whom it tells, and a test that goes out', async () => {
  await open('Notifications')
  await page.getByRole('button', { name: 'Send a test' }).click()
  const sent = page.getByText('A test is on its way.')
  await sent.waitFor()
  expect(await sent.count()).toBe(1)
  await accessible()
})

test('a viewer looks and changes nothing; a job there is none of is said', async () => {
  const bob = await app.person('bob@example.com', 'viewer')
  await bob.page.goto('/n/main/jobs/weekly?tab=configuration&as=yaml')
  await bob.page.getByRole('heading', { name: 'weekly' }).waitFor()
  await bob.page.getByLabel('The job as YAML').waitFor()
  expect(await bob.page.getByRole('button', { name: /Rename|Run now|Activate|See what/ }).count()).toBe(0)
  expect(await bob.page.getByRole('link', { name: 'Edit' }).count()).toBe(0)
  await bob.page.goto('/n/main/jobs/nowhere')
  await bob.page.getByRole('heading', { name: 'There is no job nowhere here' }).waitFor()
  expect(app.faults).toEqual([])
})
