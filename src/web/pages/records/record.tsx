// Record.
import { Page } from '../../parts/page.tsx'

export function RecordPage() {
  return <Page title="Record">{null}</Page>
}
