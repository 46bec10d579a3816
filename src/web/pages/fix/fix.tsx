// Fix rejected rows.
import { Page } from '../../parts/page.tsx'

export function FixPage() {
  return <Page title="Fix rejected rows">{null}</Page>
}
