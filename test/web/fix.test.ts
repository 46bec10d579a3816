// Rows that failed, mended in the browser: by cause and cell by cell, by keys alone, tried first, and imported as a run of its own.
import { writeFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectAccessible, type WatchedPage } from '../support/chromium.ts'
import { picture, WebApp } from '../support/webApp.ts'

let app: WebApp
let ada: WatchedPage
let page: Page
beforeAll(async () => {
  app = await WebApp.open()
  ada = await app.person('ada@example.com')
  page = ada.page
  page.setDefaultTimeout(15_000)
  writeFileSync(app.cli.path('people.csv'), `${lines.join('\n')}\n`)
  await app.cli.run('import', app.cli.path('people.csv'), '--yes')
})
afterAll(() => app.close())

const lines = [
  'customer_id,email,city',
  'C1,ada@example.com,Wien',
  'C2,bob@@example.com,Graz',
  'C3,carl@@example.com,Linz',
  'C4,dora(at)example.com,Steyr',
  'C5,nobody,Wels',
  'C6,eva@example.com',
  'C7,finn@example.com,Enns',
  // Enough good ones that nobody doubts what the columns hold.
  ...Array.from({ length: 60 }, (_, i) => `D${i},d${i}@example.com,Ulm`),
]
/** The run that a receipt ends with: it may name others before. */
const lastRun = (receipt: string) => receipt.match(/r\d{4,}/g)!.at(-1)!

const columns = ['customer_id', 'email', 'city']

const rows = () => page.getByRole('row').filter({ has: page.getByRole('rowheader') })
const cell = (line: number, column: string) =>
  rows()
    .filter({ has: page.getByRole('rowheader').filter({ hasText: new RegExp(`^${line}$`) }) })
    .getByRole('gridcell')
    .nth(columns.indexOf(column) + 1)
const reads = (line: number, column: string, text: string) =>
  cell(line, column).getByText(text, { exact: true }).waitFor()
const bar = (text: string | RegExp) => page.getByRole('status').filter({ hasText: text }).waitFor()
const keys = async (...pressed: string[]): Promise<void> => {
  for (const key of pressed) await page.keyboard.press(key)
}

test('BL-07: rows that failed stand by cause, with what can be done here and nothing to type in a terminal', async () => {
  await page.goto('/n/main/runs/r1001/fix')
  await page.getByRole('tab', { name: 'Not an e-mail address' }).waitFor()
  await rows().first().waitFor()
  expect(await rows().count()).toBe(4)
  expect(await page.getByRole('main').innerText()).not.toMatch(/--[a-z]/)
  await page.getByRole('link', { name: 'Download the error file' }).waitFor()
  await page.getByRole('button', { name: 'Upload a corrected file' }).waitFor()
  await bar('Nothing is mended yet.')
  expect(await page.getByRole('button', { name: 'Import the mended rows' }).isDisabled()).toBe(true)
  await expectAccessible(page)
  await picture(page, 'fix')
})

test('one fix for many rows shows what it would change before it does, and can be taken back', async () => {
  const apply = page.getByRole('button', { name: /^Apply/ })
  await page.getByLabel('This text').fill('nothing like it')
  await bar('Changes none of the 4 rows.')
  expect(await apply.isDisabled()).toBe(true)
  await page.getByLabel('This text').fill('@@')
  await page.getByLabel('by', { exact: true }).fill('@')
  await bar('Changes 2 of 4 rows')
  await page.getByRole('form').getByText('bob@example.com').waitFor()
  await page.getByRole('button', { name: 'Apply to 2 rows' }).click()
  await reads(3, 'email', 'bob@example.com')
  await page.getByRole('button', { name: /Take back: email/ }).click()
  await reads(3, 'email', 'bob@@example.com')
  await page.getByRole('button', { name: 'Undo' }).click()
  await reads(3, 'email', 'bob@example.com')
  await bar('2 rows mended · 1 fix for many rows')
})

test('each kind of fix asks for what it needs, and says what it would change', async () => {
  const kinds: [kind: string, column: string, fill: Record<string, string>, said: string][] = [
    ['set to the same value', 'city', { Value: 'Wien' }, 'Changes all 4 rows'],
    ['empty it', 'city', {}, 'Changes all 4 rows'],
    ['remove blanks around it', 'city', {}, 'Changes none of the 4 rows'],
    [
      'fill up with zeros in front',
      'customer_id',
      { 'Up to how many characters': '4' },
      'Changes all 4 rows',
    ],
    [
      'read it as a date',
      'city',
      { 'Written as, e.g. dd.MM.yyyy': 'dd.MM.yyyy' },
      'Changes none of the 4 rows',
    ],
  ]
  for (const [kind, column, fill, said] of kinds) {
    await page.getByRole('combobox', { name: 'In the column' }).click()
    await page.getByRole('option', { name: column }).click()
    await page.getByRole('combobox', { name: 'of every row here' }).click()
    await page.getByRole('option', { name: kind }).click()
    for (const [label, text] of Object.entries(fill)) await page.getByLabel(label).fill(text)
    await bar(said)
  }
  await page.getByRole('combobox', { name: 'of every row here' }).click()
  await page.getByRole('option', { name: 'take the value of another column' }).click()
  await page.getByRole('combobox', { name: 'Column', exact: true }).click()
  await page.getByRole('option', { name: 'customer_id' }).click()
  await bar('Changes all 4 rows')
  await page.getByRole('form').getByText('Graz').waitFor()
  expect(app.faults).toEqual([])
})

test('by keys alone: typing begins, Escape gives up, Enter and Tab go on, and the grid keeps the focus', async () => {
  await cell(5, 'email').click()
  await page.keyboard.type('x')
  await keys('Escape')
  await reads(5, 'email', 'dora(at)example.com')
  await keys('F2', 'End')
  await page.keyboard.type('!')
  await keys('Escape')
  await page.keyboard.type('dora@example.com')
  await keys('Enter')
  await reads(5, 'email', 'dora@example.com')
  await keys('ArrowUp', 'ArrowRight')
  await page.keyboard.type('Sankt Pölten')
  await keys('Tab')
  await reads(5, 'city', 'Sankt Pölten')
  await keys('Control+Home', 'ArrowDown', 'End', 'Delete')
  await cell(4, 'city').getByText('empty').waitFor()
  await keys('Control+z')
  await reads(4, 'city', 'Linz')
  // What was typed back to what it was is no correction.
  await keys('Enter')
  await page.keyboard.type('!')
  await keys('Enter', 'ArrowUp', 'Enter', 'Backspace', 'Enter')
  await bar('3 rows mended · 1 fix for many rows · 2 cells by hand')
  await page.getByRole('checkbox', { name: 'Import line 4 again' }).uncheck()
  await bar('2 rows mended · 1 fix for many rows · 2 cells by hand · 1 row left out')
  await expectAccessible(page)
  await picture(page, 'fix-mended')
  expect(app.faults).toEqual([])
})

test('cells come from a spreadsheet and go back to it', async () => {
  await ada.context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const clipboard = (text: string) => page.evaluate((put) => navigator.clipboard.writeText(put), text)
  await clipboard('eins@example.com\tTraun\nzwei@example.com\tPerg\ndrei@example.com\tRied\n')
  await cell(5, 'email').click()
  await keys('Control+v')
  await reads(6, 'email', 'zwei@example.com')
  await reads(6, 'city', 'Perg')
  await page.getByText('2 lines of 3 pasted').waitFor()
  await keys('Control+c')
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('eins@example.com')
  await keys('Control+z')
  await reads(6, 'email', 'nobody')
  await reads(5, 'email', 'dora@example.com')
})

test('a reload loses nothing; a row that could not be read shows what stands in the file', async () => {
  await page.reload()
  await bar('2 rows mended · 1 fix for many rows · 2 cells by hand · 1 row left out')
  await page.getByRole('tab', { name: 'Wrong number of fields' }).click()
  await page.getByText('C6,eva@example.com').waitFor()
  await expectAccessible(page)
  await picture(page, 'fix-raw')
  for (const [column, value] of [
    ['customer_id', 'C6'],
    ['email', 'eva@example.com'],
    ['city', 'Traun'],
  ] as const) {
    await cell(7, column).click()
    await page.keyboard.type(value)
    await keys('Enter')
  }
  await bar('3 rows mended · 1 fix for many rows · 5 cells by hand')
  expect(new URL(page.url()).search).toBe('?cause=read.field_count')
})

test('a phone in the dark: nothing is cut off, everybody can read it, and a tap is enough to type', async () => {
  const phone = await app.again(ada, { width: 390, height: 800, dark: true })
  await phone.page.goto('/n/main/runs/r1001/fix')
  await phone.page.getByRole('rowheader').first().waitFor()
  await expectAccessible(phone.page)
  expect(
    await phone.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth),
  ).toBeLessThanOrEqual(0)
  await picture(phone.page, 'fix-phone')
})

test('BL-07: a check writes nothing; the import takes just what was mended, and what still fails is said', async () => {
  await page.getByRole('button', { name: 'Check' }).click()
  await page.getByText('Dry run: nothing was written').waitFor()
  await picture(page, 'fix-checked')
  await page.getByRole('button', { name: 'Import 3 mended rows' }).click()
  await page.getByText('3 of 3 records mended').waitFor()
  await page.getByText('It retries records of').getByRole('link', { name: 'r1001' }).click()
  await page.getByText('3 mended since by').waitFor()
  await page.getByRole('link', { name: 'Fix these rows' }).click()
  await bar('3 rows were mended since by')
  await cell(4, 'email').waitFor()
  expect(await rows().count()).toBe(2)
  expect(await page.getByRole('button', { name: 'Check' }).isDisabled()).toBe(true)
  for (const name of ['carl', 'otto']) {
    await cell(name === 'carl' ? 4 : 6, 'email').click()
    await page.keyboard.type(`${name}@example.com`)
    await keys('Enter')
  }
  await page.getByRole('button', { name: 'Import 2 mended rows' }).click()
  await page.getByText('2 of 2 records mended').waitFor()
  await page.goto('/n/main/runs/r1001/fix')
  await page.getByRole('heading', { name: 'Everything is mended' }).waitFor()
})

test('hundreds of rows: only what one looks at is drawn, the last is one key away, a fix for all counts all', async () => {
  const many = Array.from({ length: 700 }, (_, i) => `M${i},m${i}(at)example.com,Ulm`)
  const right = Array.from({ length: 7_000 }, (_, i) => `R${i},r${i}@example.com,Ulm`)
  writeFileSync(app.cli.path('many.csv'), `${['customer_id,email,city', ...many, ...right].join('\n')}\n`)
  const said = await app.cli.run('import', app.cli.path('many.csv'), '--yes')
  const run = lastRun(said.out)
  await page.goto(`/n/main/runs/${run}/fix`)
  await cell(2, 'email').click()
  await keys('Control+End')
  await reads(701, 'email', 'm699(at)example.com')
  await keys('ArrowUp', 'Home')
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('M698')
  expect(await rows().count()).toBeLessThan(50)
  await page.getByLabel('This text').fill('(at)')
  await page.getByLabel('by', { exact: true }).fill('@')
  await page.getByRole('button', { name: 'Apply to 700 rows' }).click()
  await reads(701, 'email', 'm699@example.com')
  await page.getByRole('button', { name: 'Import 700 mended rows' }).click()
  await page.getByText('700 of 700 records mended').waitFor()
})

test('a run of which nothing failed, and one that is not there, say so', async () => {
  writeFileSync(app.cli.path('good.csv'), 'customer_id,email\nC9,gil@example.com\n')
  const said = await app.cli.run('import', app.cli.path('good.csv'), '--yes')
  const run = lastRun(said.out)
  await page.goto(`/n/main/runs/${run}/fix`)
  await page.getByRole('heading', { name: 'Nothing to fix' }).waitFor()
  await page.goto('/n/main/runs/r9999/fix')
  await page.getByRole('alert').first().waitFor()
  expect(app.faults).toEqual([])
})
