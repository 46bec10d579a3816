// The job as YAML or JSON: changed here, then what would change is shown, then it is done.
import { Alert, Button, CopyButton, Group, Stack, Text } from '@mantine/core'
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { JobDetail } from '../../../client/index.ts'
import { refusalOf } from '../../lib/queries.ts'
import { useMay, useNamespace } from '../../lib/place.ts'
import { CodeText } from '../../parts/code.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { download, jsonOf, yamlOf } from './files.ts'
import { PlanView } from './planView.tsx'
import { applyPlan, faultLine, planText, type TextPlan } from './plans.ts'
import { jobPage, useAnew } from './useJob.ts'
import { told } from './told.tsx'

export interface AsTextProps {
  readonly job: JobDetail
  readonly form: 'yaml' | 'json'
}

export function AsText({ job, form }: AsTextProps) {
  const namespace = useNamespace()
  const text = useQuery({
    queryKey: ['job as text', namespace, job.id, job.version, job.job, job.state, form],
    queryFn: () => (form === 'yaml' ? yamlOf(job) : jsonOf(job)),
    staleTime: Infinity,
    // What is being typed must outlive somebody else's change.
    placeholderData: keepPreviousData,
  })
  return <Loaded query={text}>{(stored) => <Editor job={job} form={form} stored={stored} />}</Loaded>
}

interface EditorProps extends AsTextProps {
  readonly stored: string
}

/** What was typed, against which state of the job, and what would come of it. */
function useDraft({ job, form, stored }: EditorProps) {
  const namespace = useNamespace()
  const go = useNavigate()
  const anew = useAnew()
  const [base, setBase] = useState({ version: job.version, text: stored })
  const [typed, setTyped] = useState(stored)
  const plan = useMutation({ mutationFn: () => planText(typed, form, job) })
  const reset = (text: string): void => {
    setBase({ version: job.version, text })
    setTyped(text)
    plan.reset()
  }
  const apply = useMutation({
    mutationFn: (planned: TextPlan) => applyPlan(namespace, planned),
    // Somebody was quicker: what is there now is what the next plan is made against.
    onError: () => anew(),
    onSuccess: async ({ name, waits }) => {
      told(
        namespace,
        waits ? 'The change waits for somebody else to approve it.' : 'The job is changed.',
        null,
      )
      if (name !== job.job) await go({ to: jobPage(namespace, name), search: true as never, replace: true })
      plan.reset()
      // What is stored then may be written differently; it is taken over when it is there.
      setBase({ version: -1, text: typed })
      await anew()
    },
  })
  const isChanged = typed !== base.text
  // Nothing of one's own is at stake: the newest is shown.
  if (!isChanged && (base.version !== job.version || base.text !== stored)) reset(stored)
  const type = (next: string): void => {
    setTyped(next)
    if (!plan.isIdle) plan.reset()
    if (apply.isError) apply.reset()
  }
  return { typed, type, isChanged, isOld: base.version !== job.version, plan, apply, reset, setBase }
}

function Editor(props: EditorProps) {
  const { job, form, stored } = props
  const mayEdit = useMay('edit_jobs')
  const canEdit = mayEdit && job.moves.includes('edit')
  const draft = useDraft(props)
  const { typed, isChanged, isOld, plan, apply } = draft
  const conflict = apply.isError && refusalOf(apply.error).problem.code === 'job.changed'
  return (
    <Stack>
      <CodeText
        text={typed}
        label={`The job as ${form.toUpperCase()}`}
        onChange={canEdit ? draft.type : undefined}
        faultAt={faultLine(plan.error)}
      />
      {!canEdit && mayEdit && <WhyNot job={job} />}
      {isChanged && (isOld || conflict) && (
        <Alert color="orange" title="The job was changed meanwhile">
          <Stack gap="sm" align="flex-start">
            <Text>
              It is at version {job.version} now; your text was made from an earlier one. See what would
              change against the new version, or begin again from it.
            </Text>
            <Button size="xs" variant="default" onClick={() => draft.reset(stored)}>
              Discard my changes
            </Button>
          </Stack>
        </Alert>
      )}
      {plan.error !== null && <ProblemAlert error={plan.error} />}
      {apply.error !== null && !conflict && <ProblemAlert error={apply.error} />}
      <Group justify="space-between">
        <TextActions job={job} form={form} text={typed} />
        {canEdit && (
          <Group gap="xs">
            <Button variant="default" disabled={!isChanged} onClick={() => draft.reset(stored)}>
              Discard changes
            </Button>
            <Button disabled={!isChanged} loading={plan.isPending} onClick={() => plan.mutate()}>
              See what would change
            </Button>
          </Group>
        )}
      </Group>
      {plan.data !== undefined && (
        <PlanView plan={plan.data} busy={apply.isPending} apply={() => apply.mutate(plan.data)} />
      )}
    </Stack>
  )
}

/** Why it cannot be changed now, in the words of the rule. */
function WhyNot({ job }: { readonly job: JobDetail }) {
  const why = job.cannot.find(({ move }) => move === 'edit')?.why
  return why === undefined ? null : <Text c="dimmed">It cannot be changed: {why}.</Text>
}

function TextActions({ job, form, text }: AsTextProps & { readonly text: string }) {
  return (
    <Group gap="xs">
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Button variant="default" onClick={copy}>
            {copied ? 'Copied' : 'Copy'}
          </Button>
        )}
      </CopyButton>
      <Button variant="default" onClick={() => download(`${job.job}.${form}`, text)}>
        Download
      </Button>
    </Group>
  )
}
