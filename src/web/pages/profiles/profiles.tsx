// Profiles.
import { Page } from '../../parts/page.tsx'

export function ProfilesPage() {
  return <Page title="Profiles">{null}</Page>
}
