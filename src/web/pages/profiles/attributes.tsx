// Attributes.
import { Page } from '../../parts/page.tsx'

export function AttributesPage() {
  return <Page title="Attributes">{null}</Page>
}
