// Large files on their way from the browser: over a line that breaks, a server that goes away, a page that is loaded again.
import { closeSync, openSync, readdirSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import type { CDPSession, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectAccessible, type WatchedPage } from '../support/chromium.ts'
import { picture, WebApp } from '../support/webApp.ts'
import { until } from '../until.ts'

const rows = 20_000
const path = (name: string): string => app.cli.path(name)

let app: WebApp
let person: WatchedPage
let page: Page
let line: CDPSession
beforeAll(async () => {
  app = await WebApp.open()
  person = await app.person('ada@example.com')
  page = person.page
  page.on('dialog', (dialog) => void dialog.accept())
  line = await person.context.newCDPSession(page)
})
afterAll(() => app.close())

/** A file of 200 MB: few rows, wide ones. */
function writeBigFile(name: string): void {
  const file = openSync(path(name), 'w')
  writeSync(file, 'customer_id,email,wide\n')
  const wide = 'x'.repeat(10_000)
  for (let row = 1; row <= rows; row++) writeSync(file, `C${row},p${row}@example.com,${wide}\n`)
  closeSync(file)
}

/** How fast the line is, in bytes a second towards the server. */
async function upTo(uploadThroughput: number): Promise<void> {
  await line.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput,
  })
}

/** Drops a file of the disk onto whatever is shown. */
async function drop(name: string): Promise<void> {
  const input = await page.evaluateHandle(() => {
    const made = document.createElement('input')
    made.type = 'file'
    made.hidden = true
    return document.body.appendChild(made)
  })
  await input.setInputFiles(path(name))
  const carried = await input.evaluateHandle((chosen) => {
    const data = new DataTransfer()
    data.items.add(chosen.files![0]!)
    chosen.remove()
    return data
  })
  await page.dispatchEvent('body', 'dragover', { dataTransfer: carried })
  await page.getByText('Drop to import').waitFor()
  await page.dispatchEvent('body', 'drop', { dataTransfer: carried })
}

const bar = (name: string) => page.getByRole('progressbar', { name: `Sending ${name}` })
const button = (name: string) => page.getByRole('button', { name })

/** Waits until so many per cent are sent. */
async function sent(name: string, percent: number): Promise<void> {
  await until(async () => Number(await bar(name).getAttribute('aria-valuenow')) >= percent)
}

test('BS-01: 200 MB are cut by a lost connection, a restarted server and a reload, and arrive whole', async () => {
  writeBigFile('big.csv')
  expect(statSync(path('big.csv')).size).toBeGreaterThan(200e6)
  await upTo(50e6)
  await page.goto('/n/main/uploads')
  await drop('big.csv')
  await sent('big.csv', 20)
  await picture(page, 'sending')

  const lost = page.getByText('Connection lost; goes on when it is back')
  await person.context.setOffline(true)
  await lost.waitFor()
  await expectAccessible(page)
  await picture(page, 'sending-lost')
  await person.context.setOffline(false)
  await lost.waitFor({ state: 'detached' })
  await upTo(50e6)
  await sent('big.csv', 40)

  await app.cli.run('down')
  await lost.waitFor()
  const up = app.cli.start('up', '--port', new URL(app.address).port, '--json')
  await up.stdout.take(1).toArray()
  await lost.waitFor({ state: 'detached' })
  await sent('big.csv', 60)

  await page.reload()
  await page.getByRole('heading', { name: 'Uploads' }).waitFor()
  await drop('big.csv')
  await page.getByText(/MB had arrived before/).waitFor()
  await sent('big.csv', 60)
  await upTo(-1)

  await page.getByRole('heading', { name: 'big.csv' }).waitFor()
  await button('Import about').click()
  await page.waitForURL('**/runs/r*')
  await page.getByRole('main').getByText('Completed', { exact: true }).first().waitFor()
  const { out } = await app.cli.run('run', 'show', 'r1001', '--json')
  const { counters } = JSON.parse(out) as { counters: { total: number; finished: { created: number } } }
  expect([counters.total, counters.finished.created]).toEqual([rows, rows])
  expect(app.faults).toEqual([])
})

describe('a person has the last word', () => {
  test('pause holds it, going on ends it; whoever is on another page by then finds it in the corner', async () => {
    await page.goto('/n/main/uploads')
    await upTo(30e6)
    await drop('big.csv')
    await sent('big.csv', 5)
    await button('Pause sending big.csv').click()
    await page.getByText('Paused', { exact: true }).waitFor()
    await page.getByRole('link', { name: 'Queue' }).click()
    await page.getByRole('heading', { name: 'Queue' }).waitFor()
    await upTo(-1)
    await button('Go on sending big.csv').click()
    await page.getByRole('link', { name: 'Look at it and import' }).click()
    await page.getByRole('heading', { name: 'big.csv' }).waitFor()
    await page.getByRole('region', { name: 'Files on their way' }).waitFor({ state: 'detached' })
    expect(new URL(page.url()).pathname).toBe('/n/main/import')
  })

  test('stop takes away what had arrived', async () => {
    await page.goto('/n/main/uploads')
    await upTo(20e6)
    await drop('big.csv')
    await sent('big.csv', 5)
    await button('Stop sending big.csv').click()
    await bar('big.csv').waitFor({ state: 'detached' })
    await until(async () => noPartsThere())
    expect(await page.evaluate('Object.keys(localStorage).filter((key) => key.includes("big.csv"))')).toEqual(
      [],
    )
  })

  test('a file that is damaged, or gone while it is sent, is refused in words', async () => {
    const packed = gzipSync(Buffer.alloc(100_000, 'a,b\n'))
    writeFileSync(path('cut.csv.gz'), packed.subarray(0, packed.length - 20))
    await upTo(-1)
    await page.goto('/n/main/uploads')
    await drop('cut.csv.gz')
    await page.getByRole('alert').getByText('The compressed file is damaged').waitFor()
    await expectAccessible(page)
    await button('Close cut.csv.gz').click()

    await upTo(20e6)
    await drop('big.csv')
    await sent('big.csv', 5)
    await button('Pause sending big.csv').click()
    rmSync(path('big.csv'))
    await button('Go on sending big.csv').click()
    await page.getByRole('alert').getByText('The file cannot be read').waitFor()
    expect(app.faults).toEqual([])
  })
})

/** Whether no blobs of uploads are there that are not complete. */
function noPartsThere(): boolean {
  try {
    const names = readdirSync(path('home'), { recursive: true }) as string[]
    return !names.some((name) => /\/parts\/.+\/\d{15}-/.test(name))
  } catch {
    // A folder went while it was looked through.
    return false
  }
}
