// Sign-in with e-mail and password, and what to do when it is forgotten.
import { Anchor, Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { postPasswordResetMutation, postSignInMutation } from '../../../client/@tanstack/react-query.gen.ts'
import { ProblemAlert } from '../../parts/problem.tsx'
import { Frame } from './frame.tsx'

/** Where one wanted to go; only an address of this app. */
function wanted(): string {
  const to = new URLSearchParams(window.location.search).get('to') ?? '/'
  return /^\/(?![/\\])/.test(to) ? to : '/'
}

export function SignInPage() {
  const [forgotten, setForgotten] = useState(false)
  return (
    <Frame title={forgotten ? 'Choose another password' : 'Sign in'}>
      {forgotten ? <Forgotten /> : <SignIn />}
      <Anchor component="button" type="button" size="sm" onClick={() => setForgotten(!forgotten)}>
        {forgotten ? 'Back to sign-in' : 'Password forgotten?'}
      </Anchor>
    </Frame>
  )
}

function SignIn() {
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const signIn = useMutation({
    ...postSignInMutation(),
    onSuccess: () => window.location.assign(wanted()),
  })
  const submit = (submitted: FormEvent): void => {
    submitted.preventDefault()
    signIn.mutate({ body: { email, password } })
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="E-mail"
          type="email"
          autoComplete="username"
          required
          value={email}
          onChange={({ currentTarget }) => setEmail(currentTarget.value)}
        />
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          required
          value={password}
          onChange={({ currentTarget }) => setPassword(currentTarget.value)}
        />
        {signIn.error !== null && <ProblemAlert error={signIn.error} />}
        <Button type="submit" loading={signIn.isPending}>
          Sign in
        </Button>
      </Stack>
    </form>
  )
}

function Forgotten() {
  const [email, setEmail] = useState('')
  const reset = useMutation(postPasswordResetMutation())
  const submit = (submitted: FormEvent): void => {
    submitted.preventDefault()
    reset.mutate({ body: { email } })
  }
  if (reset.isSuccess)
    return (
      <Text role="status">
        If somebody signs in with this address here, a link to choose another password is on its way to it.
      </Text>
    )
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="E-mail"
          type="email"
          autoComplete="username"
          required
          value={email}
          onChange={({ currentTarget }) => setEmail(currentTarget.value)}
        />
        {reset.error !== null && <ProblemAlert error={reset.error} />}
        <Button type="submit" loading={reset.isPending}>
          Send me a link
        </Button>
      </Stack>
    </form>
  )
}
