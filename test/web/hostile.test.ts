// Files that nobody wishes for, in the preview of an import and in the wizard: everything can be read, nothing breaks the page,
// and whoever is refused is told what to do.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeZip } from '../support/containers.ts'
import { expectAccessible, type WatchedPage } from '../support/chromium.ts'
import { picture, WebApp } from '../support/webApp.ts'

let app: WebApp
let person: WatchedPage
let page: Page
beforeAll(async () => {
  app = await WebApp.open()
  person = await app.person('ada@example.com')
  page = person.page
})
afterAll(() => app.close())

const longHeader = `What we once asked our customers ${'about everything and all of it '.repeat(9)}`.slice(
  0,
  300,
)
const longWord = 'https://example.com/'.padEnd(5_000, 'x')
const headers = [
  'customer_id',
  'E-Mail',
  longHeader,
  'שם משפחה',
  'اسم العميل',
  '<img src=x onerror=alert(1)>',
  'a=b',
  `one${'word'.repeat(60)}`,
  ...Array.from({ length: 392 }, (_, i) => `field ${i + 1}`),
]
const cells = [
  `=cmd|' /C calc'!A0`,
  'כהן, דוד (מנכ״ל)',
  'عميل رقم ١٢٣',
  '<script>alert(1)</script>',
  '@SUM(1+1)*cmd',
]

function cellOf(row: number, column: number): string {
  if (column === 0) return `C${row}`
  if (column === 1) return `p${row}@example.com`
  return column === 7 ? longWord : cells[(column - 2) % cells.length]!
}

const wide = [
  headers.join(','),
  ...Array.from({ length: 30 }, (_, row) => headers.map((_, column) => `"${cellOf(row, column)}"`).join(',')),
  '',
].join('\n')

/** Chooses a file by the button, wherever one is. */
async function give(label: string, name: string, content: string | Buffer): Promise<void> {
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('main').getByRole('button', { name: label }).click(),
  ])
  await chooser.setFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(content) })
}

async function choose(name: string, content: string | Buffer): Promise<void> {
  await page.goto('/n/main/import')
  await give('Choose a file', name, content)
}

/** Nothing sticks out, on a desk and on a phone in the dark. */
async function expectTidy(name: string): Promise<void> {
  expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0)
  await expectAccessible(page)
  await picture(page, name)
  const { page: phone, context } = await app.again(person, { width: 390, height: 844, dark: true })
  await phone.goto(page.url())
  await phone.getByRole('list', { name: 'Columns' }).waitFor()
  expect(await phone.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0)
  await expectAccessible(phone)
  await picture(phone, `${name}-phone`)
  await context.close()
}

const line = (column: string) =>
  page.getByRole('listitem').filter({ has: page.getByRole('combobox', { name: `${column} becomes` }) })

describe('400 columns, headers without end, formulas, text from right to left, markup', () => {
  test('in the preview: some columns at once, each can be found and changed, values are text', async () => {
    await choose(`${'long name '.repeat(20)}.csv`, wide)
    await page.getByRole('tab', { name: '400 columns' }).waitFor()
    await expectTidy('hostile-import')
    expect(await page.getByRole('listitem').count()).toBe(40)
    await page.getByRole('button', { name: 'Show 200 more' }).click()
    await page.getByLabel('Find a column').fill('field 39')
    await line('field 390').waitFor()
    await page.getByLabel('Find a column').fill('a=b')
    await line('a=b').getByRole('combobox').click()
    await page.getByRole('option', { name: 'Left out' }).click()
    expect(await line('a=b').getByRole('combobox').inputValue()).toBe('Left out')
    await page.getByLabel('Find a column').fill('nowhere')
    await page.getByText('No column has “nowhere” in its name.').waitFor()
    await page.getByRole('tab', { name: 'First rows' }).click()
    await page.getByText('The first 50 of 400 columns.').waitFor()
    await page.getByText('<script>alert(1)</script>').first().waitFor()
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0)
  })

  test('in the wizard, with the same parts', async () => {
    await page.goto('/n/main/jobs/new')
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Hostile')
    await page.getByRole('radio', { name: 'Files given by hand' }).click()
    await page.getByRole('button', { name: 'Save and go on' }).click()
    await give('Choose a file', `${'long name '.repeat(20)}.csv`, wide)
    await page.getByRole('list', { name: 'Columns' }).waitFor()
    await expectTidy('hostile-wizard')
    await page.getByLabel('Find a column').fill('שם')
    await line('שם משפחה').getByText('כהן, דוד').waitFor()
    expect(app.faults).toEqual([])
  })
})

describe('what cannot be read is refused with what to do', () => {
  const binary = Buffer.concat([Buffer.from('\x7fELF\x02\x01\x01\0', 'latin1'), Buffer.alloc(4_000, 0x90)])
  test.each([
    ['an empty file', 'nothing.csv', '', 'The file is empty', 'export finished'],
    ['a program', 'program.csv', binary, /\w/, /\w/],
  ])('%s', async (_, name, content, title, advice) => {
    await choose(name, content)
    const said = page.getByRole('alert').first()
    await said.getByText(title).first().waitFor()
    await said.getByText(advice).first().waitFor()
    expect(await said.textContent()).not.toMatch(/ --[a-z]/)
    await expectAccessible(page)
    await picture(page, `hostile-${name}`)
  })

  test('an archive with a password, when it is opened', async () => {
    await choose('locked.zip', makeZip([{ name: 'a.csv', content: 'a,b\n1,2\n', flags: 1 }]))
    await page.getByRole('button', { name: 'Look at the file a.csv' }).click()
    const said = page.getByRole('alert')
    await said.getByText('The file is protected by a password').waitFor()
    expect(await said.textContent()).toContain('save it without one')
    await expectAccessible(page)
  })
})

test('a file read the wrong way is read the right way, also after nothing of it could be read', async () => {
  const german = 'id;name;email\n1;Jürgen Groß;a@example.com\n2;Zoë Müller;b@example.com\n'
  await choose('german.csv', Buffer.from(german, 'latin1'))
  await page.getByText(/^CSV · WINDOWS-1252 · Semicolon/).waitFor()
  await page.getByRole('button', { name: 'How it is read' }).click()
  await page.getByRole('combobox', { name: 'Characters' }).click()
  await page.getByRole('option', { name: 'UTF-8', exact: true }).click()
  await page.getByRole('button', { name: 'Read it this way' }).click()
  await page.getByText('2 rows of the beginning cannot be read').waitFor()
  await page.getByLabel('Lines before it').fill('99')
  await page.getByRole('button', { name: 'Read it this way' }).click()
  await page.getByRole('alert').getByText('The file is empty').waitFor()
  await page.getByLabel('Lines before it').fill('0')
  await page.getByRole('combobox', { name: 'Characters' }).click()
  await page.getByRole('option', { name: 'Western European (Windows-1252)' }).click()
  await page.getByRole('button', { name: 'Read it this way' }).click()
  await page.getByText('Jürgen Groß').first().waitFor()
  expect(app.faults).toEqual([])
})
