// The list of jobs: what there is and how it stands, found and sorted by the address, and what can be done with each.
import { mkdirSync, writeFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../until.ts'
import { expectAccessible, type WatchedPage } from '../support/chromium.ts'
import { picture, WebApp } from '../support/webApp.ts'

const longName =
  'Loyalty programme, members of all countries with consent and preferred language, weekly after the CRM export'

let app: WebApp
let person: WatchedPage
let page: Page
beforeAll(async () => {
  app = await WebApp.open({ SLUICE_ROOT: '{home}/root' })
  mkdirSync(app.cli.path('root/in'), { recursive: true })
  person = await app.person('ada@example.com')
  page = person.page
})
afterAll(() => app.close())

async function sluice(...words: string[]): Promise<string> {
  const { code, out, err } = await app.cli.run(...words)
  if (code !== 0) throw new Error(`sluice ${words.join(' ')}: ${out}${err}`)
  return out
}

const row = (job: string) => page.getByRole('row', { name: job })
const names = async (): Promise<string[]> =>
  page.locator('tbody tr td:nth-child(2) a').evaluateAll((links) => links.map((link) => link.textContent))
const search = (): string => new URL(page.url()).search
/** Opens the menu of a job. */
async function menuOf(job: string): Promise<string[]> {
  await page.getByRole('button', { name: `Actions of ${job}` }).click()
  await page.getByRole('menuitem', { name: 'View' }).waitFor()
  return page.getByRole('menuitem').allTextContents()
}
async function choose(job: string, entry: string, yes: string): Promise<void> {
  await menuOf(job)
  await page.getByRole('menuitem', { name: entry }).click()
  await page.getByRole('dialog').getByRole('button', { name: yes, exact: true }).click()
}

test('without jobs the list says what to do first', async () => {
  await page.goto('/n/main/jobs')
  await page.getByRole('heading', { name: 'No jobs yet' }).waitFor()
  expect(await page.getByRole('link', { name: 'New job' }).count()).toBe(2)
  await expectAccessible(page)
})

test('LY-09, BC-14: name, provider, type, status, last runs, next run and created', async () => {
  writeFileSync(
    app.cli.path('root/in/people.csv'),
    'customer_id,email\nC1,a@example.com\nC2,b@example.com\nC3,c@example.com\n',
  )
  await sluice('job', 'create', 'nightly', '--folder', 'in/*.csv', '--at', '06:30', '--zone', 'Europe/Vienna')
  await sluice('job', 'sample', 'nightly')
  await sluice('job', 'activate', 'nightly')
  await until(async () => /Completed/.test(await sluice('run', 'show', 'r1001')))
  await sluice('job', 'create', longName, '--folder', 'loyal/*.csv', '--every', '1d')
  await sluice('job', 'create', 'by hand', '--by-hand')
  await page.reload()
  const line = row('nightly')
  await line.waitFor()
  expect(await line.getByText('Recurring').count()).toBe(1)
  expect(await line.getByText('Active').count()).toBe(1)
  expect(await line.getByRole('img', { name: 'Files in a folder' }).count()).toBe(1)
  expect(await line.getByRole('link', { name: /^r1001, .*: Completed/ }).getAttribute('href')).toBe(
    '/n/main/runs/r1001',
  )
  await expectAccessible(page)
  await picture(page, 'jobs')
})

test('views, filters, search and order stand in the address; Back leads to what was there before', async () => {
  expect(await names()).toEqual(['by hand', longName, 'nightly'])
  await page.getByRole('button', { name: 'Name' }).click()
  await until(async () => (await names())[0] === longName)
  expect(search()).toBe('?sort=name')
  expect(await page.getByRole('columnheader', { name: 'Name' }).getAttribute('aria-sort')).toBe('ascending')
  await page.getByRole('button', { name: 'Name' }).click()
  await until(async () => (await names())[0] === 'nightly')
  await page.goBack()
  await until(async () => (await names())[0] === longName)
  await page.getByRole('searchbox', { name: 'Search by name' }).fill('LOYAL')
  await until(async () => (await names()).length === 1)
  expect(search()).toBe('?sort=name&text=LOYAL')
  await page.reload()
  await row('Loyalty').waitFor()
  expect(await page.getByRole('searchbox', { name: 'Search by name' }).inputValue()).toBe('LOYAL')
  await page.goto('/n/main/jobs?state=paused')
  await page.getByRole('heading', { name: 'No job is like this' }).waitFor()
  await page.getByRole('button', { name: 'Clear the filters' }).click()
  await row('nightly').waitFor()
})

test('BS-05, BS-09: the menu has only what is legal; pause, resume, archive and restore say what they do', async () => {
  expect(await menuOf('nightly')).toEqual([
    'View',
    'Run now…',
    'Pause…',
    'Edit',
    'See its last run',
    'Download as YAML',
  ])
  await page.getByRole('menuitem', { name: 'Pause…' }).click()
  await page.getByText('Nothing of it starts by itself until it is resumed; its schedule stays.').waitFor()
  await expectAccessible(page)
  await page.getByRole('dialog').getByRole('button', { name: 'Pause', exact: true }).click()
  await row('nightly').getByText('Paused').waitFor()
  await choose('nightly', 'Archive…', 'Archive')
  await row('nightly').waitFor({ state: 'detached' })
  await page.getByText('Archived', { exact: true }).click()
  await row('nightly').waitFor()
  expect(search()).toBe('?view=archived')
  await choose('nightly', 'Restore…', 'Restore')
  await page.getByRole('heading', { name: 'Nothing is archived' }).waitFor()
  await page.getByText('All', { exact: true }).click()
  await choose('nightly', 'Resume…', 'Resume')
  await row('nightly').getByText('Active').waitFor()
})

test('what somebody else did meanwhile is refused with the reason, and nothing is lost', async () => {
  await menuOf('nightly')
  await page.getByRole('menuitem', { name: 'Pause…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('Nothing of it starts by itself').waitFor()
  await sluice('job', 'pause', 'nightly')
  await dialog.getByRole('button', { name: 'Pause', exact: true }).click()
  await dialog.getByRole('alert').getByText('only an active job can be paused').waitFor()
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await page.reload()
  await row('nightly').getByText('Paused').waitFor()
  expect(await page.getByRole('dialog').count()).toBe(0)
})

test('several at once: only those that can, and the others are counted', async () => {
  await page.getByRole('checkbox', { name: 'Choose nightly' }).check()
  await page.getByRole('checkbox', { name: 'Choose by hand' }).check()
  const bar = page.getByRole('region', { name: 'Chosen jobs' })
  await bar.getByText('2 jobs chosen').waitFor()
  await expectAccessible(page)
  await bar.getByRole('button', { name: 'Resume 1' }).click()
  await page.getByText('1 chosen job cannot be changed this way now').waitFor()
  await page.getByRole('dialog').getByRole('button', { name: 'Resume' }).click()
  await row('nightly').getByText('Active').waitFor()
  await bar.waitFor({ state: 'detached' })
  expect(await sluice('job', 'show', 'by hand')).toContain('Draft')
})

test('several at once: what is refused for one is told, and the others are changed all the same', async () => {
  await page.getByRole('checkbox', { name: 'Choose nightly' }).check()
  await page.getByRole('checkbox', { name: 'Choose by hand' }).check()
  await page.getByRole('checkbox', { name: 'Choose Loyalty' }).check()
  await page.getByRole('region', { name: 'Chosen jobs' }).getByRole('button', { name: 'Archive 2' }).click()
  const dialog = page.getByRole('dialog', { name: 'Archive 2 jobs?' })
  await dialog.getByText('They leave the lists.').waitFor()
  await sluice('job', 'archive', 'by hand')
  await dialog.getByRole('button', { name: 'Archive' }).click()
  const said = page.getByRole('status').filter({ hasText: '1 job archived, 1 left as it was' })
  await said.getByText(/^by hand: .*archived/).waitFor()
  await expectAccessible(page)
  await picture(page, 'jobs-changed')
  await said.getByRole('button', { name: 'Close' }).click()
  await said.waitFor({ state: 'detached' })
  await row('Loyalty').getByText('Archived').waitFor()
  expect(await row('nightly').getByText('Active').count()).toBe(1)
})

test('a job as a file', async () => {
  await menuOf('nightly')
  const downloaded = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: 'Download as YAML' }).click()
  expect((await downloaded).suggestedFilename()).toBe('nightly.yaml')
})

test('a viewer sees the same and can change nothing; in dark colours on a phone', async () => {
  const viewer = await app.person('vera@example.com', 'viewer')
  const { page: phone } = await app.again(viewer, { width: 390, height: 844, dark: true })
  await phone.goto('/n/main/jobs?view=all')
  await phone.getByRole('link', { name: 'nightly', exact: true }).waitFor()
  expect(await phone.getByRole('link', { name: 'New job' }).count()).toBe(0)
  await expectAccessible(phone)
  expect(
    await phone.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
  ).toBe(0)
  await phone.getByRole('button', { name: 'Actions of nightly' }).click()
  await phone.getByRole('menuitem', { name: 'View' }).waitFor()
  expect(await phone.getByRole('menuitem').allTextContents()).toEqual([
    'View',
    'See its last run',
    'Download as YAML',
  ])
  await picture(phone, 'jobs-phone')
  expect(app.faults).toEqual([])
})
