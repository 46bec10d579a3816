// The ledger in the browser: filters in the address, selections, skip and retry, one record in four parts, and who may not.
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../until.ts'
import { expectAccessible, type WatchedPage } from '../support/chromium.ts'
import { letNewWait } from '../support/waitingRecords.ts'
import { picture, WebApp } from '../support/webApp.ts'

const contacts = fileURLToPath(new URL('../../examples/messy-crm/contacts.csv', import.meta.url))

let app: WebApp
let ada: WatchedPage
let page: Page

/** 125 contacts of which 11 failed (r1001), and a job whose records wait: four people come to be processed, four wait. */
beforeAll(async () => {
  app = await WebApp.open({ SLUICE_ROOT: '{home}/root' })
  await done([0, 3], 'import', contacts, '--yes')
  deliver('day1.csv', 'w')
  const staged = ['--staged-every', '1d', '--staged-per-run', '100', '--every', '1d']
  await done([0], 'job', 'create', 'waiting', '--folder', 'in/*.csv', ...staged)
  await done([0], 'job', 'sample', 'waiting')
  await done([0], 'job', 'activate', 'waiting')
  // The first processing run is due at once, the next one tomorrow.
  while ((await finished()) < 4) continue
  deliver('day2.csv', 'v')
  await done([0, 3], 'job', 'run', 'waiting', '--wait')
  ada = await app.person('ada@example.com')
  page = ada.page
})
afterAll(() => app.close())

function deliver(name: string, prefix: string): void {
  mkdirSync(app.cli.path('root/in'), { recursive: true })
  const lines = [1, 2, 3, 4].map((n) => `${prefix}${n},${prefix}${n}@example.org,Wien`)
  writeFileSync(app.cli.path(name), `customer_id,email,city\n${lines.join('\n')}\n`)
  cpSync(app.cli.path(name), app.cli.path(`root/in/${name}`))
}

async function finished(): Promise<number> {
  const { out } = await app.cli.run('records', '--job', 'waiting', '--state', 'finished', '--json')
  return (JSON.parse(out) as { records: readonly unknown[] }).records.length
}

async function done(codes: readonly number[], ...words: string[]): Promise<void> {
  const { code, out, err } = await app.cli.run(...words)
  if (!codes.includes(code)) throw new Error(`${words.join(' ')}: ${out}${err}`)
}

const table = (): Locator => page.getByRole('table', { name: 'Records' })
const rows = (): Locator => table().locator('tbody tr')
const shows = (text: string): Promise<void> => page.getByText(text, { exact: true }).first().waitFor()

test('AL-01 AL-09 AL-12 filters stand in the address, as chips that can be removed, and Back leads back', async () => {
  await page.goto('/n/main/records')
  await shows('50 records on this page')
  await page.getByText('Failed', { exact: true }).first().click()
  await shows('11 records on this page')
  expect(new URL(page.url()).searchParams.get('state')).toBe('failed')
  await page.getByRole('textbox', { name: 'Identifier', exact: true }).fill('EXAMPLE.NET')
  await page.keyboard.press('Enter')
  const chip = page.getByRole('button', { name: 'Remove the filter Identifier contains: EXAMPLE.NET' })
  await chip.waitFor()
  await page.mouse.move(0, 0)
  await expectAccessible(page)
  await chip.click()
  await shows('11 records on this page')
  await page.goBack()
  await chip.waitFor()
  await page.getByRole('button', { name: 'Clear all' }).click()
  await shows('50 records on this page')
})

test('AL-08 AL-10 AL-13 AL-14 the other filters, by hand and from a link', async () => {
  await page.goto('/n/main/records?job=waiting')
  await shows('8 records on this page')
  await page.getByRole('button', { name: 'More filters' }).click()
  const type = page.getByRole('textbox', { name: 'Type', exact: true })
  await type.fill('day2')
  await type.press('Enter')
  await shows('4 records on this page')
  await page.getByRole('textbox', { name: 'Record', exact: true }).fill('/3')
  await page.keyboard.press('Enter')
  await shows('1 record on this page')
  await expectAccessible(page)
  await page.goto('/n/main/records?created_until=2020-01-01T00:00:00Z')
  await page.getByRole('heading', { name: 'No record matches' }).waitFor()
  await page.goto('/n/main/records?identifier=w2')
  await shows('1 record on this page')
  await page.goto('/n/main/records?state=odd')
  await page.getByRole('alert').waitFor()
  await page.goto('/n/main/records?code=email.invalid')
  await table().getByText('is not an e-mail address').first().waitFor()
  expect(await table().getByText('Finished', { exact: true }).count()).toBe(0)
})

test('stable pages: older, and to the newest again', async () => {
  await page.goto('/n/main/records')
  const first = await rows().first().getByRole('link').first().textContent()
  await page.getByRole('button', { name: 'Older' }).click()
  await page.getByRole('button', { name: 'Newest' }).waitFor()
  await page.waitForURL(/cursor=/)
  await expect.poll(() => rows().first().getByRole('link').first().textContent()).not.toBe(first)
  await page.getByRole('button', { name: 'Newest' }).click()
  await expect.poll(() => rows().first().getByRole('link').first().textContent()).toBe(first)
})

test('AL-21 AL-22 AL-30 skip what is selected: changed so many, left the others and why', async () => {
  await page.goto('/n/main/records?job=waiting')
  await page.getByRole('checkbox', { name: 'Select all on this page' }).click()
  await shows('8 records selected')
  await page.getByRole('button', { name: 'Retry 4' }).waitFor()
  await page.getByRole('button', { name: 'Clear', exact: true }).click()
  await rows().nth(0).getByRole('checkbox').click()
  await rows().nth(1).getByRole('checkbox').click()
  await expectAccessible(page)
  await picture(page, 'records')
  await page.getByRole('button', { name: 'Skip 2' }).click()
  const question = page.getByRole('dialog', { name: 'Skip 2 records?' })
  await question.getByText('They will not be processed.').waitFor()
  await question.getByRole('button', { name: 'Skip 2 records' }).click()
  await page.getByRole('status').getByText('2 records skipped').waitFor()
  await page.getByText('Skipped', { exact: true }).nth(1).waitFor()
  // Again, now with two that are skipped already.
  await page.getByRole('button', { name: 'What to select' }).click()
  await page.getByRole('menuitem', { name: 'All that match the filters' }).click()
  await shows('All 8 records that match are selected')
  await page.getByRole('button', { name: 'Skip 2' }).click()
  const all = page.getByRole('dialog', { name: 'Skip 2 records?' })
  await all.getByText('6 other records will be left:').waitFor()
  await expectAccessible(page)
  await all.getByRole('button', { name: 'Cancel' }).click()
  expect(await table().getByText('Skipped', { exact: true }).count()).toBe(2)
})

test('AL-23 AL-26 AL-27 retry all failed that match, as a run of its own; what was retried says so', async () => {
  await page.goto('/n/main/records?state=failed&run=r1001')
  await page.getByRole('button', { name: 'What to select' }).click()
  await page.getByRole('menuitem', { name: 'All that match the filters' }).click()
  await page.getByRole('button', { name: 'Retry 11' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Retry 11 records' }).click()
  await page.getByRole('status').getByText('11 records retried').waitFor()
  await page.getByRole('status').getByRole('link').first().waitFor()
  await page
    .getByRole('checkbox', { name: 'Also rows that were retried since' })
    .waitFor({ state: 'detached' })
  // Their rows say so when the run that retries them has come to them.
  await until(async () => {
    await page.goto('/n/main/records?state=failed&run=r1001&all_attempts=true')
    await rows().nth(10).waitFor()
    return (await page.getByText('retried since in').count()) === 11
  })
  expect(await rows().count()).toBe(11)
})

test('AL-15 to AL-19 one record: overview, data, import messages, export messages; light, dark and narrow', async () => {
  await page.goto('/n/main/records?code=email.invalid&run=r1001&all_attempts=true')
  await rows().first().getByRole('link').first().click()
  await page.getByRole('heading', { name: /^Record r1001/ }).waitFor()
  await page.getByText('email.invalid', { exact: true }).waitFor()
  await expectAccessible(page)
  await page.getByRole('tab', { name: 'Data' }).click()
  await page.getByRole('heading', { name: 'As it stands in the file' }).waitFor()
  await page.getByRole('table', { name: 'Each cell and what it became' }).waitFor()
  await expectAccessible(page)
  await page.getByRole('tab', { name: 'Import messages' }).click()
  await page.getByText('It was read without a problem.').waitFor()
  await expectAccessible(page)
  await page.getByRole('tab', { name: 'Export messages' }).click()
  await page.getByText('Nothing else delivered it').waitFor()
  const small = await app.again(ada, { width: 390, height: 800, dark: true })
  await small.page.goto(page.url())
  await small.page.getByText('Nothing else delivered it').waitFor()
  await expectAccessible(small.page)
  await small.page.goto('/n/main/records?job=waiting')
  await small.page.getByRole('article').first().waitFor()
  await expectAccessible(small.page)
  expect(await small.page.evaluate('document.documentElement.scrollWidth')).toBe(390)
  await page.goto('/n/main/records/r1001/99999')
  await page.getByRole('heading', { name: 'There is no record r1001/99999 here' }).waitFor()
  await page.getByRole('link', { name: 'See all records' }).waitFor()
})

test('AL-D01 records that wait for an answer from outside are settled by hand: one, and all that match', async () => {
  expect(await letNewWait(app.cli.home)).toBe(2)
  await page.goto('/n/main/records?job=waiting&state=waiting')
  await shows('2 records on this page')
  await rows().first().getByRole('link').first().click()
  await page.getByRole('button', { name: 'Settle', exact: true }).click()
  const one = page.getByRole('dialog', { name: 'Settle 1 record?' })
  await one.getByRole('radio', { name: 'Failed' }).check()
  await one.getByLabel('What the destination said').fill('mailbox full')
  await expectAccessible(page)
  await picture(page, 'record-settle')
  await one.getByRole('button', { name: 'Settle 1 record' }).click()
  await page.getByRole('status').getByText('1 record settled').waitFor()
  await page.getByRole('alert').getByText('mailbox full').waitFor()
  await page.goto('/n/main/records?job=waiting')
  await page.getByRole('button', { name: 'What to select' }).click()
  await page.getByRole('menuitem', { name: 'All that match the filters' }).click()
  await page.getByRole('button', { name: 'Settle 1' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Settle 1 record' }).click()
  await page.getByRole('status').getByText('1 record settled').waitFor()
  await table().getByText('delivered', { exact: true }).waitFor()
})

test('a viewer sees records, and nothing to select or do', async () => {
  const viewer = await app.person('vera@example.com', 'viewer')
  await viewer.page.goto('/n/main/records?job=waiting')
  await viewer.page.getByRole('table', { name: 'Records' }).waitFor()
  expect(await viewer.page.getByRole('checkbox', { name: /^Select/ }).count()).toBe(0)
  await viewer.page.goto('/n/main/records/r1001/1')
  await viewer.page.getByRole('heading', { name: 'Where it came from' }).waitFor()
  expect(await viewer.page.getByRole('button', { name: 'Retry' }).count()).toBe(0)
  expect(app.faults).toEqual([])
})
