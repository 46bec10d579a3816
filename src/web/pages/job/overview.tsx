// The first look at a job: what it did in the last weeks, its last runs, and when it runs next.
import { Grid } from '@mantine/core'
import type { JobDetail } from '../../../client/index.ts'
import { Empty } from '../../parts/empty.tsx'
import { Activity } from './activity.tsx'
import { Facts } from './facts.tsx'
import { LastRuns } from './lastRuns.tsx'
import { NextRuns } from './nextRuns.tsx'

export function Overview({ job }: { readonly job: JobDetail }) {
  const runsAgain = job.setup.schedule !== null
  return (
    <Grid gap="xl">
      <Grid.Col span={12}>
        <Facts job={job} />
      </Grid.Col>
      {job.runs === 0 && (
        <Grid.Col span={{ base: 12, md: runsAgain ? 7 : 12 }}>
          <Empty title="It has not run yet">
            What it does, its last runs and what became of their records will stand here.
          </Empty>
        </Grid.Col>
      )}
      {job.runs > 0 && (
        <>
          <Grid.Col span={12}>
            <Activity job={job} />
          </Grid.Col>
          <Grid.Col span={{ base: 12, md: runsAgain ? 7 : 12 }}>
            <LastRuns job={job} />
          </Grid.Col>
        </>
      )}
      {runsAgain && (
        <Grid.Col span={{ base: 12, md: 5 }}>
          <NextRuns job={job} />
        </Grid.Col>
      )}
    </Grid>
  )
}
