// The job in a few lines, what follows from it, and the button that switches it on or saves it.
import { Alert, Anchor, Button, Group, List, Paper, Stack, Table, Text, VisuallyHidden } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { IconPlayerPlay } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { postJobActivate } from '../../../client/index.ts'
import { changeText, diffDefinitions } from '../../../core/definitionDiff.ts'
import { diffSetups } from '../../../core/setupDiff.ts'
import { noun } from '../../lib/numbers.ts'
import { useNamespace } from '../../lib/place.ts'
import { ProblemAlert } from '../../parts/problem.tsx'
import type { Draft } from './draft.ts'
import { BackButton, Foot } from './foot.tsx'
import { usePreview, wall } from './nextRuns.tsx'
import { columnsText, modeText, sourceText, toldText } from './said.ts'
import { wayOf, ways } from './schedules.ts'
import type { StepKey } from './steps.ts'
import type { StepProps } from './stepProps.ts'

type EndProps = Pick<StepProps, 'draft' | 'back'>

export function FinishStep(props: StepProps) {
  return props.draft.isNew ? <Activate {...props} /> : <Save {...props} />
}

function Activate({ draft, back }: EndProps) {
  const namespace = useNamespace()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const activate = useMutation({
    mutationFn: async () => {
      const saved = await draft.save()
      return (await postJobActivate({ path: { namespace, job: saved.id }, body: {} })).data
    },
    onSuccess: async ({ job }) => {
      draft.take(job)
      await queries.invalidateQueries()
      await navigate({ to: `/n/${namespace}/jobs/${encodeURIComponent(job.job)}` })
    },
  })
  const { job } = draft
  const why = job?.cannot.find(({ move }) => move === 'activate')?.why
  const questions = job?.sample?.questions ?? []
  const isMapped = draft.definition.mapping.columns.length > 0
  const ready = why === undefined && isMapped && questions.length === 0
  return (
    <Stack gap="lg">
      <Summary draft={draft} />
      {!ready && (
        <Missing why={why} isMapped={isMapped} questions={questions.map(({ question }) => question)} />
      )}
      {ready && <Consequences draft={draft} />}
      {activate.error !== null && !draft.stale && <ProblemAlert error={activate.error} />}
      <Foot>
        <BackButton back={back} />
        <Button
          leftSection={<IconPlayerPlay size={18} aria-hidden />}
          disabled={!ready}
          loading={activate.isPending}
          onClick={() => activate.mutate()}
        >
          Activate
        </Button>
      </Foot>
    </Stack>
  )
}

interface MissingProps {
  readonly why: string | undefined
  readonly isMapped: boolean
  readonly questions: readonly string[]
}

function Missing({ why, isMapped, questions }: MissingProps) {
  return (
    <Alert color="orange" title="Something is missing before it can be activated">
      <List size="sm" spacing={4}>
        {!isMapped && <List.Item>The columns: nobody has looked into the source yet.</List.Item>}
        {isMapped && why !== undefined && <List.Item>{why}</List.Item>}
        {questions.map((question) => (
          <List.Item key={question}>{question}</List.Item>
        ))}
      </List>
      <StepLink step="columns">Go to the columns</StepLink>
    </Alert>
  )
}

function StepLink({ step, children }: { readonly step: StepKey; readonly children: ReactNode }) {
  return (
    <Anchor
      size="sm"
      renderRoot={(props) => (
        <Link to="." search={((before: object) => ({ ...before, step })) as never} {...props} />
      )}
    >
      {children}
    </Anchor>
  )
}

/** What is about to happen, in the order in which it will. */
function Consequences({ draft: { job, setup, definition } }: { readonly draft: Draft }) {
  const { data } = usePreview(job?.id, setup)
  const next = data?.next.find(({ runs }) => runs)
  const starts = setup.schedule?.start ?? null
  const later = starts !== null && next !== undefined && Date.parse(next.at) >= Date.parse(starts)
  const way = wayOf(setup)
  return (
    <Paper withBorder p="md">
      <Stack gap="xs">
        <Text fw={600}>When you activate it</Text>
        <List spacing={6}>
          {setup.approval !== 'none' && (
            <List.Item>Somebody else than who set it up has to approve it first; they are asked.</List.Item>
          )}
          <List.Item>
            {later
              ? `Nothing runs before ${wall(next.local)}.`
              : `Its first run starts at once and reads ${lowerFirst(sourceText(setup.source))}.`}
          </List.Item>
          {setup.schedule !== null && next !== undefined && !later && (
            <List.Item>
              Then it runs by itself: {data!.sentence}. The next time is {wall(next.local)}.
            </List.Item>
          )}
          {way === 'after' && <List.Item>Then whenever a run of {setup.after} has ended well.</List.Item>}
          {way === 'arrival' && <List.Item>Then whenever a file arrives.</List.Item>}
          <List.Item>{modeText(definition.policy.mode)}</List.Item>
          <List.Item>
            {definition.breaker === null
              ? 'Nothing holds a run that looks wrong.'
              : 'A run that looks wrong is held before it writes, until somebody has looked at it.'}
          </List.Item>
          <List.Item>Every run can be undone.</List.Item>
        </List>
      </Stack>
    </Paper>
  )
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}

function Summary({ draft }: { readonly draft: Draft }) {
  const { setup, definition, job } = draft
  const { data } = usePreview(job?.id, setup)
  const lines: readonly (readonly [string, StepKey, string])[] = [
    ['Source', 'source', sourceText(setup.source)],
    ['Columns', 'columns', columnsText(definition.mapping)],
    [
      'Runs',
      'schedule',
      data?.sentence ?? (setup.after === null ? ways[wayOf(setup)] : `After ${setup.after}`),
    ],
    ['Writes', 'rules', modeText(definition.policy.mode)],
    ['Tells', 'rules', toldText(setup.notify)],
  ]
  return (
    <Table layout="auto" verticalSpacing="xs">
      <Table.Tbody>
        {lines.map(([label, step, text]) => (
          <Table.Tr key={label}>
            <Table.Th w={110} style={{ verticalAlign: 'top' }} scope="row">
              {label}
            </Table.Th>
            <Table.Td style={{ overflowWrap: 'anywhere', verticalAlign: 'top' }}>{text}</Table.Td>
            <Table.Td w={80} ta="right" style={{ verticalAlign: 'top' }}>
              <StepLink step={step}>
                Change<VisuallyHidden> what is said about: {label}</VisuallyHidden>
              </StepLink>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}

function changesOf({ job, name, setup, definition }: Draft): string[] {
  if (job === null) return []
  return [
    ...(name === job.job ? [] : [`name: ${job.job} → ${name}`]),
    ...[...diffSetups(job.setup, setup), ...diffDefinitions(job.definition, definition)].map(changeText),
    ...(setup.description === job.setup.description ? [] : ['description']),
  ]
}

function Save({ draft, back }: EndProps) {
  const namespace = useNamespace()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const [gone, setGone] = useState(false)
  const save = useMutation({
    mutationFn: () => draft.save(),
    onSuccess: async ({ job }) => {
      setGone(true)
      await queries.invalidateQueries()
      await navigate({ to: `/n/${namespace}/jobs/${encodeURIComponent(job)}` })
    },
  })
  const changes = changesOf(draft)
  const version = (draft.job?.version ?? 0) + 1
  return (
    <Stack gap="lg">
      <Summary draft={draft} />
      {changes.length === 0 ? (
        <Text c="dimmed">{gone ? 'Saved.' : 'Nothing was changed yet.'}</Text>
      ) : (
        <Changes changes={changes} version={version} guarded={draft.setup.approval !== 'none'} />
      )}
      {save.error !== null && !draft.stale && <ProblemAlert error={save.error} />}
      <Foot>
        <BackButton back={back} />
        <Group gap="xs">
          {changes.length > 0 && (
            <Button variant="default" onClick={draft.discard}>
              Drop {noun(changes.length, 'change')}
            </Button>
          )}
          <Button
            disabled={changes.length === 0 || draft.stale}
            loading={save.isPending}
            onClick={() => save.mutate()}
          >
            Save version {version}
          </Button>
        </Group>
      </Foot>
    </Stack>
  )
}

interface ChangesProps {
  readonly changes: readonly string[]
  readonly version: number
  /** Somebody else has to approve it. */
  readonly guarded: boolean
}

function Changes({ changes, version, guarded }: ChangesProps) {
  return (
    <Paper withBorder p="md">
      <Stack gap="xs">
        <Text fw={600}>What you changed</Text>
        <Stack gap={2} component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
          {changes.map((text) => (
            <Text component="li" key={text} className="code">
              {text}
            </Text>
          ))}
        </Stack>
        <Text size="sm" c="dimmed">
          {!guarded
            ? `It becomes version ${version}.`
            : `Somebody else has to approve it; then it becomes version ${version}.`}{' '}
          Runs under way keep the version they began with; the next run uses this one.
        </Text>
      </Stack>
    </Paper>
  )
}
