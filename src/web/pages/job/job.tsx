// One job: how it is, what to do next, what it did, how it is set up, and everything that can be done with it.
import { Tabs } from '@mantine/core'
import type { JobDetail } from '../../../client/index.ts'
import { useAddressPart } from '../../lib/address.ts'
import { useNamespace } from '../../lib/place.ts'
import { Loaded } from '../../parts/loaded.tsx'
import { isMissing, Missing } from '../../parts/missing.tsx'
import { Page } from '../../parts/page.tsx'
import { Actions } from './actions.tsx'
import { Configuration } from './configuration.tsx'
import { Heading } from './heading.tsx'
import { JobLog } from './jobLog.tsx'
import { Notifications } from './notifications.tsx'
import { Overview } from './overview.tsx'
import { Runs } from './runs.tsx'
import { Standing } from './standing.tsx'
import { useJob, useJobName } from './useJob.ts'
import { Versions } from './versions.tsx'

export function JobPage() {
  const name = useJobName()
  const namespace = useNamespace()
  const job = useJob(name)
  const above = [{ label: 'Jobs', to: `/n/${namespace}/jobs` }]
  if (job.data === undefined)
    return (
      <Page title={name} above={above}>
        {isMissing(job.error) ? (
          <Missing what={`job ${name}`} list={{ label: 'See all jobs', to: `/n/${namespace}/jobs?view=all` }}>
            It may have been given another name, or be in another namespace.
          </Missing>
        ) : (
          <Loaded query={job}>{() => null}</Loaded>
        )}
      </Page>
    )
  return (
    <Page
      title={job.data.job}
      heading={<Heading job={job.data} />}
      above={above}
      actions={<Actions job={job.data} />}
    >
      <Loaded query={job}>
        {(detail) => (
          <>
            <Standing job={detail} />
            <Parts job={detail} />
          </>
        )}
      </Loaded>
    </Page>
  )
}

const parts = [
  { tab: 'overview', label: 'Overview', Part: Overview },
  { tab: 'runs', label: 'Runs', Part: Runs },
  { tab: 'configuration', label: 'Configuration', Part: Configuration },
  { tab: 'versions', label: 'Versions', Part: Versions },
  { tab: 'notifications', label: 'Notifications', Part: Notifications },
  { tab: 'log', label: 'Log', Part: JobLog },
] as const

function Parts({ job }: { readonly job: JobDetail }) {
  const [tab, setTab] = useAddressPart('tab')
  const shown = parts.find((one) => one.tab === tab) ?? parts[0]
  return (
    <Tabs
      value={shown.tab}
      onChange={(next) => setTab(next === parts[0].tab || next === null ? undefined : next)}
      keepMounted={false}
    >
      <Tabs.List style={{ flexWrap: 'nowrap', overflowX: 'auto', overflowY: 'hidden' }}>
        {parts.map(({ tab: value, label }) => (
          <Tabs.Tab key={value} value={value}>
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {parts.map(({ tab: value, Part }) => (
        <Tabs.Panel key={value} value={value} pt="lg">
          <Part job={job} />
        </Tabs.Panel>
      ))}
    </Tabs>
  )
}
