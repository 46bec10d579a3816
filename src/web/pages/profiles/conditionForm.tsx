// One condition on an attribute or a kind of identifier.
import { Button, NativeSelect, Select, Stack, TextInput } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import type { AttributesView } from '../../../client/index.ts'
import { asksOf, questions, writeCondition, type Ask } from './conditions.ts'

interface ConditionFormProps {
  readonly catalogue: AttributesView
  readonly add: (condition: string) => void
}

export function ConditionForm({ catalogue: { attributes, identifiers }, add }: ConditionFormProps) {
  const [key, setKey] = useState<string | null>(null)
  const [ask, setAsk] = useState<Ask>('is')
  const [value, setValue] = useState('')
  const type = attributes.find((one) => one.key === key)?.type ?? 'identifier'
  const asks = asksOf(type)
  const asked = asks.includes(ask) ? ask : asks[0]!
  const question = questions.find((one) => one.ask === asked)!
  const submit = (submitted: FormEvent): void => {
    submitted.preventDefault()
    if (key === null) return
    add(writeCondition({ key, operator: question.operator, value: question.value ? value.trim() : '' }))
  }
  const kinds = identifiers.map(({ kind, label }) => ({ value: kind, label }))
  const fields = attributes.map((one) => ({ value: one.key, label: one.label }))
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Select
          label="Attribute or identifier"
          placeholder="Choose one"
          searchable
          data={[
            {
              group: 'Identifiers',
              items: kinds.filter((one) => fields.every((field) => field.value !== one.value)),
            },
            { group: 'Attributes', items: fields },
          ]}
          value={key}
          onChange={setKey}
          comboboxProps={{ withinPortal: false }}
          maxDropdownHeight={260}
          required
        />
        <NativeSelect
          label="Condition"
          data={[...asks]}
          value={asked}
          onChange={({ currentTarget }) => setAsk(currentTarget.value as Ask)}
        />
        {question.value && (
          <TextInput
            label="Value"
            value={value}
            type={type === 'date' ? 'date' : 'text'}
            inputMode={type === 'integer' || type === 'number' ? 'decimal' : undefined}
            description={type === 'boolean' ? 'true or false' : undefined}
            onChange={({ currentTarget }) => setValue(currentTarget.value)}
            required
          />
        )}
        <Button type="submit" disabled={key === null}>
          Add
        </Button>
      </Stack>
    </form>
  )
}
