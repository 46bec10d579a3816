// Home: health in one look, what runs, what the last days brought, the quota, and what comes next.
import { Grid, Group, Stack, Text } from '@mantine/core'
import { IconCircleCheckFilled } from '@tabler/icons-react'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { getHomeOptions } from '../../../client/@tanstack/react-query.gen.ts'
import type { HomeView } from '../../../client/index.ts'
import { paced } from '../../lib/live.ts'
import { noun } from '../../lib/numbers.ts'
import { useMay, useNamespace } from '../../lib/place.ts'
import { Loaded } from '../../parts/loaded.tsx'
import { Page } from '../../parts/page.tsx'
import { AttentionList } from './attention.tsx'
import { FirstSteps, NextStep } from './firstSteps.tsx'
import { LastDays } from './lastDays.tsx'
import { Quota } from './quota.tsx'
import { Running } from './running.tsx'
import { Today } from './today.tsx'
import { Upcoming } from './upcoming.tsx'

const moving = 2_000
/** Jobs begin by themselves, and what is late is only known by looking. */
const resting = 30_000

function useHome(): UseQueryResult<HomeView, unknown> {
  const namespace = useNamespace()
  return useQuery({
    ...getHomeOptions({ path: { namespace } }),
    refetchInterval: ({ state: { data } }) => {
      if (data === undefined) return false
      return paced(data.running.length + data.waiting > 0 ? moving : resting)
    },
  })
}

export function HomePage() {
  const home = useHome()
  return (
    <Page title="Home" about={home.data === undefined ? undefined : <Health home={home.data} />}>
      <Loaded query={home} lines={8}>
        {(data) => (data.begun.imported || data.begun.recurring ? <Overview home={data} /> : <FirstSteps />)}
      </Loaded>
    </Page>
  )
}

/** How things stand, in one sentence. */
function Health({ home: { attention, running, begun } }: { readonly home: HomeView }) {
  const mayImport = useMay('import')
  if (!begun.imported && !begun.recurring)
    return <>{mayImport ? 'Welcome to Sluice. Three steps, and your data is here.' : 'Welcome to Sluice.'}</>
  const going = running.length === 0 ? 'Nothing runs just now.' : `${noun(running.length, 'run')} under way.`
  if (attention.length > 0)
    return (
      <>
        {attention.length === 1 ? 'One thing needs' : `${attention.length} things need`} a look. {going}
      </>
    )
  return (
    <Group gap={6} component="span" wrap="nowrap">
      <IconCircleCheckFilled
        size={18}
        aria-hidden
        style={{
          color: 'light-dark(var(--mantine-color-green-7), var(--mantine-color-green-5))',
          flexShrink: 0,
        }}
      />
      <Text span inherit>
        Everything is well. {going}
      </Text>
    </Group>
  )
}

function Overview({ home }: { readonly home: HomeView }) {
  const { attention, running, quota } = home
  return (
    <Stack gap="lg">
      <Today home={home} />
      {!home.begun.recurring && <NextStep />}
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, lg: 8 }}>
          <Stack gap="lg">
            {attention.length > 0 && <AttentionList attention={attention} />}
            {running.length > 0 && <Running running={running} waiting={home.waiting} />}
            <LastDays days={home.days} zone={home.zone} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 4 }}>
          <Stack gap="lg">
            {quota !== null && <Quota quota={quota} />}
            <Upcoming planned={home.planned} jobs={home.jobs} />
          </Stack>
        </Grid.Col>
      </Grid>
    </Stack>
  )
}
