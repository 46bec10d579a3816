// The way in: the first admin's link, signing out and in, and addresses that need somebody.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectAccessible } from '../support/chromium.ts'
import { password, picture, WebApp } from '../support/webApp.ts'

let app: WebApp
beforeAll(async () => {
  app = await WebApp.open()
})
afterAll(() => app.close())

test('the first admin comes by the one-time link, signs out, and comes back by password to where they wanted', async () => {
  const { page } = await app.person('ada@example.com')
  await page.getByRole('heading', { name: 'Home' }).waitFor()
  await page.getByRole('button', { name: 'Account' }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await expectAccessible(page)
  await page.goto('/n/main/queue')
  await page.waitForURL('**/sign-in?to=*')
  await page.getByLabel('E-mail').fill('ada@example.com')
  await page.getByRole('textbox', { name: 'Password' }).fill('wrong horse battery staple')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('alert').waitFor()
  await page.getByRole('textbox', { name: 'Password' }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Queue' }).waitFor()
  expect(new URL(page.url()).pathname).toBe('/n/main/queue')
  await expectAccessible(page)
  expect(app.faults).toEqual([])
})

test('a link that is used, and an address that leads nowhere, say so', async () => {
  const { page } = await app.visitor()
  await page.goto('/welcome#nothing')
  expect(await page.getByRole('alert').textContent()).toContain('link')
  await page.goto('/nowhere')
  await page.getByRole('heading', { name: 'There is nothing at this address' }).waitFor()
  await expectAccessible(page)
})

test('dead ends have a way on: an address, a namespace and a page that are not there, in the frame of the app', async () => {
  const { page } = await app.person('cem@example.com', 'viewer')
  await page.goto('/n/main/nowhere')
  await page.getByRole('heading', { name: 'There is nothing at this address' }).waitFor()
  await page.getByRole('link', { name: 'Records' }).waitFor()
  await expectAccessible(page)
  await page.goto('/n/canada/jobs')
  await page.getByRole('heading', { name: 'The namespace canada is not open to you' }).waitFor()
  await expectAccessible(page)
  await picture(page, 'no-namespace')
  // It is not remembered: the start leads to where there is something.
  await page.goto('/')
  await page.waitForURL('**/n/main')
  await page.route('**/assets/queue-*.js', (route) => route.abort())
  await page.getByRole('link', { name: 'Queue' }).click()
  await page.getByRole('heading', { name: 'This page could not be shown' }).waitFor()
  await expectAccessible(page)
  await picture(page, 'broken')
  await page.unroute('**/assets/queue-*.js')
  await page.getByRole('button', { name: 'Load it again' }).click()
  await page.getByRole('heading', { name: 'Queue' }).waitFor()
  expect(new URL(page.url()).pathname).toBe('/n/main/queue')
})

test('dark colours and a phone: the menu opens by its button', async () => {
  const person = await app.person('bob@example.com', 'viewer')
  const { page } = await app.again(person, { width: 390, height: 800, dark: true })
  await page.goto('/n/main')
  await page.getByRole('button', { name: 'Open the menu' }).click()
  await page.getByRole('link', { name: 'Records' }).click()
  await page.getByRole('heading', { name: 'Records', level: 1 }).waitFor()
  expect(await page.locator('html').getAttribute('data-mantine-color-scheme')).toBe('dark')
  await expectAccessible(page)
})
