// What holds for the whole namespace: its name for people, its time zone, its words, its quota.
import { Autocomplete, NativeSelect, NumberInput, Progress, Stack, Text, TextInput } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import type { SettingsView } from '../../../client/index.ts'
import type { ApprovalMode } from '../../../core/approval.ts'
import { dialectNames, type VendorDialect } from '../../../core/namespaceSettings.ts'
import { isZone } from '../../../core/setup/times.ts'
import { wordsOf } from '../../../core/vendorDialects.ts'
import { count, percent } from '../../lib/numbers.ts'
import { useMay } from '../../lib/place.ts'
import { Loaded } from '../../parts/loaded.tsx'
import { Section } from '../../parts/section.tsx'
import { When } from '../../parts/when.tsx'
import { ReadOnly, SaveBar } from './saveBar.tsx'
import { useSave, useSettings, type Looked } from './useSettings.ts'
import { Words } from './words.tsx'

export function General() {
  const settings = useSettings()
  return (
    <Loaded query={settings} lines={6}>
      {(looked) => (
        <Stack gap="lg">
          <Names looked={looked} />
          <Quota looked={looked} />
          <FourEyes looked={looked} />
        </Stack>
      )}
    </Loaded>
  )
}

const zones = Intl.supportedValuesOf('timeZone')

interface OfLooked {
  readonly looked: Looked
}

function Names({ looked: { view, tag } }: OfLooked) {
  const may = useMay('settings')
  const { label, zone, dialect } = view.settings
  const kept = { label, zone, dialect }
  const [typed, setTyped] = useState<Partial<typeof kept>>({})
  const now = { ...kept, ...typed }
  const save = useSave(tag)
  const changed = JSON.stringify(now) !== JSON.stringify(kept)
  const submit = (submitted: FormEvent): void => {
    submitted.preventDefault()
    save.mutate(typed, { onSuccess: () => setTyped({}) })
  }
  return (
    <Section title="Name, time and words">
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label="Name for people"
            description={`Shown instead of ${view.namespace}, which stays in addresses and commands.`}
            placeholder={view.namespace}
            maxLength={60}
            maw={460}
            disabled={!may}
            value={now.label}
            onChange={({ currentTarget }) => setTyped({ ...typed, label: currentTarget.value })}
          />
          <Autocomplete
            label="Time zone"
            description="Of schedules that name none, and of the month of the quota."
            data={zones}
            limit={30}
            maw={460}
            disabled={!may}
            error={isZone(now.zone) ? undefined : 'A time zone such as Europe/Vienna'}
            value={now.zone}
            onChange={(next) => setTyped({ ...typed, zone: next })}
          />
          <NativeSelect
            label="Words"
            description="States and numbers are shown in the words of the product you come from, beside ours."
            data={dialectNames.map((value) => ({ value, label: wordsOf(value)?.title ?? 'Sluice' }))}
            maw={460}
            disabled={!may}
            value={now.dialect}
            onChange={({ currentTarget }) =>
              setTyped({ ...typed, dialect: currentTarget.value as VendorDialect })
            }
          />
          <Words dialect={now.dialect} />
          {may ? (
            <SaveBar changed={changed} saving={save} saved="Saved." discard={() => setTyped({})} />
          ) : (
            <ReadOnly />
          )}
        </Stack>
      </form>
    </Section>
  )
}

function Quota({ looked: { view, tag } }: OfLooked) {
  const may = useMay('settings')
  const [typed, setTyped] = useState<number | null | undefined>(undefined)
  const now = typed === undefined ? view.settings.quota : typed
  const save = useSave(tag)
  const submit = (submitted: FormEvent): void => {
    submitted.preventDefault()
    save.mutate({ quota: now }, { onSuccess: () => setTyped(undefined) })
  }
  return (
    <Section
      title="Quota"
      about="Records accepted in a calendar month. When it is used up, a run stops there and its job is halted; with the next month or a larger quota it goes on where it stopped."
    >
      {view.use !== null && <Use use={view.use} />}
      <form onSubmit={submit}>
        <Stack>
          <NumberInput
            label="Records a month"
            placeholder="no limit"
            description="Empty: no limit."
            min={1}
            allowDecimal={false}
            thousandSeparator=" "
            maw={260}
            disabled={!may}
            value={now ?? ''}
            onChange={(next) => setTyped(typeof next === 'number' ? next : null)}
          />
          {may ? (
            <SaveBar
              changed={now !== view.settings.quota}
              saving={save}
              saved={now === null ? 'Saved: no limit.' : `Saved: ${count(now)} records a month.`}
              discard={() => setTyped(undefined)}
            />
          ) : (
            <ReadOnly />
          )}
        </Stack>
      </form>
    </Section>
  )
}

const approvals: readonly (readonly [mode: ApprovalMode, label: string])[] = [
  ['none', 'Nothing, unless a job asks for it'],
  ['changes', 'Switching a job on, changing it, releasing a held run'],
  ['every_run', 'That, and every run before it writes'],
]

function FourEyes({ looked: { view, tag } }: OfLooked) {
  const may = useMay('settings')
  const kept = view.settings.approval
  const [typed, setTyped] = useState<ApprovalMode>()
  const save = useSave(tag)
  const submit = (submitted: FormEvent): void => {
    submitted.preventDefault()
    save.mutate({ approval: typed ?? kept }, { onSuccess: () => setTyped(undefined) })
  }
  return (
    <Section
      title="Four eyes"
      about="What somebody else than who asked for it has to approve, for every job here. A job that asks for more keeps that."
    >
      <form onSubmit={submit}>
        <Stack>
          <NativeSelect
            label="Needs somebody else"
            data={approvals.map(([value, label]) => ({ value, label }))}
            maw={460}
            disabled={!may}
            value={typed ?? kept}
            onChange={({ currentTarget }) => setTyped(currentTarget.value as ApprovalMode)}
          />
          {may ? (
            <SaveBar
              changed={typed !== undefined && typed !== kept}
              saving={save}
              saved="Saved."
              discard={() => setTyped(undefined)}
            />
          ) : (
            <ReadOnly />
          )}
        </Stack>
      </form>
    </Section>
  )
}

function Use({ use: { used, quota, until } }: { readonly use: NonNullable<SettingsView['use']> }) {
  const share = Math.min(1, used / quota)
  return (
    <div>
      <Text size="sm" mb={6}>
        <span className="numbers">{count(used)}</span> of <span className="numbers">{count(quota)}</span>{' '}
        records used this month ({percent(used / quota)}); it begins anew <When at={until} />.
      </Text>
      <Progress
        value={share * 100}
        color={share >= 0.9 ? 'orange' : undefined}
        aria-label={`${percent(used / quota)} of the quota used`}
      />
    </div>
  )
}
