// Uploads.
import { Page } from '../../parts/page.tsx'

export function UploadsPage() {
  return <Page title="Uploads">{null}</Page>
}
