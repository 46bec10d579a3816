// The ways of people through the app, from an empty house on: import, look, fix and run again; on and off; two roles; a server that goes away.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectAccessible, type WatchedPage } from '../support/chromium.ts'
import { picture, WebApp } from '../support/webApp.ts'

const contacts = readFileSync(
  fileURLToPath(new URL('../../examples/messy-crm/contacts.csv', import.meta.url)),
)

let app: WebApp
let ada: WatchedPage
let page: Page
beforeAll(async () => {
  app = await WebApp.open({ SLUICE_ROOT: '{home}/root' })
  ada = await app.person('ada@example.com')
  page = ada.page
})
afterAll(() => app.close())

const state = (of: Page, label: string) => of.getByRole('main').getByText(label, { exact: true }).first()

test('BS-01, BS-19, BL-07: from an empty house to the fixed rows: drop, import, people, causes, fix, child and parent', async () => {
  await page.goto('/n/main')
  await page.getByRole('heading', { name: '1. Drop a file of customers' }).waitFor()
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Choose a file' }).click(),
  ])
  await chooser.setFiles({ name: 'contacts.csv', mimeType: 'text/csv', buffer: contacts })
  await page.getByRole('button', { name: 'Import 125 rows' }).click()
  await page.waitForURL('**/runs/r1001')
  await state(page, 'Completed with errors').waitFor()
  await page.getByRole('link', { name: 'Profiles' }).click()
  await page.getByText('109 profiles').waitFor()
  await page.goBack()
  const cause = page.getByRole('article').filter({ hasText: 'email.invalid' })
  await cause.getByRole('link', { name: 'Line 38' }).click()
  await page.getByRole('heading', { name: 'Record r1001/' }).waitFor()
  await page.goBack()
  await page.getByRole('link', { name: 'Fix these rows' }).click()
  await page.getByRole('tab', { name: 'Not an e-mail address' }).click()
  await page.getByLabel('This text').fill('@@')
  await page.getByLabel('by', { exact: true }).fill('@')
  await page.getByRole('button', { name: /^Apply to/ }).click()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Import 1 mended row' }).click()
  await page.waitForURL('**/runs/r1002')
  await page.getByText('1 of 1 record mended').waitFor()
  await page.getByText('It retries records of').getByRole('link', { name: 'r1001' }).click()
  await page.getByText('Records of it were retried in').getByRole('link', { name: 'r1002' }).waitFor()
  await page.getByText('1 mended since by r1002; 10 still fail.').waitFor()
  await picture(page, 'way-fixed')
  expect(app.faults).toEqual([])
})

test('AL-22, AL-25: a record that failed is retried from its page, and names the row it became', async () => {
  await page.goto('/n/main/records?run=r1001&state=failed')
  await page
    .getByRole('link', { name: /^r1001\// })
    .first()
    .click()
  await page.getByRole('heading', { name: 'Record r1001/' }).waitFor()
  await page.getByRole('button', { name: 'Retry', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Retry 1 record' }).click()
  await page.getByText('1 record retried').waitFor()
  await page.getByRole('main').getByRole('link', { name: 'r1003' }).first().click()
  await page.getByText('It retries records of r1001.').waitFor()
  expect(new URL(page.url()).pathname).toBe('/n/main/runs/r1003')
})

test('BL-26: what one import did is undone after a look at what that means', async () => {
  await page.goto('/n/main/runs/r1002')
  await page.getByRole('button', { name: 'Undo…' }).click()
  await page.getByRole('button', { name: 'Show what would happen' }).click()
  await page.getByRole('button', { name: 'Undo it now' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Undo it now' }).click()
  await state(page, 'Completed').waitFor()
  await page.goto('/n/main/runs/r1002')
  await state(page, 'Reverted').waitFor()
  expect(await page.getByRole('button', { name: 'Undo…' }).count()).toBe(0)
})

test('BS-23: a job is paused, and active again', async () => {
  mkdirSync(app.cli.path('root/in'), { recursive: true })
  writeFileSync(app.cli.path('root/in/day1.csv'), 'customer_id,email\nC1,a@example.com\n')
  await app.cli.run('job', 'create', 'nightly', '--folder', 'in/*.csv', '--at', '06:30')
  await app.cli.run('job', 'sample', 'nightly')
  await app.cli.run('job', 'activate', 'nightly')
  await page.goto('/n/main/jobs/nightly')
  await page.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: 'Pause…' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Pause', exact: true }).click()
  await state(page, 'Paused').waitFor()
  await page.getByRole('button', { name: 'Resume' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Resume' }).click()
  await state(page, 'Active').waitFor()
  // The question keeps its words while it fades.
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  expect(await page.getByRole('button', { name: 'Resume' }).count()).toBe(0)
})

/** What the API says to somebody who asks from the page: a button that is not there is no protection. */
async function asked(of: Page, path: string, body: unknown): Promise<number> {
  return of.evaluate(
    async ([where, sent]) => {
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch(`/v1/namespaces/main${where}`, { method: 'POST', headers, body: sent! })
      return answer.status
    },
    [path, JSON.stringify(body)],
  )
}

test('AL-D06: a viewer sees no button that changes anything, and the API refuses what the page leaves out', async () => {
  const { page: vera } = await app.person('vera@example.com', 'viewer')
  const changing = /^(Import|Undo|Retry|Skip|Pause|Resume|Run now|Activate|Apply|Fix|Stop|Release|New job)/
  for (const [path, heading] of [
    ['', 'Home'],
    ['/runs/r1001', 'contacts.csv #1'],
    ['/runs/r1001/fix', 'Fix rejected rows'],
    ['/records?state=failed', 'Records'],
    ['/jobs/nightly', 'nightly'],
    ['/queue', 'Queue'],
  ] as const) {
    await vera.goto(`/n/main${path}`)
    await vera.getByRole('heading', { name: heading, level: 1 }).waitFor()
    await vera.waitForLoadState('load')
    const seen = vera.getByRole('main')
    expect(await seen.getByRole('button', { name: changing }).count()).toBe(0)
    expect(await seen.getByRole('link', { name: changing }).count()).toBe(0)
  }
  expect(await asked(vera, '/undos', { runs: ['r1001'] })).toBe(403)
  expect(await asked(vera, '/runs/r1001/fixes', { rules: [], edits: [] })).toBe(403)
  expect(await asked(vera, '/records/retry', { ids: ['r1001/1'] })).toBe(403)
  expect(await asked(vera, '/jobs/nightly/pause', {})).toBe(403)
})

test('the server goes away and comes back: the page says so, keeps what it shows, and goes on by itself', async () => {
  await page.goto('/n/main/runs/r1001')
  await state(page, 'Completed with errors').waitFor()
  await app.cli.run('down')
  await page.getByText('The connection is lost').first().waitFor()
  expect(await state(page, 'Completed with errors').count()).toBe(1)
  await expectAccessible(page)
  await picture(page, 'way-lost')
  const up = app.cli.start('up', '--port', new URL(app.address).port, '--json')
  await up.stdout.take(1).toArray()
  await page.getByText('The connection is lost').waitFor({ state: 'detached' })
  await page.getByRole('link', { name: 'Queue' }).click()
  await page.getByRole('heading', { name: 'Nothing runs, and nothing waits' }).waitFor()
  expect(app.faults).toEqual([])
})
