// The whole of Sluice with a browser in front of it: `sluice up` on a home of its own, and people who are signed in.
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { openBrowser, openPage, type Look, type WatchedPage } from './chromium.ts'
import { Cli } from './cli.ts'

/** Pictures of pages for docs/ are only taken where a folder for them is named. */
const pictures = process.env['SLUICE_PICTURES']

/** The app that is looked at: what set-up built, or what somebody builds beside it while working on a page. */
const built = process.env['SLUICE_WEB'] ?? fileURLToPath(new URL('../../dist/web', import.meta.url))

export const password = 'correct horse battery staple'

export class WebApp {
  readonly cli: Cli
  readonly address: string
  readonly #browser: Browser
  readonly #opened: WatchedPage[] = []

  private constructor(cli: Cli, address: string, browser: Browser) {
    this.cli = cli
    this.address = address
    this.#browser = browser
  }

  /** Starts the server; `more`: settings besides the home, `root`: below which jobs may read folders. */
  static async open(more: Readonly<Record<string, string>> = {}): Promise<WebApp> {
    const cli = await Cli.open({
      SLUICE_WEB: built,
      ...more,
    })
    const up = cli.start('up', '--port', '0', '--json')
    const [told] = (await up.stdout.take(1).toArray()) as [Buffer]
    const { port } = (JSON.parse(told.toString()) as { up: { port: number } }).up
    return new WebApp(cli, `http://127.0.0.1:${port}`, await openBrowser())
  }

  /** A page of somebody who is not signed in. */
  async visitor(look: Look = {}): Promise<WatchedPage> {
    const opened = await openPage(this.#browser, this.address, look)
    this.#opened.push(opened)
    return opened
  }

  /** A signed-in page. The first person who is asked for is the admin; the others are invited as `role`. */
  async person(email: string, role?: string, look: Look = {}): Promise<WatchedPage> {
    const opened = await this.visitor(look)
    const said =
      role === undefined
        ? await this.cli.run('user', 'link', '--json')
        : await this.cli.run('member', 'add', email, role, '--json')
    const link = /http[^"]+welcome#[\w-]+/.exec(said.out)?.[0]
    if (link === undefined) throw new Error(`no link for ${email}: ${said.out}${said.err}`)
    await opened.page.goto(link)
    if (role === undefined) await opened.page.getByLabel('E-mail').fill(email)
    await opened.page.getByLabel('Name').fill(email.split('@')[0]!)
    await opened.page.getByRole('textbox', { name: 'Password' }).fill(password)
    await opened.page.getByRole('button', { name: 'Join' }).click()
    await opened.page.waitForURL('**/n/**')
    return opened
  }

  /** Another window of the same person, perhaps smaller or dark. */
  async again({ context }: WatchedPage, look: Look): Promise<WatchedPage> {
    const opened = await this.visitor(look)
    await opened.context.addCookies(await context.cookies())
    return opened
  }

  /** Everything that went wrong in any page so far. */
  get faults(): string[] {
    return this.#opened.flatMap(({ faults }) => faults)
  }

  async close(): Promise<void> {
    await this.#browser.close()
    await this.cli.close()
  }
}

/** Keeps a picture of a page, where pictures are wanted (SLUICE_PICTURES names the folder). */
export async function picture(page: Page, name: string): Promise<void> {
  if (pictures === undefined) return
  mkdirSync(pictures, { recursive: true })
  await page.screenshot({ path: `${pictures}/${name}.png` })
}
