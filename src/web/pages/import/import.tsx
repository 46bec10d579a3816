// Import a file.
import { Page } from '../../parts/page.tsx'

export function ImportPage() {
  return <Page title="Import a file">{null}</Page>
}
