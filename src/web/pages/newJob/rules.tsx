// How the job writes, what it does about failures, and whom it tells. The defaults fit most jobs, so most of it is folded away.
import { Accordion, NativeSelect, Radio, SimpleGrid, Stack, Switch, Text } from '@mantine/core'
import type { ApprovalMode } from '../../../core/approval.ts'
import type { ColumnMapping, WritePolicy } from '../../../core/mapping.ts'
import { Choice, Fold } from './choice.tsx'
import { BreakerFold, FailureFold, RetryFold, StagedFold } from './limits.tsx'
import { NotifyFields } from './notify.tsx'
import type { OfDraft } from './stepProps.ts'
import { ThresholdsFold } from './thresholds.tsx'

const modes: readonly (readonly [WritePolicy['mode'], string, string])[] = [
  ['upsert', 'Make new people, update those there are', 'What fits most files.'],
  ['create_only', 'Only make new people', 'Those there are stay as they are.'],
  ['update_only', 'Only update people there are', 'Nobody new is made.'],
  ['mirror', 'Keep the same people as the file', 'Who was delivered before and is missing is deleted.'],
  ['delete', 'Delete everybody in the file', 'For requests to be forgotten.'],
]

export function RulesStep({ draft, faults }: OfDraft) {
  const { definition, edit } = draft
  const { policy } = definition
  const set = (more: Partial<WritePolicy>): void => edit({ definition: { policy: { ...policy, ...more } } })
  return (
    <Stack gap="lg" maw={960}>
      <Radio.Group
        label="What is done with the records"
        value={policy.mode}
        onChange={(mode) => set({ mode: mode })}
      >
        <SimpleGrid cols={{ base: 1, sm: 2, md: 3 }} mt={6}>
          {modes.map(([mode, title, about]) => (
            <Choice key={mode} value={mode} title={title} chosen={policy.mode === mode}>
              {about}
            </Choice>
          ))}
        </SimpleGrid>
      </Radio.Group>
      <NotifyFields draft={draft} faults={faults} />
      <Accordion variant="separated" multiple>
        <WritingFold draft={draft} />
        <FailureFold draft={draft} faults={faults} />
        <BreakerFold draft={draft} faults={faults} />
        {draft.setup.source.kind !== 'upload' && <StagedFold draft={draft} faults={faults} />}
        <RetryFold draft={draft} faults={faults} />
        <ThresholdsFold draft={draft} faults={faults} />
        <ApprovalFold draft={draft} />
      </Accordion>
    </Stack>
  )
}

function WritingFold({ draft }: Pick<OfDraft, 'draft'>) {
  const { definition, setup, edit } = draft
  const { policy, mapping } = definition
  const set = (more: Partial<WritePolicy>): void => edit({ definition: { policy: { ...policy, ...more } } })
  const blanks = [...new Set(attributesOf(mapping.columns).map(({ blank }) => blank))]
  const blank = blanks.length === 1 ? blanks[0]! : ''
  const setBlank = (next: ColumnMapping['blank']): void => {
    const columns = mapping.columns.map((one) =>
      one.target.to === 'attribute' ? { ...one, blank: next } : one,
    )
    edit({ definition: { mapping: { ...mapping, columns } } })
  }
  const changed =
    policy.onSeveral !== 'merge' || policy.duplicates !== 'last' || setup.skipSeen || blank === 'clear'
  return (
    <Fold
      value="writing"
      title="Empty cells, duplicates and lines seen before"
      said={changed ? 'changed' : ''}
    >
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <NativeSelect
          label="An empty cell"
          description="In all columns; each can differ under Columns."
          data={[
            ...(blank === '' ? [{ value: '', label: 'differs by column' }] : []),
            { value: 'ignore', label: 'changes nothing' },
            { value: 'clear', label: 'clears the value' },
            { value: 'reject', label: 'fails the record' },
          ]}
          value={blank}
          disabled={blanks.length === 0}
          onChange={({ currentTarget: { value } }) =>
            value !== '' && setBlank(value as ColumnMapping['blank'])
          }
        />
        <People policy={policy} set={set} />
      </SimpleGrid>
      <Switch
        label="Leave out lines that the last run delivered"
        description="For files that grow: only what is new or different is imported."
        checked={setup.skipSeen}
        onChange={({ currentTarget }) => edit({ setup: { skipSeen: currentTarget.checked } })}
      />
      <Text size="sm" c="dimmed">
        An import never weakens an unsubscribe.
      </Text>
    </Fold>
  )
}

interface PeopleProps {
  readonly policy: WritePolicy
  readonly set: (more: Partial<WritePolicy>) => void
}

function People({ policy, set }: PeopleProps) {
  return (
    <>
      <NativeSelect
        label="A record that fits several people"
        description="Its identifiers belong to different profiles."
        data={[
          { value: 'merge', label: 'merges them' },
          { value: 'highest', label: 'goes to the strongest identifier' },
          { value: 'reject', label: 'fails' },
        ]}
        value={policy.onSeveral}
        onChange={({ currentTarget }) => set({ onSeveral: currentTarget.value as WritePolicy['onSeveral'] })}
      />
      <NativeSelect
        label="Somebody twice in one file"
        data={[
          { value: 'last', label: 'the last row wins' },
          { value: 'first', label: 'the first row wins, the others are skipped' },
        ]}
        value={policy.duplicates}
        onChange={({ currentTarget }) =>
          set({ duplicates: currentTarget.value as WritePolicy['duplicates'] })
        }
      />
    </>
  )
}

const approvals: readonly (readonly [ApprovalMode, string, string])[] = [
  ['none', 'Nobody has to', 'Who may do something does it.'],
  ['changes', 'Changes', 'Somebody else approves switching it on, changing it, and releasing a held run.'],
  ['every_run', 'Changes and every run', 'Besides, each run waits for somebody before it writes.'],
]

function ApprovalFold({ draft: { setup, edit } }: Pick<OfDraft, 'draft'>) {
  const said = approvals.find(([mode]) => mode === setup.approval)?.[1] ?? ''
  return (
    <Fold value="approval" title="What somebody else approves first" said={said.toLowerCase()}>
      <Radio.Group
        aria-label="What somebody else approves first"
        value={setup.approval}
        onChange={(mode) => edit({ setup: { approval: mode } })}
      >
        <Stack gap="xs">
          {approvals.map(([mode, label, about]) => (
            <Radio key={mode} value={mode} label={label} description={about} />
          ))}
        </Stack>
      </Radio.Group>
    </Fold>
  )
}

function attributesOf(columns: readonly ColumnMapping[]): ColumnMapping[] {
  return columns.filter(({ target }) => target.to === 'attribute')
}
