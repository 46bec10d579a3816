// Setting up a job, step by step; each step has an address, and what is done so far is a draft on the server.
import { one, useAddress } from '../../lib/address.ts'
import { useMay, useMe, useNamespace } from '../../lib/place.ts'
import { Empty } from '../../parts/empty.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Page } from '../../parts/page.tsx'
import { useDraft } from './draft.ts'
import { stepOf } from './steps.ts'
import { Wizard } from './wizard.tsx'

export function NewJobPage() {
  const namespace = useNamespace()
  const [asked] = useAddress()
  const may = useMay('edit_jobs')
  const me = useMe()
  const id = one(asked, 'edit') ?? null
  const { query, draft } = useDraft(namespace, id)
  const title = id === null ? 'New job' : draft.isNew ? 'Set up a job' : 'Edit a job'
  const above = [{ label: 'Jobs', to: `/n/${namespace}/jobs` }]
  if (me.data !== undefined && !may)
    return (
      <Page title={title} above={above}>
        <Empty title="You may not set up jobs here">
          Setting up and changing jobs needs the right to edit jobs; an owner of the namespace gives it.
        </Empty>
      </Page>
    )
  if (id === null) return <Wizard key="new" draft={draft} step="source" title={title} above={above} />
  if (query.data === undefined)
    return (
      <Page title={title} above={above}>
        <Loaded query={query} lines={8}>
          {() => null}
        </Loaded>
      </Page>
    )
  return (
    <Wizard key={query.data.id} draft={draft} step={stepOf(one(asked, 'step'))} title={title} above={above} />
  )
}
