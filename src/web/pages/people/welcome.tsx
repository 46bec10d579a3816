// Where one-time links lead: the first admin, an invitation, another password.
import { Button, PasswordInput, Skeleton, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { postLinksUseMutation } from '../../../client/@tanstack/react-query.gen.ts'
import { postLinksLook, type PostLinksLookResponse } from '../../../client/index.ts'
import { GoButton } from '../../parts/go.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { Frame } from './frame.tsx'

export function WelcomePage() {
  // The key stands behind the #, which browsers never send by themselves.
  const [key] = useState(() => window.location.hash.slice(1))
  const link = useQuery({
    queryKey: ['link', key],
    queryFn: async () => (await postLinksLook({ body: { key } })).data,
    enabled: key !== '',
    retry: false,
  })
  if (key === '')
    return (
      <Frame title="Welcome">
        <Text>
          This page is opened by a one-time link. <code>sluice user link</code> makes one for the first admin.
        </Text>
      </Frame>
    )
  return (
    <Frame title="Welcome to Sluice">
      {link.error !== null && <ProblemAlert error={link.error} />}
      {link.isPending && <Skeleton height={160} />}
      {link.data !== undefined && <Answer link={link.data} linkKey={key} />}
    </Frame>
  )
}

function purposeOf({ kind, email, namespace, role }: PostLinksLookResponse): string {
  if (kind === 'first_admin') return 'You will be the first admin of this Sluice. Say who you are.'
  if (kind === 'email') return `From now on ${email} is the address you sign in with.`
  if (kind === 'reset') return `Choose another password for ${email}.`
  return `${email} is invited${namespace === null ? '' : ` to ${namespace} as ${role}`}.`
}

interface AnswerProps {
  readonly link: PostLinksLookResponse
  readonly linkKey: string
}

function Answer({ link, linkKey }: AnswerProps) {
  const use = useMutation({
    ...postLinksUseMutation(),
    onSuccess: ({ signedIn }) => {
      // A used link is of no use in the history.
      window.history.replaceState(null, '', '/welcome')
      if (signedIn) window.location.assign('/')
    },
  })
  const submit = (submitted: FormEvent<HTMLFormElement>): void => {
    submitted.preventDefault()
    const given = Object.fromEntries(new FormData(submitted.currentTarget)) as Record<string, string>
    use.mutate({ body: { key: linkKey, ...given } })
  }
  if (use.isSuccess)
    return (
      <Stack>
        <Text role="status">Done. Sign in as {use.data.email} with the password you have.</Text>
        <GoButton to="/sign-in">Sign in</GoButton>
      </Stack>
    )
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text>{purposeOf(link)}</Text>
        {link.kind === 'first_admin' && (
          <TextInput name="email" label="E-mail" type="email" autoComplete="username" required />
        )}
        {link.kind !== 'reset' && link.kind !== 'email' && !link.known && (
          <TextInput name="name" label="Name" autoComplete="name" required />
        )}
        {!link.known && link.kind !== 'email' && (
          <PasswordInput
            name="password"
            label="Password"
            description="12 characters or more; several words are easy to remember."
            autoComplete="new-password"
            required
          />
        )}
        {use.error !== null && <ProblemAlert error={use.error} />}
        <Button type="submit" loading={use.isPending}>
          {link.kind === 'reset' ? 'Choose this password' : link.kind === 'email' ? 'Confirm' : 'Join'}
        </Button>
      </Stack>
    </form>
  )
}
