// The way in: the first admin's link, signing out and in, and addresses that need somebody.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectAccessible } from '../support/chromium.ts'
import { password, WebApp } from '../support/webApp.ts'

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
  await page.goto('/n/main/nowhere')
  await page.getByRole('heading', { name: 'There is nothing at this address' }).waitFor()
})

test('dark colours and a phone: the menu opens by its button', async () => {
  const person = await app.person('bob@example.com', 'viewer')
  const { page } = await app.again(person, { width: 390, height: 800, dark: true })
  await page.goto('/n/main')
  await page.getByRole('button', { name: 'Open the menu' }).click()
  await page.getByRole('link', { name: 'Records' }).click()
  await page.getByRole('heading', { name: 'Records' }).waitFor()
  expect(await page.locator('html').getAttribute('data-mantine-color-scheme')).toBe('dark')
  await expectAccessible(page)
})
