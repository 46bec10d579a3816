// When a test with a browser fails, its pages tell what they showed: a timeout alone does not say why.
import { afterEach } from 'vitest'
import { openPages } from './openPages.ts'

/** Characters of each page. */
const most = 1_500

afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return
  for (const page of openPages) {
    if (page.isClosed()) continue
    const text = await page.innerText('body').catch(String)
    console.log(`${page.url()} shows\n${text.slice(0, most)}\n`)
  }
})
