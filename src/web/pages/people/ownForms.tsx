// What one changes of oneself: name, e-mail address, password.
import { Button, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { patchMe, postMeEmail, postMePassword, type EmailChange } from '../../../client/index.ts'
import { ProblemAlert } from '../../parts/problem.tsx'
import { Section } from '../../parts/section.tsx'

export function NameForm({ name: kept }: { readonly name: string }) {
  const queries = useQueryClient()
  const [name, setName] = useState(kept)
  const save = useMutation({
    mutationFn: () => patchMe({ body: { name } }),
    onSuccess: () => queries.invalidateQueries(),
  })
  const submit = (submitted: FormEvent): void => {
    submitted.preventDefault()
    save.mutate()
  }
  return (
    <Section title="Name">
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Group align="flex-end" gap="sm">
            <TextInput
              label="As others see you"
              autoComplete="name"
              required
              maxLength={100}
              flex="1 1 240px"
              maw={420}
              value={name}
              onChange={({ currentTarget }) => setName(currentTarget.value)}
            />
            <Button type="submit" disabled={name.trim() === kept} loading={save.isPending}>
              Save
            </Button>
          </Group>
          {save.error !== null && <ProblemAlert error={save.error} />}
          <Said text={save.isSuccess ? 'Saved.' : ''} />
        </Stack>
      </form>
    </Section>
  )
}

function Said({ text }: { readonly text: string }) {
  return (
    <Text size="sm" c="dimmed" role="status" style={{ display: text === '' ? 'none' : undefined }}>
      {text}
    </Text>
  )
}

function answerOf({ email, mailed }: EmailChange): string {
  if (mailed) return 'A link is on its way to the other address; opening it makes the change.'
  return `You now sign in as ${email}.`
}

interface EmailProps {
  readonly email: string
  readonly hasPassword: boolean
}

export function EmailForm({ email: kept, hasPassword }: EmailProps) {
  const queries = useQueryClient()
  const [typed, setTyped] = useState({ email: '', password: '' })
  const save = useMutation({
    mutationFn: async () => (await postMeEmail({ body: typed })).data,
    onSuccess: () => {
      setTyped({ email: '', password: '' })
      return queries.invalidateQueries()
    },
  })
  const submit = (submitted: FormEvent): void => {
    submitted.preventDefault()
    save.mutate()
  }
  const { data } = save
  return (
    <Section
      title="E-mail"
      about={
        <>
          You sign in as <b>{kept}</b>.
        </>
      }
    >
      {hasPassword && (
        <form onSubmit={submit}>
          <Stack gap="sm">
            <Group align="flex-end" gap="sm">
              <TextInput
                label="Another address"
                type="email"
                required
                flex="1 1 240px"
                value={typed.email}
                onChange={({ currentTarget }) => setTyped({ ...typed, email: currentTarget.value })}
              />
              <PasswordInput
                label="Your password"
                autoComplete="current-password"
                required
                flex="1 1 200px"
                value={typed.password}
                onChange={({ currentTarget }) => setTyped({ ...typed, password: currentTarget.value })}
              />
              <Button type="submit" variant="default" loading={save.isPending}>
                Change it
              </Button>
            </Group>
            {save.error !== null && <ProblemAlert error={save.error} />}
            <Said text={data === undefined ? '' : answerOf(data)} />
          </Stack>
        </form>
      )}
    </Section>
  )
}

export function PasswordForm({ email }: { readonly email: string }) {
  const queries = useQueryClient()
  const [typed, setTyped] = useState({ current: '', password: '' })
  const save = useMutation({
    mutationFn: () => postMePassword({ body: typed }),
    onSuccess: () => {
      setTyped({ current: '', password: '' })
      return queries.invalidateQueries()
    },
  })
  const submit = (submitted: FormEvent): void => {
    submitted.preventDefault()
    save.mutate()
  }
  return (
    <Section title="Password" about="Every other session of yours ends when you change it.">
      <form onSubmit={submit}>
        <Stack gap="sm">
          <input type="hidden" autoComplete="username" value={email} readOnly />
          <Group align="flex-start" gap="sm">
            <PasswordInput
              label="Now"
              autoComplete="current-password"
              required
              flex="1 1 220px"
              value={typed.current}
              onChange={({ currentTarget }) => setTyped({ ...typed, current: currentTarget.value })}
            />
            <PasswordInput
              label="New password"
              description="12 characters or more; several words are easy to remember."
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              autoComplete="new-password"
              required
              flex="1 1 220px"
              value={typed.password}
              onChange={({ currentTarget }) => setTyped({ ...typed, password: currentTarget.value })}
            />
          </Group>
          {save.error !== null && <ProblemAlert error={save.error} />}
          <Group>
            <Button type="submit" variant="default" loading={save.isPending}>
              Change the password
            </Button>
            <Said text={save.isSuccess ? 'Changed. Other browsers are signed out.' : ''} />
          </Group>
        </Stack>
      </form>
    </Section>
  )
}
