// One person: every value with where it came from, what it was before, identifiers, merges, and the records behind it.
import { Alert, Tabs, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { getProfileHistoryOptions, getProfileOptions } from '../../../client/@tanstack/react-query.gen.ts'
import type { ProfileDetailView } from '../../../client/index.ts'
import { addressOf, useAddressPart } from '../../lib/address.ts'
import { refusalOf } from '../../lib/queries.ts'
import { useNamespace } from '../../lib/place.ts'
import { commandOf, CopyCommand } from '../../parts/copyCommand.tsx'
import { Go, GoButton } from '../../parts/go.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { isMissing, Missing } from '../../parts/missing.tsx'
import { Page } from '../../parts/page.tsx'
import { When } from '../../parts/when.tsx'
import { History } from './history.tsx'
import { nameOf } from './name.ts'
import { ProfileOverview } from './profileOverview.tsx'

export function ProfilePage() {
  const namespace = useNamespace()
  const { profile = '' } = useParams({ strict: false })
  const id = Number(profile)
  const found = useQuery(getProfileOptions({ path: { namespace, profile: id }, query: { lines: 'false' } }))
  // The lines of files are read from what landed: they come after.
  const lined = useQuery({
    ...getProfileOptions({ path: { namespace, profile: id } }),
    enabled: found.data !== undefined,
  })
  const missing = Number.isNaN(id) || isMissing(found.error)
  const gone = found.error !== null && refusalOf(found.error).problem.code === 'profile.gone'
  const title = found.data === undefined ? `Profile ${profile}` : nameOf(found.data)
  return (
    <Page
      title={title}
      above={[{ label: 'Profiles', to: `/n/${namespace}/profiles` }]}
      heading={
        <Title order={1} style={{ overflowWrap: 'anywhere' }}>
          {title}
        </Title>
      }
      about={found.data === undefined ? undefined : <Made profile={found.data} />}
      actions={
        !missing && (
          <GoButton variant="default" to={addressOf(`/n/${namespace}/records`, { profile })}>
            Records of this person
          </GoButton>
        )
      }
    >
      {missing && (
        <Missing
          what={`profile ${profile}`}
          list={{ label: 'Find people', to: `/n/${namespace}/profiles` }}
        />
      )}
      {gone && <Gone id={id} />}
      {gone || missing ? null : (
        <Loaded query={found} lines={8}>
          {(detail) => <Parts detail={lined.data ?? detail} />}
        </Loaded>
      )}
      <CopyCommand command={commandOf(namespace, `profiles show ${profile}`)} />
    </Page>
  )
}

function Made({ profile: { id, createdAt, createdBy, updatedAt } }: { readonly profile: ProfileDetailView }) {
  const namespace = useNamespace()
  return (
    <>
      Profile {id}, created <When at={createdAt} /> by{' '}
      <Go to={`/n/${namespace}/records/${createdBy.record}`}>{createdBy.record}</Go>, updated{' '}
      <When at={updatedAt} />
    </>
  )
}

/** Its history stays when a profile was merged away or deleted. */
function Gone({ id }: { readonly id: number }) {
  const namespace = useNamespace()
  const history = useQuery(
    getProfileHistoryOptions({ path: { namespace, profile: id }, query: { limit: 1 } }),
  )
  return (
    <>
      <Loaded query={history} lines={2}>
        {({ gone }) => (
          <Alert
            color="orange"
            title={gone?.into === null ? 'This profile was deleted' : 'This profile was merged into another'}
          >
            {gone !== null && (
              <>
                <When at={gone.at} /> by{' '}
                <Go to={`/n/${namespace}/records/${gone.by.record}`}>{gone.by.record}</Go>
                {gone.into !== null && (
                  <>
                    : its values are in{' '}
                    <Go to={`/n/${namespace}/profiles/${gone.into}`}>profile {gone.into}</Go>
                  </>
                )}
                . What is below is its history until then.
              </>
            )}
          </Alert>
        )}
      </Loaded>
      <History id={id} />
    </>
  )
}

function Parts({ detail }: { readonly detail: ProfileDetailView }) {
  const [tab, setTab] = useAddressPart('tab')
  return (
    <Tabs
      value={tab === 'history' ? 'history' : 'overview'}
      onChange={(next) => setTab(next === 'history' ? next : undefined, { replace: true })}
      keepMounted={false}
    >
      <Tabs.List>
        <Tabs.Tab value="overview">Now</Tabs.Tab>
        <Tabs.Tab value="history">History</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="overview" pt="lg">
        <ProfileOverview detail={detail} />
      </Tabs.Panel>
      <Tabs.Panel value="history" pt="lg">
        <History id={detail.id} />
      </Tabs.Panel>
    </Tabs>
  )
}
