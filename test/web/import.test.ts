// A file comes in by the browser: dropped, looked at, tried, imported; and what is said where it cannot be.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectAccessible, type WatchedPage } from '../support/chromium.ts'
import { picture, WebApp } from '../support/webApp.ts'
import { until } from '../until.ts'

const example = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../../examples/${path}`, import.meta.url)), 'latin1')

let app: WebApp
let person: WatchedPage
let page: Page
beforeAll(async () => {
  app = await WebApp.open()
  person = await app.person('ada@example.com')
  page = person.page
})
afterAll(() => app.close())

/** Drops a file onto whatever is shown, as a browser does when one is dragged in. */
async function drop(name: string, content: string): Promise<void> {
  const carried = await page.evaluateHandle(`(() => {
    const data = new DataTransfer()
    const bytes = Uint8Array.from(${JSON.stringify(content)}, (letter) => letter.charCodeAt(0))
    data.items.add(new File([bytes], ${JSON.stringify(name)}))
    return data
  })()`)
  await page.dispatchEvent('body', 'dragover', { dataTransfer: carried })
  await page.getByText('Drop to import').waitFor()
  await page.dispatchEvent('body', 'drop', { dataTransfer: carried })
}

const becomes = (column: string) => page.getByRole('combobox', { name: `${column} becomes` })
const importButton = () => page.getByRole('button', { name: /^Import [\d,]+ rows$/ })

test('BS-01: a file dropped anywhere is looked at, and imported in two clicks', async () => {
  await page.goto('/n/main/queue')
  await page.getByRole('heading', { name: 'Queue' }).waitFor()
  await drop('contacts.csv', example('messy-crm/contacts.csv'))
  await page.getByRole('heading', { name: 'contacts.csv' }).waitFor()
  expect(await becomes('E-mail').inputValue()).toBe('E-mail address')
  expect(await importButton().textContent()).toBe('Import 125 rows')
  await expectAccessible(page)
  await picture(page, 'import')
  await importButton().click()
  await page.waitForURL('**/runs/r*')
  // The same file while this one runs would go on with it.
  await page.getByText('Completed').first().waitFor()
})

test('the same file again: nothing is done twice, unless somebody says so', async () => {
  await drop('contacts.csv', example('messy-crm/contacts.csv'))
  await page.getByRole('heading', { name: 'contacts.csv' }).waitFor()
  await page.getByText('Mapped as last time').waitFor()
  await importButton().click()
  await page.getByText('This was imported before').waitFor()
  expect(new URL(page.url()).pathname).toBe('/n/main/import')
})

test('a dry run tells what would become of the rows; a column can become something else, and a reload keeps the file', async () => {
  await page.reload()
  await becomes('Notes').click()
  await page.getByRole('option', { name: 'Left out' }).click()
  await page.getByRole('button', { name: 'Dry run' }).click()
  await page.getByText('Dry run: nothing was written').waitFor()
  expect(await page.getByText(/would be unchanged/).count()).toBe(1)
  const phone = await app.again(person, { width: 390, height: 800, dark: true })
  await phone.page.goto(page.url())
  await phone.page.getByRole('tab', { name: '11 columns' }).waitFor()
  await expectAccessible(phone.page)
  const wider = await phone.page.evaluate('document.documentElement.scrollWidth > window.innerWidth')
  expect(wider).toBe(false)
})

test('a question that only a person can answer keeps the button shut until it is answered', async () => {
  await drop('dates.csv', 'email,born\na@x.example,03/04/1990\nb@x.example,05/06/1991\n')
  await page.getByRole('heading', { name: 'dates.csv' }).waitFor()
  await page.getByRole('button', { name: /Day first/ }).waitFor()
  expect(await importButton().isDisabled()).toBe(true)
  await page.getByRole('button', { name: /Day first/ }).click()
  await until(() => importButton().isEnabled())
})

test('a workbook shows its sheets', async () => {
  await drop('customers.xlsx', example('excel-workbook/customers.xlsx'))
  await page.getByRole('heading', { name: 'customers.xlsx' }).waitFor()
  await page
    .getByRole('button', { name: /^Look at the sheet/ })
    .first()
    .click()
  await page.getByRole('tab', { name: /columns$/ }).waitFor()
  expect(await importButton().count()).toBe(1)
})

describe('files that cannot be imported are refused in words', () => {
  test.each([
    ['nothing.csv', ''],
    ['picture.png', '\u0089PNG\r\n\u001a\n\u0000\u0000\u0000\rIHDR\u0000\u0000'],
  ])('%s', async (name, content) => {
    await page.goto('/n/main/uploads')
    await page.getByRole('heading', { name: 'Uploads' }).waitFor()
    await drop(name, content)
    const said = page.getByRole('alert').first()
    await said.waitFor()
    expect(await said.textContent()).toMatch(/\w{4,}.*\./)
    expect(await importButton().and(page.locator(':enabled')).count()).toBe(0)
  })
})

test('the list of uploads: newest first, with what became of their rows', async () => {
  await page.goto('/n/main/uploads')
  await page.getByRole('link', { name: 'contacts.csv' }).first().waitFor()
  await expectAccessible(page)
  await picture(page, 'uploads')
  expect(app.faults).toEqual([])
})
