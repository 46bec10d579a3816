// A run in the browser: its numbers and causes, deciding about a held one, undo with preview, stop while it runs, and a lost line.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { generate } from '../../examples/generate.mjs'
import { expectAccessible, type WatchedPage } from '../support/chromium.ts'
import { picture, WebApp } from '../support/webApp.ts'

const contacts = fileURLToPath(new URL('../../examples/messy-crm/contacts.csv', import.meta.url))

let app: WebApp
let ada: WatchedPage
let page: Page
beforeAll(async () => {
  app = await WebApp.open()
  ada = await app.person('ada@example.com')
  page = ada.page
  await app.cli.run('import', contacts, '--yes')
})
afterAll(() => app.close())

/** A file of which every third record is rejected: more than the breaker lets pass. */
async function importHeld(name: string): Promise<void> {
  const lines = Array.from(
    { length: 400 },
    (_, i) => `${i % 3 === 0 ? `bad${i}` : `p${i}@example.com`},Person ${i}`,
  )
  writeFileSync(app.cli.path(name), `email,first_name\n${lines.join('\n')}\n`)
  await app.cli.run('import', app.cli.path(name), '--yes')
}

const state = (of: Page, label: string) => of.getByRole('main').getByText(label, { exact: true }).first()

/** The count that stands behind a label in the sum. */
const counted = async (label: string): Promise<string | null> =>
  page
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader', { name: label, exact: true }) })
    .getByRole('cell')
    .first()
    .textContent()

test('BS-17, BS-19, BC-10 a run says what became of every record, and the numbers add up and open', async () => {
  await page.goto('/n/main/runs/r1001')
  await page.getByRole('heading', { name: 'contacts.csv #1' }).waitFor()
  await state(page, 'Completed with errors').waitFor()
  expect([await counted('Finished'), await counted('Skipped'), await counted('Failed')]).toEqual([
    '114',
    '0',
    '11',
  ])
  expect(await counted('Records')).toBe('125')
  await page.getByRole('button', { name: 'Check now' }).click()
  await page.getByText('Adds up: checked just now from three sides').waitFor()
  await page.getByRole('heading', { name: 'Why 11 records failed' }).waitFor()
  await page.getByText('quirin.dornfeld33@@example.net', { exact: true }).waitFor()
  await page.mouse.move(0, 0)
  await expectAccessible(page)
  await picture(page, 'run')
  await page.getByRole('link', { name: 'not an e-mail address', exact: true }).click()
  await page.waitForURL('**/records?run=r1001&state=failed&code=email.invalid')
  await page.goBack()
  await page.getByRole('link', { name: 'Line 38' }).waitFor()
  expect(app.faults).toEqual([])
})

test('BL-15, BS-20, BS-21 the log is narrowed by level in the address; the files of a run are downloaded', async () => {
  await page.getByRole('tab', { name: 'Log' }).click()
  await page.getByText('The run is done: 125 records').waitFor()
  await page.getByText('Warnings and errors').click()
  await page.getByText('Values of E-mail that do not fit their type: 3.').waitFor()
  await page.getByText('The run is done: 125 records').waitFor({ state: 'detached' })
  expect(new URL(page.url()).search).toBe('?tab=log&level=warn')
  const [errors] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Error file' }).click(),
  ])
  expect(errors.suggestedFilename()).toBe('r1001-errors.csv')
  await page.getByRole('tab', { name: 'Definition' }).click()
  await page.getByText('@email').waitFor()
  expect(app.faults).toEqual([])
})

test('a phone in the dark: nothing is cut off, and everybody can read it', async () => {
  const { page: phone } = await app.again(ada, { width: 390, height: 800, dark: true })
  await phone.goto('/n/main/runs/r1001')
  await phone.getByRole('heading', { name: 'Why 11 records failed' }).waitFor()
  const beyond = await phone.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  expect(beyond).toBeLessThanOrEqual(0)
  await expectAccessible(phone)
  await picture(phone, 'run-phone')
  await phone.goto('/n/main/runs')
  await phone.getByRole('link', { name: 'r1001' }).waitFor()
  await expectAccessible(phone)
})

test('AL-D06 a held run: whoever may not approve waits, whoever may sees what it would do; both see it go on', async () => {
  await importHeld('held.csv')
  const { page: bob } = await app.person('bob@example.com', 'viewer')
  await bob.goto('/n/main/runs/r1002')
  await bob.getByText('It waits for somebody who may approve').waitFor()
  expect(await bob.getByRole('button', { name: 'Release the run' }).count()).toBe(0)
  await page.goto('/n/main/runs/r1002')
  await page.getByText('134 of 400 records (33.5 %) would be rejected').waitFor()
  expect(await counted('would fail: not an e-mail address')).toBe('134')
  await expectAccessible(page)
  await picture(page, 'run-held')
  await page.getByRole('button', { name: 'Release the run' }).click()
  await page.getByRole('dialog').getByText('134 records would fail').waitFor()
  await expectAccessible(page)
  await page.getByRole('dialog').getByLabel('Note').fill('the agency has checked it')
  await page.getByRole('dialog').getByRole('button', { name: 'Release the run' }).click()
  await state(page, 'Completed with errors').waitFor()
  await state(bob, 'Completed with errors').waitFor()
  await page.getByRole('tab', { name: 'Log' }).click()
  await page.getByText('The held run was released: the agency has checked it.').waitFor()
  expect(app.faults).toEqual([])
})

test('who comes second is told what happened meanwhile; a lost connection says so and heals', async () => {
  await importHeld('again.csv')
  await page.goto('/n/main/runs/r1003')
  await page.getByRole('button', { name: 'Release the run' }).click()
  await app.cli.run('run', 'drop', 'r1003')
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Release the run' }).click()
  await dialog.getByText('run.move_illegal').waitFor()
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await state(page, 'Stopped').waitFor()
  await importHeld('third.csv')
  await page.goto('/n/main/runs/r1004')
  await page.getByRole('button', { name: 'Release the run' }).waitFor()
  await ada.context.setOffline(true)
  await page.getByText('The connection is lost').waitFor()
  await app.cli.run('run', 'drop', 'r1004')
  await ada.context.setOffline(false)
  await state(page, 'Stopped').waitFor()
  await page.getByText('The connection is lost').waitFor({ state: 'detached' })
  expect(await page.getByRole('button', { name: 'Release the run' }).count()).toBe(0)
})

test('an undo is previewed, released, and the run it took back can be had back', async () => {
  await page.goto('/n/main/runs/r1001')
  await page.getByRole('button', { name: 'Undo…' }).click()
  await page.getByRole('button', { name: 'Show what would happen' }).click()
  await page.waitForURL('**/runs/r1005')
  await page.getByRole('heading', { name: 'Undoing r1001 would do this' }).waitFor()
  expect(await counted('removed: the run had made them')).toBe('109')
  await expectAccessible(page)
  await picture(page, 'run-undo')
  await page.getByRole('button', { name: 'Undo it now' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Undo it now' }).click()
  await state(page, 'Completed').waitFor()
  await page.getByRole('link', { name: 'r1001', exact: true }).first().click()
  await state(page, 'Reverted').waitFor()
  await page.getByRole('button', { name: 'Have r1001 back…' }).waitFor()
  expect(app.faults).toEqual([])
})

test('a run is watched, stopped and resumed', async () => {
  generate(app.cli.path('large.csv'), { rows: 60_000, bad: 0.01 })
  const importing = app.cli.start('import', app.cli.path('large.csv'), '--yes')
  const ended = new Promise((resolve) => importing.once('close', resolve))
  // It says so on its way when the run is there.
  let told = ''
  for await (const piece of importing.stderr) if ((told += String(piece)).includes('r1006')) break
  await page.goto('/n/main/runs')
  await page.getByRole('link', { name: 'r1006', exact: true }).first().click()
  await page.getByRole('progressbar').waitFor()
  await picture(page, 'run-live')
  await page.getByRole('button', { name: 'Stop', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Stop the run' }).click()
  await ended
  await page.getByRole('button', { name: 'Resume' }).click()
  await state(page, 'Completed with errors').waitFor()
  expect(await counted('Records')).toBe('60,000')
  expect(app.faults).toEqual([])
})

test('a run that is not there, and a state in which none is, say so', async () => {
  await page.goto('/n/main/runs/r9999')
  await page.getByRole('heading', { name: 'There is no run r9999 here' }).waitFor()
  await expectAccessible(page)
  await page.goto('/n/main/runs?state=halted')
  await page.getByRole('heading', { name: 'No such run' }).waitFor()
  expect(new URL(page.url()).search).toBe('?state=halted')
})
