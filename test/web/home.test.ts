// Home and the queue: the first steps of somebody new, what needs a look with one thing to do, what waits and for what.
import { mkdirSync, writeFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../until.ts'
import { expectAccessible, type WatchedPage } from '../support/chromium.ts'
import { picture, WebApp } from '../support/webApp.ts'

let app: WebApp
let person: WatchedPage
let page: Page
beforeAll(async () => {
  app = await WebApp.open({ SLUICE_ROOT: '{home}/root' })
  mkdirSync(app.cli.path('root/in'), { recursive: true })
  person = await app.person('ada@example.com')
  page = person.page
})
afterAll(() => app.close())

async function sluice(...words: string[]): Promise<string> {
  const { out } = await app.cli.run(...words)
  return out
}

function write(name: string, header: string, lines: readonly string[]): void {
  writeFileSync(app.cli.path(`root/in/${name}`), `${[header, ...lines].join('\n')}\n`)
}

const people = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, i) => `C${from + i},c${from + i}@example.com`)
const needsALook = () => page.getByRole('region', { name: 'Needs a look' })

test('somebody new sees three steps; nothing runs and nothing waits', async () => {
  await page.goto('/n/main')
  await page.getByRole('heading', { name: '1. Drop a file of customers' }).waitFor()
  await page.getByRole('button', { name: 'Choose a file' }).waitFor()
  await expectAccessible(page)
  await picture(page, 'home-first')
  await page.getByRole('link', { name: 'Queue' }).click()
  await page.getByRole('heading', { name: 'Nothing runs, and nothing waits' }).waitFor()
  await expectAccessible(page)
  expect(new URL(page.url()).pathname).toBe('/n/main/queue')
})

test('LY-19: the numbers of today, the last days also as a table, and rejected rows to be fixed', async () => {
  write('first.csv', 'customer_id,email', [...people(20), 'C90,nobody', 'C91,neither'])
  await sluice('import', app.cli.path('root/in/first.csv'), '--yes')
  await page.goto('/n/main')
  const line = needsALook().getByRole('listitem').filter({ hasText: 'first.csv' })
  await line.getByText('2 records could not be imported.').waitFor()
  expect(await line.getByRole('link', { name: 'Fix rows' }).getAttribute('href')).toBe(
    '/n/main/runs/r1001/fix',
  )
  const today = page.getByRole('region', { name: 'Today' })
  expect(await today.locator('dd').allTextContents()).toEqual(['20', '20', '0', '0', '0', '2'])
  await page.getByText('A job imports it by itself').waitFor()
  await page.getByRole('button', { name: 'Show as a table' }).click()
  const days = page.getByRole('table', { name: 'Records by day, last 14 days' })
  await until(async () => (await days.getByRole('row').count()) === 15)
  await page.mouse.move(0, 0)
  await page.getByRole('tooltip').waitFor({ state: 'detached' })
  await expectAccessible(page)
})

test('BC-28: what waits for another attempt says why, and goes on at once when it is asked to', async () => {
  write('day1.csv', 'customer_id,email', people(3, 100))
  await sluice('job', 'create', 'nightly', '--folder', 'in/day*.csv', '--at', '06:30')
  await sluice('job', 'sample', 'nightly')
  await sluice('job', 'activate', 'nightly')
  await until(async () => /Completed/.test(await sluice('run', 'show', 'r1002')))
  write('day2.csv', 'customer_id,mail', people(3, 103))
  await sluice('job', 'run', 'nightly')
  await until(async () => /Waiting to retry/.test(await sluice('run', 'show', 'r1003')))
  await page.goto('/n/main')
  const line = needsALook().getByRole('listitem').filter({ hasText: 'nightly' })
  await line.getByText('Will try again').waitFor()
  await line.getByText('missing email').waitFor()
  await page.getByRole('region', { name: 'Next runs' }).getByRole('link', { name: 'nightly' }).waitFor()
  expect(await line.getByRole('button', { name: 'Try again now' }).count()).toBeGreaterThan(0)
  await expectAccessible(page)
  await picture(page, 'home')
})

test('BL-14, BL-28: the queue says what waits for what; stop says what will happen, and somebody else may be first', async () => {
  await sluice('job', 'run', 'nightly')
  await page.getByRole('link', { name: 'Queue' }).click()
  const lane = page.getByRole('region', { name: 'Lane main' })
  await lane.getByText('waits for the open run of its job: r1003').waitFor()
  const resting = page.getByRole('region', { name: 'Out of their lanes' })
  await resting.getByText('missing email').waitFor()
  await expectAccessible(page)
  await picture(page, 'queue')
  await lane.getByRole('button', { name: 'Stop r1004' }).click()
  await page.getByText('It leaves the queue.').waitFor()
  await sluice('run', 'stop', 'r1004')
  await page.getByRole('dialog').getByRole('button', { name: 'Stop the run' }).click()
  await page.getByRole('dialog').getByRole('alert').waitFor()
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
  await lane.waitFor({ state: 'detached' })
  write('day2.csv', 'customer_id,email', people(3, 103))
  await resting.getByRole('button', { name: 'Try again now' }).click()
  await page.getByRole('heading', { name: 'Nothing runs, and nothing waits' }).waitFor()
  expect(await sluice('run', 'show', 'r1003')).toContain('Completed')
})

test('a viewer in dark colours on a phone: the same, without what they may not do', async () => {
  await sluice('settings', 'set', 'quota=25')
  const viewer = await app.person('vera@example.com', 'viewer')
  const { page: phone } = await app.again(viewer, { width: 390, height: 844, dark: true })
  await phone.goto('/n/main')
  await phone.getByRole('region', { name: 'Quota of this month' }).getByText('It is used up').waitFor()
  expect(await phone.getByRole('link', { name: 'Fix rows' }).count()).toBe(0)
  await phone.getByRole('link', { name: 'See the run' }).waitFor()
  await expectAccessible(phone)
  expect(
    await phone.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
  ).toBe(0)
  await picture(phone, 'home-phone')
  expect(app.faults).toEqual([])
})
