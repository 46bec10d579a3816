// What happens to a cell before it is read, one step after the other.
import {
  ActionIcon,
  Group,
  MultiSelect,
  NativeSelect,
  NumberInput,
  Paper,
  Select,
  Stack,
  Switch,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import type { Step } from '../../../core/transform/stepSchema.ts'
import { formOf, stepForms, valueOf, withValue, type StepField } from './stepForms.ts'

interface StepListProps {
  readonly steps: readonly Step[]
  readonly columns: readonly string[]
  readonly onChange: (steps: Step[]) => void
}

export function StepList({ steps, columns, onChange }: StepListProps) {
  const set = (at: number, step: Step): void => onChange(steps.map((one, i) => (i === at ? step : one)))
  const move = (from: number, to: number): void => {
    const next = [...steps]
    next.splice(to, 0, ...next.splice(from, 1))
    onChange(next)
  }
  return (
    <Stack gap="xs">
      {steps.map((step, at) => (
        <Paper key={at} withBorder p="sm" radius="md">
          <Group justify="space-between" mb={formOf(step).fields.length > 0 ? 6 : 0}>
            <Text size="sm" fw={600}>
              {at + 1}. {formOf(step).label}
            </Text>
            <Group gap={2}>
              <Act label="Move up" disabled={at === 0} act={() => move(at, at - 1)} icon={IconArrowUp} />
              <Act
                label="Move down"
                disabled={at === steps.length - 1}
                act={() => move(at, at + 1)}
                icon={IconArrowDown}
              />
              <Act
                label="Remove the step"
                act={() => onChange(steps.filter((_, i) => i !== at))}
                icon={IconX}
              />
            </Group>
          </Group>
          <StepFields step={step} columns={columns} onChange={(next) => set(at, next)} />
        </Paper>
      ))}
      <NativeSelect
        aria-label="Add a step"
        maw={320}
        size="sm"
        value=""
        data={[
          { value: '', label: 'Add a step …' },
          ...Object.entries(stepForms).map(([value, { label }]) => ({ value, label })),
        ]}
        onChange={({ currentTarget: { value } }) => {
          const form = stepForms[value]
          if (form !== undefined) onChange([...steps, form.first])
        }}
      />
    </Stack>
  )
}

interface ActProps {
  readonly label: string
  readonly disabled?: boolean
  readonly act: () => void
  readonly icon: typeof IconX
}

function Act({ label, disabled = false, act, icon: Icon }: ActProps) {
  return (
    <ActionIcon variant="subtle" color="gray" aria-label={label} disabled={disabled} onClick={act}>
      <Icon size={16} aria-hidden />
    </ActionIcon>
  )
}

interface StepFieldsProps {
  readonly step: Step
  readonly columns: readonly string[]
  readonly onChange: (step: Step) => void
}

/** The fields of one step. */
export function StepFields({ step, columns, onChange }: StepFieldsProps) {
  const form = formOf(step)
  return (
    <Group gap="md" align="flex-start" grow={form.fields.length > 1} preventGrowOverflow={false}>
      {form.fields.map((field) => (
        <Field
          key={field.label}
          field={field}
          value={valueOf(step, form, field)}
          columns={columns}
          onChange={(value) => onChange(withValue(step, form, field, value))}
        />
      ))}
    </Group>
  )
}

interface FieldProps {
  readonly field: StepField
  readonly value: unknown
  readonly columns: readonly string[]
  readonly onChange: (value: unknown) => void
}

function Field({ field, value, columns, onChange }: FieldProps) {
  const { kind, label, help: description } = field
  const said = typeof value === 'string' ? value : ''
  const about = { label, description, inputWrapperOrder: ['label', 'input', 'description', 'error'] as never }
  switch (kind) {
    case 'choice':
      return (
        <NativeSelect
          {...about}
          data={Object.entries(field.choices ?? {}).map(([key, words]) => ({ value: key, label: words }))}
          value={said}
          onChange={({ currentTarget }) => onChange(currentTarget.value)}
        />
      )
    case 'number':
      return <NumberInput {...about} value={typeof value === 'number' ? value : ''} onChange={onChange} />
    case 'switch':
      return (
        <Switch
          label={label}
          mt={30}
          checked={value === true}
          onChange={({ currentTarget }) => onChange(currentTarget.checked)}
        />
      )
    case 'column':
    case 'columns':
      return <ColumnsField {...{ field, value, columns, onChange }} about={about} />
    case 'table':
      return (
        <TableField
          about={about}
          table={(value ?? {}) as Readonly<Record<string, string>>}
          onChange={onChange}
        />
      )
    case 'expression':
      return (
        <Textarea
          {...about}
          autosize
          minRows={1}
          classNames={{ input: 'code' }}
          value={said}
          onChange={({ currentTarget }) => onChange(currentTarget.value)}
        />
      )
    case 'text':
      return (
        <TextInput {...about} value={said} onChange={({ currentTarget }) => onChange(currentTarget.value)} />
      )
  }
}

function ColumnsField({ field, value, columns, onChange, about }: FieldProps & { readonly about: object }) {
  if (field.kind === 'column')
    return (
      <Select
        {...about}
        searchable
        data={columns}
        value={typeof value === 'string' && value !== '' ? value : null}
        onChange={(next) => onChange(next ?? '')}
      />
    )
  return (
    <MultiSelect
      {...about}
      searchable
      data={columns}
      value={Array.isArray(value) ? (value as string[]) : []}
      onChange={onChange}
    />
  )
}

interface TableFieldProps {
  readonly about: object
  readonly table: Readonly<Record<string, string>>
  readonly onChange: (table: Record<string, string>) => void
}

/** Lines such as `AT = Austria`; what is being typed stays as it is. */
function TableField({ about, table, onChange }: TableFieldProps) {
  const [text, setText] = useState(() =>
    Object.entries(table)
      .map(([from, to]) => `${from} = ${to}`)
      .join('\n'),
  )
  const type = (next: string): void => {
    setText(next)
    const lines = next.split('\n').filter((line) => line.includes('='))
    onChange(
      Object.fromEntries(
        lines.map((line) => {
          const at = line.indexOf('=')
          return [line.slice(0, at).trim(), line.slice(at + 1).trim()]
        }),
      ),
    )
  }
  return (
    <Textarea
      {...about}
      autosize
      minRows={3}
      maxRows={10}
      value={text}
      onChange={({ currentTarget }) => type(currentTarget.value)}
    />
  )
}
