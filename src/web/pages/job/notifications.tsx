// Whom the job tells of what, what was sent, and a test.
import { Badge, Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { postMessagesTest, type JobDetail } from '../../../client/index.ts'
import { useMay, useNamespace } from '../../lib/place.ts'
import { Go } from '../../parts/go.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { Messages } from './messages.tsx'
import { notifyWords } from './setupWords.ts'
import { editPage, useAnew } from './useJob.ts'

export function Notifications({ job }: { readonly job: JobDetail }) {
  return (
    <Stack gap="lg">
      <Rules job={job} />
      <Messages job={job} />
    </Stack>
  )
}

function Rules({ job }: { readonly job: JobDetail }) {
  const namespace = useNamespace()
  const mayEdit = useMay('edit_jobs')
  const { emails, webhooks, when, failedOverPercent, digestAt } = job.setup.notify
  const nobody = emails.length + webhooks.length === 0
  return (
    <Paper withBorder p="md" radius="lg" component="section" aria-labelledby="rules">
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2} id="rules">
            Whom it tells
          </Title>
          {mayEdit && job.moves.includes('edit') && (
            <Go size="sm" to={`${editPage(namespace, job)}&step=rules`}>
              Change
            </Go>
          )}
        </Group>
        {nobody ? (
          <Text c="dimmed">
            Nobody of its own. Whom the namespace names in its settings is told all the same.
          </Text>
        ) : (
          <>
            <Text>
              Told {notifyWords[when]}
              {failedOverPercent !== null &&
                `, and when more than ${failedOverPercent} % of a run's records failed`}
              {digestAt !== null && `; collected into one message a day at ${digestAt}`}.
            </Text>
            <Stack gap={6} component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
              {emails.map((email) => (
                <Recipient key={email} name={email} order={{ email }} />
              ))}
              {webhooks.map((webhook) => (
                <Recipient key={webhook} name={webhook} order={{ webhook }} />
              ))}
            </Stack>
          </>
        )}
      </Stack>
    </Paper>
  )
}

interface RecipientProps {
  readonly name: string
  readonly order: { readonly email: string } | { readonly webhook: string }
}

function Recipient({ name, order }: RecipientProps) {
  const namespace = useNamespace()
  const mayTest = useMay('settings')
  const anew = useAnew()
  const test = useMutation({
    mutationFn: () => postMessagesTest({ path: { namespace }, body: order }),
    onSuccess: () => anew(),
  })
  return (
    <li>
      <Group gap="sm">
        <Text style={{ overflowWrap: 'anywhere' }}>{name}</Text>
        <Badge variant="outline" color="gray" tt="none">
          {'email' in order ? 'e-mail' : 'webhook'}
        </Badge>
        {mayTest && (
          <Button size="compact-sm" variant="default" loading={test.isPending} onClick={() => test.mutate()}>
            Send a test
          </Button>
        )}
        {test.isSuccess && (
          <Text size="sm" c="dimmed" role="status">
            A test is on its way.
          </Text>
        )}
      </Group>
      {test.error !== null && <ProblemAlert error={test.error} />}
    </li>
  )
}
