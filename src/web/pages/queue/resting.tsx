// Runs that gave up their lane without being over: those that try again by themselves, and those that await a person.
import { Divider, Paper, Stack } from '@mantine/core'
import { useId } from 'react'
import type { QueuePage } from '../../../client/index.ts'
import { noun } from '../../lib/numbers.ts'
import { When } from '../../parts/when.tsx'
import { Heading } from './heading.tsx'
import { Moves, RunLine } from './runLine.tsx'

export function Resting({ runs }: { readonly runs: QueuePage['resting'] }) {
  const id = useId()
  return (
    <Paper withBorder p="md" radius="lg" component="section" aria-labelledby={id}>
      <Stack gap={0}>
        <Heading
          id={id}
          title="Out of their lanes"
          about={`${noun(runs.length, 'run')} let others go first`}
        />
        <Stack gap={0} component="ul" m={0} mt="md" p={0} style={{ listStyle: 'none' }}>
          {runs.map((run, at) => (
            <li key={run.run}>
              {at > 0 && <Divider my="sm" />}
              <RunLine
                run={run}
                says={run.message ?? undefined}
                more={
                  run.until === null ? null : (
                    <>
                      {' · '}
                      goes on <When at={run.until} ago />
                    </>
                  )
                }
                actions={<Moves run={run} />}
              />
            </li>
          ))}
        </Stack>
      </Stack>
    </Paper>
  )
}
