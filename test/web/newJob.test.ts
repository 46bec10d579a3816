// Setting up a job in the browser: from "New job" to an active weekly job, and what is said on the way where something is wrong.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectAccessible, type WatchedPage } from '../support/chromium.ts'
import { picture, WebApp } from '../support/webApp.ts'
import { until } from '../until.ts'

const members = [
  'customer_id,E-Mail,first,last,born,city',
  'C1,ada@example.com,Ada,Lovelace,10/12/1915,London',
  'C2,alan@example.com,Alan,Turing,23/06/1912,London',
  'C3,not known,Grace,Hopper,09/12/1906,New York',
  '',
].join('\n')

let root: string
let app: WebApp
let person: WatchedPage
let page: Page
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'sluice-new-job-'))
  await mkdir(join(root, 'crm'))
  await writeFile(join(root, 'crm', 'members.csv'), members)
  app = await WebApp.open({ SLUICE_ROOT: root })
  person = await app.person('ada@example.com')
  page = person.page
})
afterAll(async () => {
  await app.close()
  await rm(root, { recursive: true })
})

const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' })
const step = (about: string) => page.getByRole('heading', { name: about, level: 2 }).waitFor()
const nameField = () => page.getByRole('textbox', { name: 'Name', exact: true })
const goOn = () => button(/^(Save and go on|Go on)$/).click()

/** The first step of a job that reads a folder; Enter goes on. */
async function readFolder(name: string, folder: string): Promise<void> {
  await page.goto('/n/main/jobs/new')
  await nameField().fill(name)
  await page.getByRole('radio', { name: 'Files in a folder' }).click()
  await page.getByRole('textbox', { name: 'Folder' }).fill(folder)
  await page.getByRole('textbox', { name: 'File names' }).fill('*.csv')
  await page.keyboard.press('Enter')
}

test('LY-03, LY-04, LY-05, LY-08, BC-03, BS-03, BL-06: from New job to an active weekly job, with defaults alone', async () => {
  await readFolder('Weekly members', 'crm')
  await step('What each column becomes')
  expect(await page.getByRole('combobox', { name: 'E-Mail becomes' }).inputValue()).toBe('E-mail address')
  await expectAccessible(page)
  await picture(page, 'new-job-columns')
  await goOn()
  await step('When it runs')
  await page.getByText('Mondays at 06:00').waitFor()
  await expectAccessible(page)
  await picture(page, 'new-job-schedule')
  await goOn()
  await step('How it writes, and whom it tells')
  await expectAccessible(page)
  // LY-D09: with the keyboard alone; what does not fit is said at the field.
  await button(/^Numbers to watch/).press('Enter')
  await button('Add a number').press('Enter')
  const number = page.getByRole('group', { name: 'Number 1' })
  await number.getByLabel('In each').selectOption('week')
  await number.getByLabel('At least').fill('100')
  await number.getByLabel('At most').fill('5')
  await page.keyboard.press('Enter')
  await number.getByText('The most must not be less than the least.').waitFor()
  await expectAccessible(page)
  await number.getByLabel('At most').fill('5000')
  await button('Add a number').press('Enter')
  await button('Remove number 2').press('Enter')
  await goOn()
  await step('What it would change')
  await button('Try it').click()
  await page.getByText('would be created').waitFor()
  await page.getByRole('heading', { name: 'Why 1 record would fail' }).waitFor()
  await expectAccessible(page)
  await goOn()
  await page.getByText('When you activate it').waitFor()
  await expectAccessible(page)
  await picture(page, 'new-job-finish')
  await button('Activate').click()
  await page.waitForURL('**/jobs/Weekly%20members')
  const shown = JSON.parse((await app.cli.run('job', 'show', 'Weekly members', '--json')).out) as {
    state: string
    kind: string
    setup: { schedule: { rule: object } }
  }
  expect(shown).toMatchObject({
    state: 'active',
    kind: 'recurring',
    setup: {
      schedule: { rule: { kind: 'weekdays', days: ['monday'], at: '06:00' } },
      thresholds: [{ counter: 'added', per: 'week', min: 100, max: 5000, tolerated: 0 }],
    },
  })
  await page.goto('/n/main/jobs/Weekly%20members?tab=configuration')
  await page.getByText('added per week: 100 to 5,000').waitFor()
})

test('what is wrong is said at the field, a name that is taken by the server; nothing that was typed is lost', async () => {
  await page.goto('/n/main/jobs/new')
  await goOn()
  await page.getByText('A job needs a name.').waitFor()
  expect(await nameField().evaluate((field) => field === document.activeElement)).toBe(true)
  await readFolder('Weekly members', '../elsewhere')
  await page.getByText(/no \.\. in it/).waitFor()
  await page.getByRole('textbox', { name: 'Folder' }).fill('crm')
  await goOn()
  expect(await page.getByRole('alert').textContent()).toContain('Weekly members')
  await page.reload()
  expect(await page.getByRole('textbox', { name: 'Folder' }).inputValue()).toBe('crm')
  await button('Start over').click()
  await until(async () => (await nameField().inputValue()) === '')
})

test('BC-08, BC-09: a source that cannot be read says what to change; read again, it is the same draft', async () => {
  await readFolder('Later', 'late')
  await step('What each column becomes')
  await page.getByText('Give another file, or change the source').waitFor()
  await expectAccessible(page)
  await mkdir(join(root, 'late'))
  await writeFile(join(root, 'late', 'a.csv'), 'customer_id;born\nC1;03/04/1999\nC2;05/06/1999\n')
  await button('Read it again').click()
  await page.getByRole('combobox', { name: 'born becomes' }).waitFor()
  const finish = new URL(page.url())
  finish.searchParams.set('step', 'finish')
  await page.goto(finish.href)
  await page.getByText('Something is missing before it can be activated').waitFor()
  expect(await button('Activate').isDisabled()).toBe(true)
  await page.getByRole('link', { name: 'Go to the columns' }).click()
  await button('Day first: 31/12/2025').click()
  await goOn()
  await step('When it runs')
})

test('BL-07: the months without a 31st are marked, and a schedule by cron says what it means', async () => {
  await page.getByRole('combobox', { name: 'It runs' }).click()
  await page.getByRole('option', { name: 'On a day of the month' }).click()
  await page.getByLabel('Day of the month').fill('31')
  await page
    .getByText(/has no day 31|no 31/)
    .first()
    .waitFor()
  await page.getByRole('combobox', { name: 'It runs' }).click()
  await page.getByRole('option', { name: 'By a cron expression' }).click()
  await page.getByRole('textbox', { name: 'Cron expression' }).fill('61 * * * *')
  await page.getByRole('alert').waitFor()
  await page.getByRole('textbox', { name: 'Cron expression' }).fill('0 6 * * 1')
  await page.getByText('Cron 0 6 * * 1').waitFor()
  // LY-D05: the switch says what comes of it in the list of the next runs.
  await page.getByRole('switch', { name: 'Quiet hours' }).click()
  await page.getByLabel('Quiet until').fill('22:00')
  await page.getByText('The end must be another time than the beginning').waitFor()
  await page.getByLabel('Quiet until').fill('07:30')
  await page
    .getByText(/waits until \S+ 07:30/)
    .first()
    .waitFor()
  await expectAccessible(page)
  // Back loses nothing.
  await button('Back').click()
  await step('What each column becomes')
  await page.goBack()
  expect(await page.getByRole('textbox', { name: 'Cron expression' }).inputValue()).toBe('0 6 * * 1')
})

test('steps and filters show on the sample what they do; the YAML is that of the command line', async () => {
  await readFolder('Cleaned', 'crm')
  await step('What each column becomes')
  await button('Settings of city').click()
  await page.getByLabel('Add a step').selectOption({ label: 'Capitals' })
  await page.getByLabel('Write it in').selectOption({ label: 'CAPITALS' })
  await page
    .getByRole('table', { name: 'The first values before and after' })
    .getByText('NEW YORK', { exact: true })
    .waitFor()
  await button(/^Filters/).click()
  await button('Add a filter').click()
  await page.getByLabel('Keep a record when').fill('record.city == "London"')
  await page.getByText('Keeps 2 of the 3 rows of the sample.').waitFor()
  await expectAccessible(page)
  await goOn()
  await step('When it runs')
  await button('As YAML').click()
  const shown = await page.getByLabel('The job as YAML').textContent()
  const { out } = await app.cli.run('job', 'export', 'Cleaned')
  expect(shown).toBe(out)
  expect(shown).toContain('case: upper')
})

test('E9: an active job is changed as a whole, at the end; somebody else who was faster is not overwritten', async () => {
  await page.goto('/n/main/jobs/new?edit=Weekly+members&step=schedule')
  await page.getByText('Thu', { exact: true }).click()
  await page.getByText('Mondays and Thursdays at 06:00').waitFor()
  await page.reload()
  await page.getByText('Mondays and Thursdays at 06:00').waitFor()
  await page.getByRole('button', { name: 'Finish' }).click()
  await page.getByText('What you changed').waitFor()
  await expectAccessible(page)
  const { code } = await app.cli.run('job', 'edit', 'Weekly members', '--mode', 'create-only')
  expect(code).toBe(0)
  await page.reload()
  await page.getByText('Somebody else changed this job meanwhile').waitFor()
  expect(await button(/^Save version/).isDisabled()).toBe(true)
  await button('Put my changes on top').click()
  await button(/^Save version/).click()
  await page.waitForURL('**/jobs/Weekly%20members')
  const { out } = await app.cli.run('job', 'export', 'Weekly members')
  expect(out).toContain('thursday')
  expect(out).toContain('mode: create_only')
})

test('a file given by hand is sent, looked into and imported once', async () => {
  await page.goto('/n/main/jobs/new')
  await nameField().fill('By hand')
  await page.getByRole('radio', { name: 'Files given by hand' }).click()
  await goOn()
  const choosing = page.waitForEvent('filechooser')
  await button('Choose a file').click()
  const chooser = await choosing
  await chooser.setFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(members) })
  await page.getByRole('list', { name: 'Columns' }).waitFor()
  await goOn()
  await page.getByText('It runs once').waitFor()
  await page.getByRole('button', { name: 'Finish' }).click()
  await button('Activate').click()
  await page.waitForURL('**/jobs/By%20hand')
  const { out } = await app.cli.run('job', 'show', 'By hand', '--json')
  expect(JSON.parse(out)).toMatchObject({ kind: 'one_time', setup: { source: { kind: 'upload' } } })
})

test('dark colours and a phone; who may not edit jobs is told so', async () => {
  const { page: small } = await app.again(person, { width: 390, height: 844, dark: true })
  for (const each of ['source', 'columns', 'schedule', 'rules', 'finish']) {
    await small.goto(`/n/main/jobs/new?edit=Cleaned&step=${each}`)
    await small.getByRole('heading', { level: 2 }).first().waitFor()
    const wider = await small.evaluate('document.documentElement.scrollWidth - innerWidth')
    expect({ each, wider }).toEqual({ each, wider: 0 })
    if (each === 'columns' || each === 'rules') await expectAccessible(small)
  }
  const { page: viewers } = await app.person('vera@example.com', 'viewer')
  await viewers.goto('/n/main/jobs/new')
  await viewers.getByText('You may not set up jobs here').waitFor()
  expect(app.faults).toEqual([])
})
