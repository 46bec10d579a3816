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

test('the reference is a page of this server alone, as strict as every other', async () => {
  const { page, faults } = await openPage(browser, address)
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  const answer = await page.goto('/reference')
  const policy = answer?.headers()['content-security-policy']
  expect(policy).toMatch(/^default-src 'self'; style-src 'self' 'nonce-[\w-]{22}';/)
  expect(policy).not.toContain('unsafe')
  await page.getByRole('heading', { name: 'Sluice', level: 1 }).waitFor()
  await page.getByText('Upload a file').first().waitFor({ state: 'attached' })
  expect(faults).toEqual([])
  expect(asked.filter((url) => !url.startsWith(address) && !url.startsWith('data:'))).toEqual([])
})

test('an operation is shown with its parameters and an example, laid out as it is meant to be', async () => {
  const { page, faults } = await openPage(browser, address)
  await page.goto('/reference#tag/runs/GET/v1/namespaces/{namespace}/runs/{run}')
  const shown = page.getByRole('main')
  await shown.getByText('/v1/namespaces/{namespace}/runs/{run}', { exact: true }).first().waitFor()
  await shown.getByText('curl').first().waitFor()
  await shown.getByText('"customers.csv"').first().waitFor()
  // Its sheets are let through: without them the page is one long column of black on white.
  const left = await page.getByRole('complementary').evaluate((side) => side.getBoundingClientRect().right)
  const middle = await shown.evaluate((main) => main.getBoundingClientRect().left)
  expect(left).toBeLessThanOrEqual(middle + 1)
  expect(faults).toEqual([])
})
