// Jobs: what runs by itself or did, how it stands, and what can be done with it (LY-09, BC-14).
import { Button, Group, Stack, Text } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { JobView } from '../../../client/index.ts'
import { useMay, useNamespace } from '../../lib/place.ts'
import { Empty } from '../../parts/empty.tsx'
import { GoButton } from '../../parts/go.tsx'
import { Page } from '../../parts/page.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { ImportButton } from '../import/importButton.tsx'
import { ChangedAlert, type Changed } from './changed.tsx'
import { JobCards } from './jobCards.tsx'
import { JobFilters } from './jobFilters.tsx'
import { JobTable } from './jobTable.tsx'
import { SelectedBar } from './selected.tsx'
import { isFiltered, useJobs, type Listed } from './useJobs.ts'

export function JobsPage() {
  const { listed, ask, pages, jobs } = useJobs()
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [changed, setChanged] = useState<Changed | null>(null)
  const narrow = useMediaQuery('(max-width: 62em)', undefined, { getInitialValueInEffect: false })
  const shown = jobs.filter(({ id }) => chosen.has(id))
  return (
    <Page title="Jobs" about="What is imported, from where, and when." actions={<NewJob />}>
      <Stack gap="md">
        <JobFilters listed={listed} ask={ask} />
        {changed !== null && <ChangedAlert changed={changed} close={() => setChanged(null)} />}
        <Loaded query={pages} lines={8}>
          {() => (
            <>
              {jobs.length === 0 && <Nothing listed={listed} clear={() => ask(noFilter)} />}
              {jobs.length > 0 && narrow && <JobCards jobs={jobs} />}
              {jobs.length > 0 && !narrow && (
                <JobTable jobs={jobs} listed={listed} ask={ask} chosen={chosen} choose={setChosen} />
              )}
            </>
          )}
        </Loaded>
        {pages.hasNextPage && (
          <Group justify="center">
            <Button
              variant="default"
              loading={pages.isFetchingNextPage}
              onClick={() => void pages.fetchNextPage()}
            >
              Show more
            </Button>
          </Group>
        )}
        {!narrow && (
          <SelectedBar
            jobs={shown}
            clear={() => setChosen(new Set<JobView['id']>())}
            done={(now) => {
              setChanged(now)
              window.scrollTo({ top: 0 })
            }}
          />
        )}
      </Stack>
    </Page>
  )
}

const noFilter = { state: null, source: null, kind: null, text: null } as const

function NewJob() {
  const namespace = useNamespace()
  const mayEdit = useMay('edit_jobs')
  if (!mayEdit) return null
  return (
    <GoButton to={`/n/${namespace}/jobs/new`} leftSection={<IconPlus size={16} aria-hidden />}>
      New job
    </GoButton>
  )
}

function Nothing({ listed, clear }: { readonly listed: Listed; readonly clear: () => void }) {
  if (isFiltered(listed))
    return (
      <Empty
        title="No job is like this"
        action={
          <Button variant="default" onClick={clear}>
            Clear the filters
          </Button>
        }
      >
        Other words, or fewer filters, may find it.
      </Empty>
    )
  if (listed.view === 'archived')
    return (
      <Empty title="Nothing is archived">Jobs that are taken out of the lists can be restored here.</Empty>
    )
  return (
    <Empty title="No jobs yet" action={<Beginnings />}>
      A job brings files in by itself, again and again: from a folder, on a schedule, after another job. A
      single file needs none: drop it anywhere on this page.
    </Empty>
  )
}

function Beginnings() {
  const namespace = useNamespace()
  const mayEdit = useMay('edit_jobs')
  const mayImport = useMay('import')
  if (!mayEdit && !mayImport)
    return <Text c="dimmed">Somebody who may edit jobs has to make the first one.</Text>
  return (
    <Group justify="center">
      {mayEdit && (
        <GoButton to={`/n/${namespace}/jobs/new`} leftSection={<IconPlus size={16} aria-hidden />}>
          New job
        </GoButton>
      )}
      {mayImport && <ImportButton label="Import a file" />}
    </Group>
  )
}
