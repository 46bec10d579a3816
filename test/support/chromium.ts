// A real browser for tests: headless Chromium that comes with the package, looking at a real server.
import { AxeBuilder } from '@axe-core/playwright'
import chromium from '@sparticuz/chromium'
import { chromium as playwright, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { expect } from 'vitest'
import { openPages } from './openPages.ts'

// In a single process all contexts share their cookies: whoever signs in last would be everybody.
const isolated = chromium.args.filter((flag) => flag !== '--single-process')

/** Starts the browser; to be closed by who asked for it. */
export async function openBrowser(): Promise<Browser> {
  // Its sandbox needs rights that a container seldom gives; it only ever sees our own pages.
  return playwright.launch({
    executablePath: await chromium.executablePath(),
    args: [...isolated, '--no-sandbox', '--disable-gpu', '--force-color-profile=srgb'],
    headless: true,
  })
}

export interface Look {
  readonly width?: number
  readonly height?: number
  readonly dark?: boolean
}

/** A page with what went wrong on it: script errors and refusals by the content policy. */
export interface WatchedPage {
  readonly page: Page
  readonly context: BrowserContext
  readonly faults: string[]
}

/** A page in a browser profile of its own, as somebody else would open it. */
export async function openPage(
  browser: Browser,
  address: string,
  { width = 1280, height = 900, dark = false }: Look = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({
    baseURL: address,
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    locale: 'en-GB',
    timezoneId: 'Europe/Vienna',
    acceptDownloads: true,
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  openPages.add(page)
  page.once('close', () => openPages.delete(page))
  // Generous: imports give way to whatever else a busy machine does.
  page.setDefaultTimeout(120_000)
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text()))
      faults.push(message.text())
  })
  return { page, context, faults }
}

/** Whether anybody could use the page as it is now: no violation of WCAG A and AA that axe knows of. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode(true)
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)).toEqual([])
}
