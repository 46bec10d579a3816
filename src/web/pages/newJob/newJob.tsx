// New job.
import { Page } from '../../parts/page.tsx'

export function NewJobPage() {
  return <Page title="New job">{null}</Page>
}
