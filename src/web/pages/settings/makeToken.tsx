// Making a token: what it is for, what it may do, and for how long.
import { Button, Checkbox, Group, NativeSelect, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { postTokens } from '../../../client/index.ts'
import { grantable, rights, type Right } from '../../../core/access.ts'
import { useMe, useNamespace } from '../../lib/place.ts'
import { Once } from '../../parts/once.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { Section } from '../../parts/section.tsx'

const spans = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'a year' },
  { value: 'never', label: 'until it is revoked' },
]

function daysOf(span: string): number | null {
  return span === 'never' ? null : Number(span)
}

export function MakeToken() {
  const namespace = useNamespace()
  const queries = useQueryClient()
  const [name, setName] = useState('')
  const [given, setGiven] = useState<string[]>(['view', 'import'])
  const [span, setSpan] = useState('90')
  const make = useMutation({
    mutationFn: async () => {
      const body = { name, rights: given as Right[], days: daysOf(span) }
      return (await postTokens({ path: { namespace }, body })).data
    },
    onSuccess: () => {
      setName('')
      void queries.invalidateQueries()
    },
  })
  const submit = (submitted: FormEvent): void => {
    submitted.preventDefault()
    make.mutate()
  }
  return (
    <Section title="Make a token" about="For a program that talks to the API. It never may more than you.">
      {make.data !== undefined && (
        <Once title={`The token ${make.data.name} is made`} value={make.data.token} done={make.reset}>
          Copy it now: it is kept only as a fingerprint and never shown again. Programs send it as{' '}
          <span className="code">Authorization: Bearer …</span>
        </Once>
      )}
      <form onSubmit={submit}>
        <Stack>
          <NameAndSpan name={name} setName={setName} span={span} setSpan={setSpan} />
          <RightsField value={given} onChange={setGiven} />
          {make.error !== null && <ProblemAlert error={make.error} />}
          <Button
            type="submit"
            loading={make.isPending}
            disabled={given.length === 0}
            style={{ alignSelf: 'start' }}
          >
            Make the token
          </Button>
        </Stack>
      </form>
    </Section>
  )
}

interface NameProps {
  readonly name: string
  readonly setName: (name: string) => void
  readonly span: string
  readonly setSpan: (span: string) => void
}

function NameAndSpan({ name, setName, span, setSpan }: NameProps) {
  return (
    <Group align="flex-end" gap="sm">
      <TextInput
        label="Name"
        description="Letters, digits, dots, dashes, underscores."
        placeholder="nightly-export"
        required
        maxLength={60}
        flex="1 1 240px"
        value={name}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      <NativeSelect
        label="Holds for"
        w={200}
        data={spans}
        value={span}
        onChange={({ currentTarget }) => setSpan(currentTarget.value)}
      />
    </Group>
  )
}

interface RightsProps {
  readonly value: string[]
  readonly onChange: (value: string[]) => void
}

function RightsField({ value, onChange }: RightsProps) {
  const namespace = useNamespace()
  const { data: me } = useMe()
  const own = me?.namespaces.find((one) => one.namespace === namespace)?.rights ?? []
  return (
    <Checkbox.Group label="It may" value={value} onChange={onChange}>
      <SimpleGrid cols={{ base: 1, sm: 2 }} mt="xs" spacing="sm">
        {grantable(own).map((right) => (
          <Checkbox key={right} value={right} label={rights[right].label} description={rights[right].doc} />
        ))}
      </SimpleGrid>
    </Checkbox.Group>
  )
}
