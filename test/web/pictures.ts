// Takes the pictures of docs/pictures/ of every page, light and dark, with the examples and a large file in: node test/web/pictures.ts
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { generate } from '../../examples/generate.mjs'
import { WebApp } from '../support/webApp.ts'

const project = fileURLToPath(new URL('../../', import.meta.url))
const folder = join(project, 'docs/pictures')

/** Pages by the name of their picture. */
const places: readonly (readonly [name: string, path: string])[] = [
  ['home', '/n/main'],
  ['jobs', '/n/main/jobs'],
  ['job', '/n/main/jobs/newsletter'],
  ['new-job', '/n/main/jobs/new'],
  ['runs', '/n/main/runs'],
  ['run', '/n/main/runs/r1001'],
  ['fix', '/n/main/runs/r1001/fix'],
  ['uploads', '/n/main/uploads'],
  ['queue', '/n/main/queue'],
  ['records', '/n/main/records'],
  ['record', '/n/main/records/r1001/14'],
  ['profiles', '/n/main/profiles'],
  ['profile', '/n/main/profiles/1'],
  ['attributes', '/n/main/attributes'],
  ['settings', '/n/main/settings'],
  ['members', '/n/main/settings/members'],
  ['account', '/n/main/account'],
]

async function shoot(page: Page, path: string, name: string): Promise<void> {
  await page.goto(path)
  await page.waitForLoadState('networkidle').catch(() => {})
  await page.screenshot({ path: join(folder, `${name}.png`) })
  process.stdout.write(`${name}\n`)
}

/** Files, jobs and runs as somebody has them who uses it. */
async function fill(app: WebApp): Promise<void> {
  const { cli } = app
  const examples = join(project, 'examples')
  await cli.run('import', join(examples, 'messy-crm/contacts.csv'), '--yes')
  generate(cli.path('customers.csv'), { rows: 300_000, bad: 0.002 })
  await cli.run('import', cli.path('customers.csv'), '--yes')
  await cli.run('import', join(examples, 'excel-german/kunden.csv'), '--yes')
  for (const day of [1, 2, 3])
    generate(join(incoming, `members_2026030${day}.csv`), { rows: day * 1_500, bad: 0.001 })
  await cli.run(
    'job',
    'create',
    'newsletter',
    '--folder',
    '*.csv',
    '--at',
    '06:30',
    '--zone',
    'Europe/Vienna',
  )
  await cli.run('job', 'sample', 'newsletter')
  await cli.run('job', 'activate', 'newsletter')
}

mkdirSync(folder, { recursive: true })
/** What the job of the pictures watches. */
const incoming = mkdtempSync(join(tmpdir(), 'sluice-incoming-'))
const app = await WebApp.open({ SLUICE_ROOT: incoming })
try {
  const person = await app.person('ada@example.com')
  await fill(app)
  const dark = await app.again(person, { dark: true })
  const phone = await app.again(person, { width: 390, height: 844 })
  for (const [name, path] of places) {
    await shoot(person.page, path, name)
    await shoot(dark.page, path, `${name}-dark`)
    await shoot(phone.page, path, `${name}-phone`)
  }
  await person.page.goto('/n/main/import')
  await person.page
    .locator('input[type=file]')
    .first()
    .setInputFiles(join(project, 'examples/messy-crm/contacts.csv'))
  await person.page.getByRole('tab', { name: /columns$/ }).waitFor()
  await person.page.screenshot({ path: join(folder, 'import.png') })
  if (app.faults.length > 0) throw new Error(app.faults.join('\n'))
} finally {
  await app.close()
  rmSync(incoming, { recursive: true, force: true })
}
