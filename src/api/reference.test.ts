// The page of the reference in a real browser: it shows the routes, asks for nothing from elsewhere, and breaks no policy.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Browser } from 'playwright-core'
import { testDatabase } from '../../test/postgres.ts'
import { ApiServer } from '../../test/support/apiServer.ts'
import { openBrowser, openPage } from '../../test/support/chromium.ts'

const database = testDatabase()
let api: ApiServer
let browser: Browser
let address = ''

beforeAll(async () => {
  api = await ApiServer.open(database.connection)
  address = `http://127.0.0.1:${await api.listenOnTcp()}`
  browser = await openBrowser()
})
afterAll(async () => {
  await browser.close()
  await api.close()
})

test('the reference is a page of this server alone', async () => {
  const { page, faults } = await openPage(browser, address)
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  const answer = await page.goto('/reference')
  expect(answer?.headers()['content-security-policy']).toMatch(/^default-src 'self'; style-src /)
  await page.getByRole('heading', { name: 'Sluice', level: 1 }).waitFor()
  await page.getByText('Upload a file').first().waitFor({ state: 'attached' })
  // One of its libraries tries whether texts may become code, and goes on without where they may not.
  expect(faults.filter((fault) => !fault.includes('script-src'))).toEqual([])
  expect(asked.filter((url) => !url.startsWith(address) && !url.startsWith('data:'))).toEqual([])
})
