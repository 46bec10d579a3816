// Profiles: finding people, how many there are, and the main attributes of each.
import { Button, Group, Paper, Stack, Text } from '@mantine/core'
import { IconArrowLeft, IconArrowRight } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { getAttributesOptions } from '../../../client/@tanstack/react-query.gen.ts'
import { one, useAddress } from '../../lib/address.ts'
import { noun } from '../../lib/numbers.ts'
import { refusalOf } from '../../lib/queries.ts'
import { useMay, useNamespace } from '../../lib/place.ts'
import { Empty } from '../../parts/empty.tsx'
import { GoButton } from '../../parts/go.tsx'
import { Page } from '../../parts/page.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { RecordsSkeleton } from '../records/skeleton.tsx'
import { ProfileTable } from './profileTable.tsx'
import { SearchBar } from './searchBar.tsx'
import { useCount, useProfiles, type ProfileSearch, type ProfilesShown } from './useProfiles.ts'

export function ProfilesPage() {
  const namespace = useNamespace()
  const [asked, ask] = useAddress()
  const cursor = one(asked, 'cursor')
  const search: ProfileSearch = {
    text: one(asked, 'q') ?? '',
    where: asked['where'] ?? [],
    cursor: cursor === undefined ? undefined : Number(cursor),
  }
  const catalogue = useQuery({ ...getAttributesOptions({ path: { namespace } }), staleTime: 30_000 })
  const shown = useProfiles(search)
  const { profiles, pending, error } = shown
  const filtered = search.text !== '' || search.where.length > 0
  const nobody = !pending && profiles.length === 0 && error === null && !shown.searching && !shown.paused
  return (
    <Page title="Profiles" about="One profile a person, with where each of its values came from.">
      {!(nobody && !filtered) && (
        <SearchBar asked={asked} ask={ask} catalogue={catalogue.data} busy={shown.searching || shown.stale} />
      )}
      {error !== null && <ProblemAlert error={error} again={shown.refetch} />}
      {pending && <RecordsSkeleton />}
      {nobody && <Nobody filtered={filtered} />}
      {profiles.length > 0 && (
        <Stack gap="sm">
          <HowMany key={JSON.stringify(search)} search={search} shown={shown} />
          <ProfileTable profiles={profiles} catalogue={catalogue.data} stale={shown.stale} />
        </Stack>
      )}
      <GoingOn shown={shown} />
      <Pages
        shown={shown}
        cursor={cursor}
        go={(next) => {
          ask({ cursor: next })
          window.scrollTo({ top: 0 })
        }}
      />
    </Page>
  )
}

interface HowManyProps {
  readonly search: ProfileSearch
  readonly shown: ProfilesShown
}

/** Counting those with a text means looking at everybody: only where it is asked for. */
function HowMany({ search, shown: { profiles, next, searching, paused } }: HowManyProps) {
  const [wanted, setWanted] = useState(search.text === '')
  const whole = next === null && !searching && !paused && search.cursor === undefined
  const counted = useCount(search, wanted && !whole)
  if (whole || counted.data !== undefined)
    return (
      <Text fw={600} aria-live="polite">
        {noun(whole ? profiles.length : counted.data!.count, 'profile')}
      </Text>
    )
  if (counted.error !== null)
    return (
      <Text fw={600} title={refusalOf(counted.error).message}>
        Too many to count quickly
      </Text>
    )
  if (wanted) return <Text c="dimmed">Counting…</Text>
  return (
    <Group gap="xs">
      <Text fw={600}>{noun(profiles.length, 'profile')} or more</Text>
      <Button variant="subtle" size="compact-sm" onClick={() => setWanted(true)}>
        Count them
      </Button>
    </Group>
  )
}

function Nobody({ filtered }: { readonly filtered: boolean }) {
  const namespace = useNamespace()
  const mayImport = useMay('import')
  if (filtered)
    return (
      <Empty title="Nobody fits">
        Every profile was looked at. Look for a part of the text, or take a condition away.
      </Empty>
    )
  return (
    <Empty
      title="No profiles yet"
      action={mayImport && <GoButton to={`/n/${namespace}/import`}>Import a file</GoButton>}
    >
      Import a file of customers, and every person in it gets a profile.
    </Empty>
  )
}

/** Where few fit, looking at everybody takes a while. */
function GoingOn({ shown: { searching, paused, profiles, goOn } }: { readonly shown: ProfilesShown }) {
  if (!searching && !paused) return null
  const found = profiles.length === 0 ? 'nobody found yet' : `${noun(profiles.length, 'profile')} so far`
  return (
    <Paper withBorder p="sm" role="status">
      <Group justify="space-between">
        <Text size="sm">
          {searching ? 'Looking at everybody' : 'Part of the profiles were looked at'}: {found}.
        </Text>
        {paused && (
          <Button size="xs" variant="default" onClick={goOn}>
            Continue
          </Button>
        )}
      </Group>
    </Paper>
  )
}

interface PagesProps {
  readonly shown: ProfilesShown
  readonly cursor: string | undefined
  readonly go: (cursor: string | null) => void
}

function Pages({ shown: { next }, cursor, go }: PagesProps) {
  if (next === null && cursor === undefined) return null
  return (
    <Group justify="flex-end" gap="xs">
      {cursor !== undefined && (
        <Button
          variant="default"
          leftSection={<IconArrowLeft size={16} aria-hidden />}
          onClick={() => go(null)}
        >
          First
        </Button>
      )}
      {next !== null && (
        <Button
          variant="default"
          rightSection={<IconArrowRight size={16} aria-hidden />}
          onClick={() => go(String(next))}
        >
          Next
        </Button>
      )}
    </Group>
  )
}
