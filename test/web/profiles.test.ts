// People in the browser: finding them by any text and by conditions, where a value came from, what it was before, and the catalogue.
import { writeFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectAccessible, type WatchedPage } from '../support/chromium.ts'
import { picture, WebApp } from '../support/webApp.ts'

let app: WebApp
let ada: WatchedPage
let page: Page

/** 70 people; a second file moves one of them, and merges two. */
beforeAll(async () => {
  app = await WebApp.open()
  const lines = Array.from(
    { length: 70 },
    (_, i) => `k${i},p${i}@example.org,Person ${i},${i % 10 === 0 ? 'Graz' : 'Wien'},${i}`,
  )
  await brought('people.csv', `customer_id,email,first_name,city,points\n${lines.join('\n')}\n`)
  await brought('only-email.csv', 'email,city\nnew@example.org,Ulm\n')
  await brought('moved.csv', 'customer_id,email,city\nk7,p7@example.org,Linz\nz9,new@example.org,Bonn\n')
  ada = await app.person('ada@example.com')
  page = ada.page
})
afterAll(() => app.close())

async function brought(name: string, content: string): Promise<void> {
  writeFileSync(app.cli.path(name), content)
  const { code, out, err } = await app.cli.run('import', app.cli.path(name), '--yes')
  if (code !== 0) throw new Error(out + err)
}

const shows = (text: string): Promise<void> => page.getByText(text, { exact: true }).first().waitFor()

test('people are found by any text and by conditions, which stand in the address', async () => {
  await page.goto('/n/main/profiles')
  await shows('71 profiles')
  await page.getByRole('textbox', { name: 'Find people' }).fill('GRAZ')
  await shows('7 profiles')
  expect(new URL(page.url()).searchParams.get('q')).toBe('GRAZ')
  await page.getByRole('button', { name: 'Add a condition' }).click()
  await page.getByRole('combobox', { name: 'Attribute or identifier' }).fill('Points')
  await page.getByRole('option', { name: 'Points' }).click()
  await page.getByRole('combobox', { name: 'Condition', exact: true }).selectOption('is at least')
  await page.getByRole('textbox', { name: 'Value' }).fill('40')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await shows('3 profiles')
  await shows('Points is at least 40')
  await page.mouse.move(0, 0)
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Remove the condition points>=40' }).click()
  await shows('7 profiles')
  await page.getByRole('textbox', { name: 'Find people' }).fill('nobody at all')
  await page.getByRole('heading', { name: 'Nobody fits' }).waitFor()
  await page.goto('/n/main/profiles?where=points>=many')
  await page.getByRole('alert').waitFor()
})

test('LY-33 a profile tells where each value came from, and what it was before; light, dark and narrow', async () => {
  await page.goto('/n/main/profiles?q=k7')
  await page.getByRole('link', { name: 'k7', exact: true }).click()
  await page.getByRole('heading', { name: 'Person 7' }).waitFor()
  const city = page.getByRole('row', { name: /^City/ })
  await city.getByText('moved.csv, line 2').waitFor()
  await expectAccessible(page)
  await picture(page, 'profile')
  await city.getByRole('link', { name: 'City: Linz, history' }).click()
  const history = page.getByRole('table', { name: 'History' })
  await history.getByText('people.csv, line 9').waitFor()
  expect(await history.locator('tbody tr').count()).toBe(2)
  await expectAccessible(page)
  const small = await app.again(ada, { width: 390, height: 800, dark: true })
  await small.page.goto(page.url().split('?')[0]!)
  await small.page.getByText('moved.csv, line 2').first().waitFor()
  await expectAccessible(small.page)
  expect(await small.page.evaluate('document.documentElement.scrollWidth')).toBe(390)
  await page.getByRole('link', { name: 'Records of this person' }).click()
  await shows('2 records on this page')
  await page.goto('/n/main/profiles/999999999')
  await page.getByRole('heading', { name: 'There is no profile 999999999 here' }).waitFor()
})

test('two people that a third record joins are one: both pages say so, and it is undone with the run', async () => {
  await brought('two.csv', 'customer_id,email,city\nm1,,Graz\n,m1@example.org,Linz\n')
  await brought('joined.csv', 'customer_id,email,first_name\nm1,m1@example.org,Mia\n')
  await page.goto('/n/main/profiles?q=m1@example.org')
  await page.getByRole('link', { name: 'm1', exact: true }).click()
  await page.getByRole('heading', { name: 'Mia' }).waitFor()
  const survivor = page.url()
  await page.getByRole('heading', { name: 'Merged into this profile' }).waitFor()
  await expectAccessible(page)
  await picture(page, 'profile-merged')
  await page
    .getByRole('link', { name: /^profile \d+$/i })
    .first()
    .click()
  await page.getByText('This profile was merged into another').waitFor()
  const merged = page.url()
  await expectAccessible(page)
  await page.getByRole('link', { name: /^profile \d+$/ }).click()
  await page.getByRole('heading', { name: 'Mia' }).waitFor()
  expect(page.url()).toBe(survivor)
  await app.cli.run('undo', 'r1005', '--yes')
  await page.goto(merged)
  await page.getByRole('link', { name: 'Records of this person' }).waitFor()
  expect(await page.getByText('This profile was merged into another').count()).toBe(0)
})

test('the catalogue: types, since when, who writes it; and to the people who have a value', async () => {
  await page.goto('/n/main/attributes')
  const row = page.getByRole('row', { name: /^City/ })
  await row.getByRole('link', { name: 'moved.csv' }).waitFor()
  await row.getByRole('link', { name: 'r1001' }).waitFor()
  await expectAccessible(page)
  await page.getByRole('textbox', { name: 'Find an attribute' }).fill('poi')
  await shows('1 attribute')
  await page.getByRole('link', { name: 'Points' }).click()
  await shows('Points has a value')
  await shows('70 profiles')
  expect(app.faults).toEqual([])
})
