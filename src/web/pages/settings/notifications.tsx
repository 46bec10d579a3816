// Whom the namespace tells of what: defaults for jobs that name nobody, webhooks, and messages that did not arrive.
import { NativeSelect, NumberInput, SimpleGrid, Stack, Switch, TagsInput, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { getWebhooksOptions } from '../../../client/@tanstack/react-query.gen.ts'
import type { Notify } from '../../../core/setup/policies.ts'
import { useMay, useNamespace } from '../../lib/place.ts'
import { Loaded } from '../../parts/loaded.tsx'
import { Section } from '../../parts/section.tsx'
import { Messages } from './messages.tsx'
import { ReadOnly, SaveBar } from './saveBar.tsx'
import { useSave, useSettings, type Looked } from './useSettings.ts'
import { Webhooks } from './webhooks.tsx'

export function Notifications() {
  const settings = useSettings()
  const may = useMay('settings')
  return (
    <Stack gap="lg">
      <Loaded query={settings}>{(looked) => <Defaults looked={looked} />}</Loaded>
      {may && <Webhooks />}
      <Messages />
    </Stack>
  )
}

function Defaults({ looked: { view, tag } }: { readonly looked: Looked }) {
  const may = useMay('settings')
  const kept = view.settings.notify
  const [typed, setTyped] = useState<Partial<Notify>>({})
  const now: Notify = { ...kept, ...typed }
  const save = useSave(tag)
  const submit = (submitted: FormEvent): void => {
    submitted.preventDefault()
    save.mutate({ notify: typed }, { onSuccess: () => setTyped({}) })
  }
  return (
    <Section title="Who is told" about="For jobs that name nobody themselves.">
      <form onSubmit={submit}>
        <Stack>
          <Recipients now={now} may={may} set={(more) => setTyped({ ...typed, ...more })} />
          <Occasions now={now} may={may} set={(more) => setTyped({ ...typed, ...more })} />
          {may ? (
            <SaveBar
              changed={JSON.stringify(now) !== JSON.stringify(kept)}
              saving={save}
              saved="Saved. It holds for the next message."
              discard={() => setTyped({})}
            />
          ) : (
            <ReadOnly />
          )}
        </Stack>
      </form>
    </Section>
  )
}

interface PartProps {
  readonly now: Notify
  readonly may: boolean
  readonly set: (more: Partial<Notify>) => void
}

function Recipients({ now, may, set }: PartProps) {
  const namespace = useNamespace()
  const hooks = useQuery({ ...getWebhooksOptions({ path: { namespace } }), enabled: may })
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      <TagsInput
        label="E-mail addresses"
        description="Enter after each."
        placeholder={now.emails.length === 0 ? 'nobody' : undefined}
        disabled={!may}
        acceptValueOnBlur
        value={now.emails}
        onChange={(emails) => set({ emails })}
      />
      <TagsInput
        label="Webhooks"
        description="By name; they are made below."
        placeholder={now.webhooks.length === 0 ? 'none' : undefined}
        disabled={!may}
        data={hooks.data?.webhooks.map(({ name }) => name) ?? []}
        value={now.webhooks}
        onChange={(webhooks) => set({ webhooks })}
      />
    </SimpleGrid>
  )
}

function Occasions({ now, may, set }: PartProps) {
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      <NativeSelect
        label="They are told"
        disabled={!may}
        data={[
          { value: 'health', label: 'when it begins to fail, and when it is well' },
          { value: 'failures', label: 'of every run that fails or is held' },
          { value: 'each_run', label: 'of every run' },
        ]}
        value={now.when}
        onChange={({ currentTarget }) => set({ when: currentTarget.value as Notify['when'] })}
      />
      <NumberInput
        label="Also when more records fail than"
        placeholder="no"
        suffix=" %"
        min={0}
        max={100}
        disabled={!may}
        value={now.failedOverPercent ?? ''}
        onChange={(next) => set({ failedOverPercent: typeof next === 'number' ? next : null })}
      />
      <Switch
        label="One message a day instead of many"
        disabled={!may}
        checked={now.digestAt !== null}
        onChange={({ currentTarget }) => set({ digestAt: currentTarget.checked ? '07:00' : null })}
      />
      {now.digestAt !== null && (
        <TextInput
          type="time"
          label="At"
          disabled={!may}
          value={now.digestAt}
          onChange={({ currentTarget }) => set({ digestAt: currentTarget.value })}
        />
      )}
    </SimpleGrid>
  )
}
