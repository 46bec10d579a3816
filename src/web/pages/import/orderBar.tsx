// The end of the preview: a dry run for those who want to see first, and the one button that imports.
import { Alert, Button, Group, Paper, Stack, Switch, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { postImports, type ImportAnswer, type UploadView } from '../../../client/index.ts'
import { jobNameOf } from '../../../core/jobSetup.ts'
import { refusalOf } from '../../lib/queries.ts'
import { useNamespace } from '../../lib/place.ts'
import { Go } from '../../parts/go.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { DryRun } from './dryRun.tsx'
import type { PreviewState } from './usePreview.ts'

interface OrderBarProps {
  readonly state: PreviewState
  readonly upload: UploadView
  /** How many rows the file has, in words. */
  readonly rows: string
}

interface How {
  readonly dryRun?: boolean
  readonly again?: boolean
  readonly unfinished?: 'resume' | 'anew'
}

export function OrderBar({ state, upload, rows }: OrderBarProps) {
  const [skipSeen, setSkipSeen] = useState(false)
  const { order, tried, answered } = useOrder(state, upload, skipSeen)
  const open = state.questions.length
  const deletes = state.policy.mode === 'delete'
  return (
    <Stack>
      {answered.error !== null && <Refused error={answered.error} order={order} />}
      {answered.data?.what === 'skipped' && <Same answer={answered.data} order={order} />}
      {tried !== null && <DryRun run={tried} />}
      <Paper withBorder p="md" radius="lg" style={{ position: 'sticky', bottom: 12, zIndex: 5 }} shadow="sm">
        <Group justify="space-between">
          <Switch
            label="Leave out lines that were imported before"
            checked={skipSeen}
            onChange={({ currentTarget }) => setSkipSeen(currentTarget.checked)}
          />
          <Group gap="sm">
            {open > 0 && (
              <Text size="sm" c="dimmed" role="status">
                {open === 1 ? 'One question is open above.' : `${open} questions are open above.`}
              </Text>
            )}
            <Button
              variant="default"
              disabled={open > 0}
              onClick={() => order({ dryRun: true, again: true })}
            >
              Dry run
            </Button>
            <Button
              color={deletes ? 'red' : undefined}
              disabled={open > 0 || (deletes && tried === null)}
              title={
                deletes && tried === null ? 'Do a dry run first: it says whom it would delete' : undefined
              }
              loading={answered.isPending}
              onClick={() => order({})}
            >
              {deletes ? `Delete the people of ${rows}` : `Import ${rows}`}
            </Button>
          </Group>
        </Group>
      </Paper>
    </Stack>
  )
}

const attached = {
  title: 'This file is being imported already',
  message: 'The same rows in the same way: here is the run that does it.',
}

function useOrder(state: PreviewState, upload: UploadView, skipSeen: boolean) {
  const namespace = useNamespace()
  const go = useNavigate()
  const [tried, setTried] = useState<string | null>(null)
  const { definition, inspection } = state
  const answered = useMutation({
    mutationFn: async (how: How): Promise<ImportAnswer> => {
      const memory = inspection.data?.remembered?.run
      const body = {
        upload: upload.id,
        job: jobNameOf(upload.fileName),
        definition: definition!,
        skipSeen,
        sampled: inspection.data?.whole === false,
        ...(memory === undefined ? {} : { mappingFrom: memory }),
        ...how,
      }
      return (await postImports({ path: { namespace }, body })).data
    },
    onSuccess: (answer, { dryRun }) => {
      if (dryRun === true) setTried(answer.run)
      else if (answer.what !== 'skipped') {
        if (answer.what === 'attached') notifications.show(attached)
        void go({ to: `/n/${namespace}/runs/${answer.run}` })
      }
    },
  })
  return { order: answered.mutate, tried, answered }
}

interface SameProps {
  readonly answer: ImportAnswer
  readonly order: (how: How) => void
}

/** The very same import was done before: nothing to do, unless somebody says so. */
function Same({ answer: { by, run }, order }: SameProps) {
  const namespace = useNamespace()
  const earlier = by ?? run
  return (
    <Alert color="blue" title="This was imported before" role="status">
      <Stack gap="sm">
        <Text>
          <Go to={`/n/${namespace}/runs/${earlier}`}>{earlier}</Go> imported the same rows in the same way, so
          nothing was done now.
        </Text>
        <Group>
          <Button size="xs" variant="default" onClick={() => order({ again: true })}>
            Import it again all the same
          </Button>
        </Group>
      </Stack>
    </Alert>
  )
}

interface RefusedProps {
  readonly error: unknown
  readonly order: (how: How) => void
}

function Refused({ error, order }: RefusedProps) {
  const unfinished = refusalOf(error).problem.code === 'import.unfinished'
  return (
    <Stack gap="xs">
      <ProblemAlert error={error} />
      {unfinished && (
        <Group>
          <Button size="xs" onClick={() => order({ unfinished: 'resume' })}>
            Go on with the earlier one
          </Button>
          <Button size="xs" variant="default" onClick={() => order({ unfinished: 'anew' })}>
            Stop it and import with these settings
          </Button>
        </Group>
      )}
    </Stack>
  )
}
