// Where one is signed in, and ending that.
import { Badge, Button, Group, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getMeSessionsOptions } from '../../../client/@tanstack/react-query.gen.ts'
import { deleteMeSession, deleteMeSessions, type SessionView } from '../../../client/index.ts'
import { noun } from '../../lib/numbers.ts'
import { useAsk } from '../../parts/asking.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { Section } from '../../parts/section.tsx'
import { When } from '../../parts/when.tsx'

export function Sessions() {
  const sessions = useQuery(getMeSessionsOptions())
  const queries = useQueryClient()
  const ask = useAsk()
  const others = (sessions.data?.sessions.length ?? 1) - 1
  const endOthers = (): void =>
    ask({
      title: 'End all other sessions?',
      body: `${noun(others, 'other browser is', 'other browsers are')} signed out at once. This one stays.`,
      yes: 'End them',
      danger: true,
      act: async () => {
        await deleteMeSessions()
        await queries.invalidateQueries()
      },
    })
  return (
    <Section
      title="Where you are signed in"
      action={
        others > 0 && (
          <Button variant="default" size="xs" onClick={endOthers}>
            End all others
          </Button>
        )
      }
    >
      <Loaded query={sessions}>
        {({ sessions: all }) => (
          <ul className="lines">
            {all.map((session) => (
              <Line key={session.id} session={session} />
            ))}
          </ul>
        )}
      </Loaded>
    </Section>
  )
}

function Line({
  session: { id, device, address, since, lastUsed, thisOne },
}: {
  readonly session: SessionView
}) {
  const queries = useQueryClient()
  const end = useMutation({
    mutationFn: () => deleteMeSession({ path: { session: id } }),
    onSettled: () => queries.invalidateQueries(),
  })
  return (
    <li>
      <div className="line-about">
        <Group gap="xs">
          <Text fw={600}>{device ?? 'A browser or program that did not say which'}</Text>
          {thisOne && (
            <Badge color="green" variant="light" tt="none">
              this one
            </Badge>
          )}
        </Group>
        <Text size="sm" c="dimmed">
          {address !== null && `${address} · `}last used <When at={lastUsed} ago /> · since{' '}
          <When at={since} />
        </Text>
        {end.error !== null && <ProblemAlert error={end.error} />}
      </div>
      {!thisOne && (
        <Button
          size="xs"
          variant="default"
          loading={end.isPending}
          onClick={() => end.mutate()}
          aria-label={`End the session ${device ?? id}`}
        >
          End
        </Button>
      )}
    </li>
  )
}
