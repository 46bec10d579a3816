// The frame around every step: where one is, back and on, and the job as YAML.
import { Alert, Badge, Button, Group, Progress, Stack, Stepper, Text, Title } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState, type FormEvent } from 'react'
import { useNamespace } from '../../lib/place.ts'
import { Page } from '../../parts/page.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import type { Draft } from './draft.ts'
import { bodies } from './bodies.tsx'
import { faultsOf, type Faults } from './faults.ts'
import { BackButton, Foot } from './foot.tsx'
import { placeOf, steps, type StepKey } from './steps.ts'
import { YamlButton } from './yaml.tsx'

interface WizardProps {
  readonly draft: Draft
  readonly step: StepKey
  readonly title: string
  readonly above: readonly { readonly label: string; readonly to: string }[]
}

export function Wizard({ draft, step, title, above }: WizardProps) {
  const way = useWay(draft, step)
  const { Body, endsItself } = bodies[step]
  const { about, label } = steps[placeOf(step)]!
  const name = draft.job?.job
  return (
    <Page
      title={name === undefined ? title : `${title}: ${name}`}
      heading={<Heading title={title} name={name} state={draft.isNew ? 'draft' : 'live'} />}
      above={above}
      actions={<Actions draft={draft} />}
    >
      <StepBar step={step} go={way.go} reachable={draft.job !== null} />
      <form onSubmit={way.submit} noValidate aria-label={label}>
        <Stack gap="lg">
          <Text size="lg" fw={600} component="h2" m={0}>
            {about}
          </Text>
          {draft.stale && <Stale draft={draft} />}
          {way.refused !== null && !draft.stale && <ProblemAlert error={way.refused} />}
          <Body draft={draft} faults={way.faults} back={way.back} />
          {!endsItself && (
            <Foot>
              {step === 'source' ? <span /> : <BackButton back={way.back} />}
              <Button type="submit" loading={way.busy}>
                {draft.isNew ? 'Save and go on' : 'Go on'}
              </Button>
            </Foot>
          )}
        </Stack>
      </form>
    </Page>
  )
}

function Actions({ draft }: { readonly draft: Draft }) {
  return (
    <>
      {draft.job === null && draft.changed && (
        <Button variant="default" size="xs" onClick={draft.discard}>
          Start over
        </Button>
      )}
      {draft.name !== '' && <YamlButton draft={draft} />}
    </>
  )
}

function useWay(draft: Draft, step: StepKey) {
  const namespace = useNamespace()
  const navigate = useNavigate()
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<unknown>(null)
  const [faults, setFaults] = useState<Faults>({})
  const at = placeOf(step)
  const go = (to: StepKey, edit = draft.job?.id): void => {
    setRefused(null)
    setFaults({})
    void navigate({ to: `/n/${namespace}/jobs/new`, search: { edit, step: to } as never })
  }
  const next = async (): Promise<void> => {
    const found = faultsOf(step, draft)
    setFaults(found)
    setRefused(null)
    if (Object.keys(found).length > 0) return focusFault()
    setBusy(true)
    try {
      // What is switched on changes only at the end, and as a whole.
      const saved = draft.isNew ? await draft.save() : draft.job
      go(steps[at + 1]!.key, saved?.id)
    } catch (error) {
      setRefused(error)
      showRefusal()
    } finally {
      setBusy(false)
    }
  }
  const submit = (submitted: FormEvent): void => {
    submitted.preventDefault()
    if (!busy && !bodies[step].endsItself) void next()
  }
  return { go, submit, back: () => go(steps[at - 1]!.key), busy, refused, faults }
}

/** Brings the first field with a fault into view, for those who see it and those who hear it. */
function focusFault(): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
}

/** The button that was pressed stands at the bottom, what was refused at the top. */
function showRefusal(): void {
  requestAnimationFrame(() => document.querySelector('[role="alert"]')?.scrollIntoView({ block: 'center' }))
}

/** Somebody else saved the job meanwhile: whose changes count is for a person to say. */
function Stale({ draft }: { readonly draft: Draft }) {
  return (
    <Alert color="orange" role="alert" title="Somebody else changed this job meanwhile">
      <Stack gap="xs">
        <Text size="sm">
          It is at version {draft.job?.version} now, by {draft.job?.updatedBy ?? 'somebody'}. Your changes
          were made before and are not saved. On top of it they replace only the parts that you changed.
        </Text>
        <Group gap="xs">
          <Button size="xs" variant="default" onClick={draft.rebase}>
            Put my changes on top
          </Button>
          <Button size="xs" variant="default" onClick={draft.discard}>
            Drop my changes
          </Button>
        </Group>
      </Stack>
    </Alert>
  )
}

interface HeadingProps {
  readonly title: string
  readonly name: string | undefined
  readonly state: 'draft' | 'live'
}

function Heading({ title, name, state }: HeadingProps) {
  if (name === undefined) return <Title order={1}>{title}</Title>
  return (
    <Group gap="sm" align="center" miw={0} style={{ flex: 1 }}>
      <Title order={1} style={{ overflowWrap: 'anywhere' }}>
        {name}
      </Title>
      <Badge variant="outline" color="gray" tt="none">
        {state === 'draft' ? 'Draft' : 'Editing'}
      </Badge>
    </Group>
  )
}

interface StepBarProps {
  readonly step: StepKey
  readonly go: (step: StepKey) => void
  readonly reachable: boolean
}

function StepBar({ step, go, reachable }: StepBarProps) {
  const at = placeOf(step)
  return (
    <nav aria-label="Steps">
      <Stepper
        active={at}
        size="sm"
        visibleFrom="md"
        onStepClick={(to) => go(steps[to]!.key)}
        allowNextStepsSelect={reachable}
      >
        {steps.map(({ key, label }) => (
          <Stepper.Step key={key} label={label} aria-current={key === step ? 'step' : undefined} />
        ))}
      </Stepper>
      <Stack gap={6} hiddenFrom="md">
        <Text size="sm" c="dimmed">
          Step {at + 1} of {steps.length}: {steps[at]!.label}
        </Text>
        <Progress value={(100 * (at + 1)) / steps.length} size="sm" aria-label="Steps done" />
      </Stack>
    </nav>
  )
}
