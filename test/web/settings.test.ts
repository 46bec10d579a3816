// Settings and one's account, as an admin changes them and as somebody looks who may not.
import type { Page } from 'playwright-core'
import { Secret, TOTP } from 'otpauth'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectAccessible, type WatchedPage } from '../support/chromium.ts'
import { password, picture, WebApp } from '../support/webApp.ts'

let app: WebApp
let person: WatchedPage
let page: Page
beforeAll(async () => {
  app = await WebApp.open()
  person = await app.person('ada@example.com')
  page = person.page
})
afterAll(() => app.close())

const section = (name: string) => page.getByRole('region', { name, exact: true })
const open = async (tab: string): Promise<void> => {
  await page.goto(`/n/main/settings/${tab}`)
}

test('general: a label and the words of another product are saved; a zone that is none is refused and stays typed', async () => {
  await open('general')
  const part = section('Name, time and words')
  await part.getByLabel('Name for people').fill('Shop of Ada')
  await part.getByRole('combobox', { name: 'Words' }).selectOption('lytics')
  await part.getByRole('button', { name: 'What Lytics calls what' }).click()
  await part.getByRole('cell', { name: 'Omitted', exact: true }).first().waitFor()
  await part.getByLabel('Time zone').fill('Vienna')
  await part.getByRole('button', { name: 'Save' }).click()
  await part.getByRole('alert').waitFor()
  expect(await part.getByLabel('Name for people').inputValue()).toBe('Shop of Ada')
  await part.getByLabel('Time zone').fill('Europe/Vienna')
  await part.getByRole('button', { name: 'Save' }).click()
  await part.getByText('Saved.').waitFor()
  expect((await app.cli.run('settings')).out).toMatch(/label\s+Shop of Ada/)
  await expectAccessible(page)
})

test('members: somebody is invited by a link that is shown once, and the invitation is withdrawn after a question', async () => {
  await open('members')
  await page.getByLabel('E-mail').fill('grace@example.com')
  await page.getByRole('combobox', { name: 'Role', exact: true }).selectOption('operator')
  await page.getByRole('button', { name: 'Invite' }).click()
  await page.getByText(/welcome#/).waitFor()
  await picture(page, 'settings-members')
  await page.getByRole('button', { name: 'I have it' }).click()
  await page.getByText('Invited as operator').waitFor()
  await page.getByText(/welcome#/).waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Withdraw' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Withdraw' }).click()
  await page.getByText('Invited as operator').waitFor({ state: 'detached' })
  // The last owner stays, and is told why.
  await page.getByRole('button', { name: 'Leave main' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Leave' }).click()
  await page.getByRole('dialog').getByRole('alert').waitFor()
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  expect(await page.getByText('Invited as operator').count()).toBe(0)
  await expectAccessible(page)
})

test('tokens: made with rights, shown once, revoked', async () => {
  await open('tokens')
  await page.getByLabel('Name').fill('nightly')
  await page.getByRole('checkbox', { name: 'run', exact: true }).check()
  await page.getByRole('button', { name: 'Make the token' }).click()
  await page.getByText('The token nightly is made').waitFor()
  await page.getByRole('button', { name: 'I have it' }).click()
  await page.getByText('Last used never').waitFor()
  await page.getByRole('button', { name: 'Revoke nightly' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
  await page.getByText('No tokens yet.').waitFor()
  await page.getByRole('switch', { name: 'Also revoked ones' }).click()
  await page.getByText('revoked', { exact: true }).waitFor()
  expect(new URL(page.url()).search).toBe('?revoked=yes')
})

test('retention: what a change would remove is said before it is saved', async () => {
  await open('retention')
  await page.getByLabel('Error files').fill('7')
  await page.getByText('Nothing goes at once').waitFor()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Saved. The next night goes by it.').waitFor()
  expect((await app.cli.run('settings')).out).toMatch(/retention\.artifacts\s+7 days/)
  await picture(page, 'settings-retention')
  await expectAccessible(page)
})

test('audit: narrowed by the address, with before and after, and as a file', async () => {
  await open('audit?action=settings')
  const line = page.getByRole('button', { expanded: false }).filter({ hasText: 'settings.change' }).first()
  await line.click()
  await page.getByText('"artifacts": 7').first().waitFor()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Export CSV' }).click(),
  ])
  expect(download.suggestedFilename()).toBe('audit.csv')
  await expectAccessible(page)
})

test('a second factor is set up with a code, and signing in asks for it', async () => {
  await page.goto('/n/main/account')
  const part = section('Second factor')
  await part.getByRole('textbox', { name: 'Your password, to begin' }).fill(password)
  await part.getByRole('button', { name: 'Set it up' }).click()
  await part.getByRole('img', { name: 'QR code for the app' }).waitFor()
  await picture(page, 'account-two-factor')
  await expectAccessible(page)
  const uri = await part.getByRole('link', { name: 'open the app' }).getAttribute('href')
  const secret = new URL(uri!).searchParams.get('secret')!
  const phone = new TOTP({ secret: Secret.fromBase32(secret) })
  await part.getByLabel('2. The code it shows now').fill(phone.generate())
  await part.getByRole('button', { name: 'Switch it on' }).click()
  await part.getByText('Your recovery codes').waitFor()
  const [first] = await part.locator('.once span').allTextContents()
  await part.getByRole('button', { name: 'I have them' }).click()
  await part.getByText('on', { exact: true }).waitFor()
  const other = await app.visitor()
  await other.page.goto('/sign-in')
  await other.page.getByLabel('E-mail').fill('ada@example.com')
  await other.page.getByRole('textbox', { name: 'Password' }).fill(password)
  await other.page.getByRole('button', { name: 'Sign in' }).click()
  await other.page.getByLabel('Code').fill(first!)
  await other.page.getByRole('button', { name: 'Sign in' }).click()
  await other.page.waitForURL('**/n/**')
  await page.reload()
  await section('Where you are signed in').getByRole('button', { name: 'End all others' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'End them' }).click()
  await page.getByRole('button', { name: 'End all others' }).waitFor({ state: 'detached' })
  await other.page.reload()
  await other.page.waitForURL('**/sign-in?to=*')
  expect(new URL(other.page.url()).pathname).toBe('/sign-in')
})

test('somebody who only looks sees values and why they cannot change them; on a phone and in the dark', async () => {
  const viewer = await app.person('bob@example.com', 'viewer', { width: 390, height: 844, dark: true })
  for (const tab of ['general', 'members', 'retention']) {
    await viewer.page.goto(`/n/main/settings/${tab}`)
    await viewer.page
      .getByText(/Only owners and admins/)
      .first()
      .waitFor()
    expect(await viewer.page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(
      true,
    )
    await expectAccessible(viewer.page)
  }
  await viewer.page.goto('/n/main/settings/users')
  await viewer.page.getByRole('heading', { name: 'This is not open to you' }).waitFor()
  expect(app.faults).toEqual([])
})

test('two who change the same member: the second is told, and sees what the first one did', async () => {
  await open('members')
  const role = page.getByLabel('Role of bob@example.com')
  await role.waitFor()
  await app.cli.run('member', 'role', 'bob@example.com', 'approver')
  await role.selectOption('operator')
  await page.getByText('Somebody changed the member since you looked.').waitFor()
  await expect.poll(() => role.inputValue()).toBe('approver')
  await role.selectOption('operator')
  await page.getByText('Somebody changed the member since you looked.').waitFor({ state: 'detached' })
  await expect.poll(() => role.inputValue()).toBe('operator')
})

test('four eyes for the whole namespace', async () => {
  await open('general')
  const part = section('Four eyes')
  await part.getByLabel('Needs somebody else').selectOption('every_run')
  await part.getByRole('button', { name: 'Save' }).click()
  await part.getByText('Saved.').waitFor()
  expect((await app.cli.run('settings')).out).toMatch(/approval\s+every_run/)
  await expectAccessible(page)
})
