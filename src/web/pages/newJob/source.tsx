// Where records come from: the kinds of sources there are, the options of the chosen one, and what the job is called.
import { Accordion, Radio, SimpleGrid, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { IconFolder, IconPlugConnected, IconUpload, IconUsers } from '@tabler/icons-react'
import { getConnectorsOptions } from '../../../client/@tanstack/react-query.gen.ts'
import type { GetConnectorsResponse } from '../../../client/index.ts'
import type { JobSetup } from '../../../core/jobSetup.ts'
import { sourceSchema, type Source } from '../../../core/setup/source.ts'
import { useNamespace } from '../../lib/place.ts'
import { Loaded } from '../../parts/loaded.tsx'
import { Choice, Fold } from './choice.tsx'
import { OptionFields } from './optionFields.tsx'
import { weekly } from './schedules.ts'
import type { OfDraft } from './stepProps.ts'

type Connector = GetConnectorsResponse['connectors'][number]

const icons: Readonly<Record<string, typeof IconFolder>> = {
  upload: IconUpload,
  folder: IconFolder,
  profiles: IconUsers,
}

export function SourceStep(props: OfDraft) {
  const namespace = useNamespace()
  const connectors = useQuery(getConnectorsOptions({ path: { namespace } }))
  return (
    <Loaded query={connectors} lines={6}>
      {(found) => <SourceForm {...props} connectors={found.connectors} />}
    </Loaded>
  )
}

function SourceForm({ draft, faults, connectors }: OfDraft & { readonly connectors: readonly Connector[] }) {
  const { name, setup, edit } = draft
  const chosen = connectors.find(({ kind }) => kind === setup.source.kind)
  return (
    <Stack gap="lg" maw={860}>
      <TextInput
        label="Name"
        description="As people will look for it, for example: Newsletter sign-ups."
        required
        maxLength={200}
        value={name}
        error={faults['name']}
        onChange={({ currentTarget }) => edit({ name: currentTarget.value })}
      />
      <Tiles connectors={connectors} setup={setup} isNew={draft.job === null} edit={edit} />
      {chosen !== undefined && (
        <OptionFields
          schema={chosen.options}
          value={setup.source}
          within="source"
          faults={faults}
          // A matter of when it runs.
          without={['onArrival']}
          onChange={(source) => edit({ setup: { source: source as Source } })}
        />
      )}
      <HowOften setup={setup} edit={edit} />
      <More draft={draft} faults={faults} />
    </Stack>
  )
}

interface TilesProps extends Pick<OfDraft['draft'], 'setup' | 'edit'> {
  readonly connectors: readonly Connector[]
  readonly isNew: boolean
}

function Tiles({ connectors, setup, isNew, edit }: TilesProps) {
  const choose = (kind: string): void => {
    const source = sourceSchema.parse({ kind })
    // Most of what arrives by itself arrives again: a week is a beginning.
    const schedule = kind === 'upload' ? null : (setup.schedule ?? (isNew ? weekly : null))
    const after = kind === 'upload' ? { after: null, staged: null } : {}
    edit({ setup: { source, schedule, ...after } })
  }
  return (
    <Radio.Group label="Records come from" value={setup.source.kind} onChange={choose}>
      <SimpleGrid cols={{ base: 1, sm: 3 }} mt={6}>
        {connectors.map(({ kind, title, summary }) => (
          <Choice
            key={kind}
            value={kind}
            title={title}
            icon={icons[kind] ?? IconPlugConnected}
            chosen={kind === setup.source.kind}
          >
            {summary}
          </Choice>
        ))}
      </SimpleGrid>
    </Radio.Group>
  )
}

function HowOften({ setup, edit }: { readonly setup: JobSetup; readonly edit: OfDraft['draft']['edit'] }) {
  if (setup.source.kind === 'upload')
    return (
      <Text c="dimmed" size="sm">
        Files given by hand are imported once: a job of this kind has no schedule.
      </Text>
    )
  const arrives = setup.source.kind === 'folder' && setup.source.onArrival
  const again = setup.schedule !== null || setup.after !== null || arrives
  const choose = (value: string): void => {
    if (value === 'again') return edit({ setup: { schedule: weekly } })
    const source = setup.source.kind === 'folder' ? { ...setup.source, onArrival: false } : setup.source
    edit({ setup: { schedule: null, after: null, source } })
  }
  return (
    <Radio.Group label="It runs" value={again ? 'again' : 'once'} onChange={choose}>
      <SimpleGrid cols={{ base: 1, sm: 2 }} mt={6}>
        <Choice value="again" title="Again and again" chosen={again}>
          On a schedule, after another job, or whenever a file arrives.
        </Choice>
        <Choice value="once" title="Once" chosen={!again}>
          When it is switched on; you can run it again by hand.
        </Choice>
      </SimpleGrid>
    </Radio.Group>
  )
}

function More({ draft: { setup, edit }, faults }: OfDraft) {
  return (
    <Accordion variant="separated" multiple>
      <Fold
        value="more"
        title="Description and lane"
        said={setup.lane === 'main' ? '' : `lane ${setup.lane}`}
        faulty={faults['lane'] !== undefined || faults['description'] !== undefined}
      >
        <Textarea
          label="Description"
          description="For those who look at it later."
          autosize
          minRows={2}
          maxRows={8}
          value={setup.description}
          error={faults['description']}
          onChange={({ currentTarget }) => edit({ setup: { description: currentTarget.value } })}
        />
        <TextInput
          label="Lane"
          description="Runs of one lane go one after another; jobs in different lanes do not wait for each other."
          maw={320}
          value={setup.lane}
          error={faults['lane']}
          onChange={({ currentTarget }) => edit({ setup: { lane: currentTarget.value } })}
        />
      </Fold>
    </Accordion>
  )
}
