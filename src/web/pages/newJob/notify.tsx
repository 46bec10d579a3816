// Whom the job tells of what.
import { NativeSelect, Paper, SimpleGrid, Stack, Switch, TagsInput, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getWebhooksOptions } from '../../../client/@tanstack/react-query.gen.ts'
import type { Notify } from '../../../core/setup/policies.ts'
import { useMay, useNamespace } from '../../lib/place.ts'
import { Count } from './limits.tsx'
import type { OfDraft } from './stepProps.ts'

export function NotifyFields({ draft: { setup, edit }, faults }: OfDraft) {
  const namespace = useNamespace()
  const maySee = useMay('settings')
  const webhooks = useQuery({ ...getWebhooksOptions({ path: { namespace } }), enabled: maySee })
  const { notify } = setup
  const set = (more: Partial<Notify>): void => edit({ setup: { notify: { ...notify, ...more } } })
  const told = notify.emails.length > 0 || notify.webhooks.length > 0
  const wrong = Object.entries(faults).find(([name]) => name.startsWith('notify.emails'))?.[1]
  return (
    <Paper withBorder p="md">
      <Stack>
        <Text fw={600}>Messages</Text>
        <TagsInput
          label="E-mail addresses"
          description="Enter after each. Without any, nobody is told by this job."
          placeholder={notify.emails.length === 0 ? 'ada@example.com' : undefined}
          value={notify.emails}
          error={wrong}
          acceptValueOnBlur
          onChange={(emails) => set({ emails })}
        />
        {(notify.webhooks.length > 0 || (webhooks.data?.webhooks.length ?? 0) > 0) && (
          <TagsInput
            label="Webhooks"
            description="Made under Settings, Notifications."
            data={webhooks.data?.webhooks.map(({ name }) => name) ?? []}
            value={notify.webhooks}
            onChange={(names) => set({ webhooks: names })}
          />
        )}
        {told && <When notify={notify} set={set} faults={faults} />}
      </Stack>
    </Paper>
  )
}

interface WhenProps extends Pick<OfDraft, 'faults'> {
  readonly notify: Notify
  readonly set: (more: Partial<Notify>) => void
}

function When({ notify, set, faults }: WhenProps) {
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      <NativeSelect
        label="They are told"
        data={[
          { value: 'health', label: 'once when it begins to fail, once when it is well again' },
          { value: 'failures', label: 'of every run that fails or is held' },
          { value: 'each_run', label: 'of every run' },
        ]}
        value={notify.when}
        onChange={({ currentTarget }) => set({ when: currentTarget.value as Notify['when'] })}
      />
      <Count
        label="Also when more records fail than, in percent"
        off="no"
        value={notify.failedOverPercent}
        fault={faults['notify.failedOverPercent']}
        onChange={(failedOverPercent) => set({ failedOverPercent })}
      />
      <Switch
        label="One message a day instead of many"
        checked={notify.digestAt !== null}
        onChange={({ currentTarget }) => set({ digestAt: currentTarget.checked ? '07:00' : null })}
      />
      {notify.digestAt !== null && (
        <TextInput
          type="time"
          label="At"
          value={notify.digestAt}
          error={faults['notify.digestAt']}
          onChange={({ currentTarget }) => set({ digestAt: currentTarget.value })}
        />
      )}
    </SimpleGrid>
  )
}
