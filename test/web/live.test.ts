// News in the browser: one stream for the page that is looked at, none for a hidden one, and pages that heal after a cut.
import { writeFileSync } from 'node:fs'
import type { Page, Request } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { WatchedPage } from '../support/chromium.ts'
import { WebApp } from '../support/webApp.ts'

let app: WebApp
let ada: WatchedPage
let page: Page
/** Streams that are open now, and how many there ever were. */
const open = new Set<Request>()
let ever = 0

beforeAll(async () => {
  app = await WebApp.open()
  ada = await app.person('ada@example.com')
  page = ada.page
  page.on('request', (request) => {
    if (!/\/live\?/.test(request.url())) return
    ever++
    open.add(request)
  })
  page.on('requestfinished', (request) => void open.delete(request))
  page.on('requestfailed', (request) => void open.delete(request))
})
afterAll(() => app.close())

async function brought(name: string): Promise<void> {
  writeFileSync(app.cli.path(name), `email\n${name}@example.org\n`)
  await app.cli.run('import', app.cli.path(name), '--yes')
}

const streams = (): number => open.size
const run = (id: string) => page.getByRole('link', { name: id, exact: true }).first()

/** What a browser does with a window that is not looked at. */
async function look(visible: boolean): Promise<void> {
  await page.evaluate(
    (state) => {
      Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state })
      document.dispatchEvent(new Event('visibilitychange'))
    },
    visible ? 'visible' : 'hidden',
  )
}

test('one stream stays open from page to page, and what happens elsewhere appears by itself', async () => {
  await page.goto('/n/main/runs')
  await page.getByRole('heading', { name: 'Nothing has run yet' }).waitFor()
  await expect.poll(streams).toBe(1)
  const before = ever
  for (const place of ['Jobs', 'Queue', 'Runs']) {
    await page.getByRole('link', { name: place, exact: true }).click()
    await page.getByRole('heading', { name: place, level: 1 }).waitFor()
  }
  expect([ever - before, open.size]).toEqual([0, 1])
  await brought('one.csv')
  await run('r1001').waitFor()
})

test('a hidden window has none, and catches up when it is looked at again', async () => {
  await look(false)
  await expect.poll(streams).toBe(0)
  await brought('two.csv')
  expect(streams()).toBe(0)
  await look(true)
  await expect.poll(streams).toBe(1)
  await run('r1002').waitFor()
})

test('after a lost connection the list is as it should be, with one stream', async () => {
  await ada.context.setOffline(true)
  await page.getByText('The connection is lost').waitFor()
  await brought('three.csv')
  await ada.context.setOffline(false)
  await run('r1003').waitFor()
  await page.getByText('The connection is lost').waitFor({ state: 'detached' })
  await expect.poll(streams).toBe(1)
})

test('a stream that something in between refuses is tried again', async () => {
  await page.route('**/live?*', (route) => route.fulfill({ status: 502, body: 'Bad Gateway' }))
  await look(false)
  const before = ever
  await look(true)
  await expect.poll(() => ever - before).toBeGreaterThan(0)
  await page.unroute('**/live?*')
  await expect.poll(streams, { timeout: 30_000 }).toBe(1)
  await brought('four.csv')
  await run('r1004').waitFor()
  expect(app.faults).toEqual([])
})
