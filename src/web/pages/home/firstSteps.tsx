// What Home shows to somebody new: three steps, the first one to be done right here.
import { Group, Paper, Stack, Text, ThemeIcon, Title } from '@mantine/core'
import { IconFileUpload, IconRefresh, IconUsers, type Icon } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useMay, useMe, useNamespace } from '../../lib/place.ts'
import { Empty } from '../../parts/empty.tsx'
import { GoButton } from '../../parts/go.tsx'
import { ImportButton } from '../import/importButton.tsx'

export function FirstSteps() {
  const namespace = useNamespace()
  const mayImport = useMay('import')
  const mayEdit = useMay('edit_jobs')
  const known = useMe().data !== undefined
  if (known && !mayImport && !mayEdit)
    return (
      <Empty title="Nothing has been imported yet">
        You may look, and somebody who may import begins: an operator, an admin or an owner. Then this page
        says in one look how things stand.
      </Empty>
    )
  return (
    <Stack gap="md" component="ol" m={0} p={0} style={{ listStyle: 'none' }}>
      <Step
        icon={IconFileUpload}
        title="1. Drop a file of customers"
        action={mayImport && <ImportButton label="Choose a file" />}
        first
      >
        Anywhere on this page: CSV, Excel, JSON or Parquet, also zipped. You see what was understood and what
        would happen before anything is written.
      </Step>
      <Step
        icon={IconUsers}
        title="2. Look at the profiles"
        action={
          <GoButton to={`/n/${namespace}/profiles`} variant="default">
            Profiles
          </GoButton>
        }
      >
        Each person once, with where every value came from. An import that was wrong can be undone.
      </Step>
      <Step
        icon={IconRefresh}
        title="3. Let it happen by itself"
        action={
          mayEdit && (
            <GoButton to={`/n/${namespace}/jobs/new`} variant="default">
              New job
            </GoButton>
          )
        }
      >
        A job brings in files again and again: from a folder, on a schedule, or after another job.
      </Step>
    </Stack>
  )
}

/** For those who have imported, and do it by hand so far. */
export function NextStep() {
  const namespace = useNamespace()
  const mayEdit = useMay('edit_jobs')
  if (!mayEdit) return null
  return (
    <Paper p="md" radius="lg" bg="var(--mantine-primary-color-light)">
      <Group justify="space-between" gap="sm">
        <Text style={{ flex: '1 1 280px' }}>
          Does such a file come again? A job imports it by itself, from a folder or on a schedule.
        </Text>
        <GoButton to={`/n/${namespace}/jobs/new`} variant="default" size="sm">
          New job
        </GoButton>
      </Group>
    </Paper>
  )
}

interface StepProps {
  readonly icon: Icon
  readonly title: string
  readonly action: ReactNode
  readonly first?: boolean
  readonly children: ReactNode
}

function Step({ icon: Sign, title, action, first = false, children }: StepProps) {
  return (
    <Paper
      component="li"
      withBorder
      p="lg"
      radius="lg"
      style={
        first
          ? { borderStyle: 'dashed', borderWidth: 2, borderColor: 'var(--mantine-primary-color-filled)' }
          : {}
      }
    >
      <Group gap="lg" align="center">
        <ThemeIcon size={48} radius="xl" variant="light" aria-hidden>
          <Sign size={26} stroke={1.6} />
        </ThemeIcon>
        <div style={{ flex: '1 1 300px' }}>
          <Title order={2}>{title}</Title>
          <Text c="dimmed" mt={4}>
            {children}
          </Text>
        </div>
        {action}
      </Group>
    </Paper>
  )
}
