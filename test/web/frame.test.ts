// The frame of every page: a session that ends meanwhile, another window that signs out, addresses, names of namespaces, what is announced.
import { writeFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectAccessible, type WatchedPage } from '../support/chromium.ts'
import { password, picture, WebApp } from '../support/webApp.ts'

/** More digits than a number of JavaScript holds. */
const longId = '12345678901234567890'

let app: WebApp
let ada: WatchedPage
let page: Page
beforeAll(async () => {
  app = await WebApp.open()
  writeFileSync(
    app.cli.path('members.csv'),
    `customer_id,email,phone\n${longId},a@example.com,+44 20 7946 0962\n7,nobody,\n`,
  )
  await app.cli.run('import', app.cli.path('members.csv'), '--yes')
  ada = await app.person('ada@example.com')
  page = ada.page
})
afterAll(() => app.close())

test('an address means what it says: identifiers are no numbers, and a filter may stand there twice', async () => {
  await page.goto(`/n/main/records?identifier=${longId}`)
  await page.getByRole('link', { name: 'r1001/1', exact: true }).waitFor()
  await page.goto('/n/main/records?state=finished&state=failed')
  await page.getByRole('link', { name: 'r1001/2', exact: true }).waitFor()
  expect(await page.getByRole('checkbox', { name: 'Failed' }).isChecked()).toBe(true)
  await page.getByText('Finished', { exact: true }).first().click()
  await page.waitForURL((url) => url.search === '?state=failed')
  await page.getByRole('link', { name: 'r1001/1', exact: true }).waitFor({ state: 'detached' })
  expect(await page.locator('main code').last().textContent()).toBe('sluice records --state failed')
})

test('the runs of one job, by its name, and of one kind', async () => {
  await page.goto('/n/main/runs')
  await page.getByRole('combobox', { name: 'Job', exact: true }).fill('memb')
  await page.getByRole('option', { name: 'members.csv' }).click()
  await page.waitForURL((url) => url.search === '?job=members.csv')
  await page.getByRole('link', { name: 'r1001', exact: true }).first().waitFor()
  await page.getByRole('combobox', { name: 'Type of job' }).click()
  await page.getByRole('option', { name: 'Recurring' }).click()
  await page.getByRole('heading', { name: 'No such run' }).waitFor()
  await page.goBack()
  await page.getByRole('link', { name: 'r1001', exact: true }).first().waitFor()
  expect(app.faults).toEqual([])
})

test('who hears the page is told when another one is shown', async () => {
  await page.goto('/n/main/jobs')
  await page.getByRole('link', { name: 'Profiles' }).click()
  await page.locator('[aria-live=polite]', { hasText: 'Profiles · Sluice' }).waitFor({ state: 'attached' })
  expect(app.faults).toEqual([])
})

test('a namespace is called as people call it', async () => {
  await app.cli.run('namespace', 'create', 'shop_at')
  await app.cli.run('settings', 'set', 'label=Shop Austria', '--namespace', 'shop_at')
  await page.goto('/n/main/runs')
  await page.getByRole('button', { name: 'Namespace main: choose another' }).click()
  await page.getByRole('menuitem', { name: 'Shop Austria' }).click()
  await page.waitForURL('**/n/shop_at')
  await page.getByRole('button', { name: 'Namespace Shop Austria: choose another' }).waitFor()
  await page.goto('/n/shop_at/records')
  expect(await page.locator('main code').last().textContent()).toBe('sluice records --namespace shop_at')
})

test('a session that ends while somebody types is renewed over the page, and nothing typed is lost', async () => {
  await page.goto('/n/main/settings/general')
  await page.getByLabel('Name for people').fill('All our customers of every shop')
  await ada.context.clearCookies()
  await page.getByRole('button', { name: 'Save' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'Your session has ended' })
  await dialog.getByLabel('E-mail').fill('ada@example.com')
  await expectAccessible(page)
  await picture(page, 'session-ended')
  await dialog.getByRole('textbox', { name: 'Password' }).fill('wrong horse battery staple')
  await dialog.getByRole('button', { name: 'Sign in', exact: true }).click()
  await dialog.getByRole('alert').waitFor()
  await dialog.getByRole('textbox', { name: 'Password' }).fill(password)
  await dialog.getByRole('button', { name: 'Sign in', exact: true }).click()
  await dialog.waitFor({ state: 'detached' })
  expect(await page.getByLabel('Name for people').inputValue()).toBe('All our customers of every shop')
  await page.getByRole('button', { name: 'Save' }).first().click()
  await page.getByText('Saved.', { exact: true }).waitFor()
  await page.getByText('Of All our customers of every shop').waitFor()
})

test('signing out in one window ends what the others show', async () => {
  const other = await ada.context.newPage()
  await other.goto('/n/main/profiles')
  await other.getByText('1 profile', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Account' }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await other.getByRole('heading', { name: 'Sign in' }).waitFor()
  expect(new URL(other.url()).searchParams.get('to')).toBe('/n/main/profiles')
  expect(app.faults).toEqual([])
})

test('uploads on a phone, in the dark: cards, and from the failed rows to mending them', async () => {
  const person = await app.person('otto@example.com', 'operator')
  const { page: phone } = await app.again(person, { width: 390, height: 844, dark: true })
  await phone.goto('/n/main/uploads')
  const card = phone.getByRole('listitem').filter({ hasText: 'members.csv' })
  await card.getByText('2 rows · 1 created · 1 failed').waitFor()
  await expectAccessible(phone)
  expect(
    await phone.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
  ).toBe(0)
  // However long the name of the namespace is.
  const account = await phone.getByRole('button', { name: 'Account' }).boundingBox()
  expect(account!.x + account!.width).toBeLessThanOrEqual(390)
  await picture(phone, 'uploads-phone')
  await phone.goto('/n/main/runs/r1001')
  await phone.getByRole('link', { name: 'Fix rows' }).click()
  await phone.getByRole('heading', { name: 'Fix rejected rows' }).waitFor()
  await phone.goto('/n/main/attributes')
  await phone.getByText('Phone', { exact: true }).waitFor()
  await expectAccessible(phone)
  expect(app.faults).toEqual([])
})
