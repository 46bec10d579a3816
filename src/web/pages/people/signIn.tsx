// Sign-in with e-mail and password, and what to do when it is forgotten.
import { Alert, Anchor, Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import {
  getProblemOptions,
  getSignInOptionsOptions,
  postPasswordResetMutation,
  postSignInCodeMutation,
  postSignInMutation,
} from '../../../client/@tanstack/react-query.gen.ts'
import type { CodeNeeded } from '../../../client/index.ts'
import { adviceHere } from '../../lib/advice.ts'
import { wantedIn } from '../../lib/wanted.ts'
import { ProblemAlert } from '../../parts/problem.tsx'
import { Frame } from './frame.tsx'

/** Into the app as a whole: everything is asked for afresh. */
const enter = (): void => {
  const { search, origin } = window.location
  window.location.assign(wantedIn(new URLSearchParams(search).get('to'), origin))
}

export function SignInPage() {
  const [forgotten, setForgotten] = useState(false)
  const [half, setHalf] = useState<CodeNeeded | null>(null)
  const options = useQuery(getSignInOptionsOptions())
  if (half !== null)
    return (
      <Frame title="One more step">
        <SecondStep half={half} back={() => setHalf(null)} done={enter} />
      </Frame>
    )
  return (
    <Frame title={forgotten ? 'Choose another password' : 'Sign in'}>
      <ComingBack />
      {options.data?.firstAdmin === true && (
        <Text>
          Nobody can sign in yet: open the link that <code>sluice up</code> prints, or that{' '}
          <code>sluice user link</code> makes.
        </Text>
      )}
      {forgotten ? (
        <Forgotten mailed={options.data?.passwordReset !== false} />
      ) : (
        <SignIn needCode={setHalf} done={enter} />
      )}
      {!forgotten && options.data?.signOn != null && (
        <Button component="a" href={options.data.signOn.url} variant="default">
          Sign in with {options.data.signOn.name}
        </Button>
      )}
      <Anchor component="button" type="button" size="sm" onClick={() => setForgotten(!forgotten)}>
        {forgotten ? 'Back to sign-in' : 'Password forgotten?'}
      </Anchor>
    </Frame>
  )
}

interface FormsProps {
  readonly done: () => void
}

/** Signing in without leaving a page; an identity provider opens in a window of its own. */
export function SignInForms({ done }: FormsProps) {
  const [half, setHalf] = useState<CodeNeeded | null>(null)
  const options = useQuery(getSignInOptionsOptions())
  if (half !== null) return <SecondStep half={half} back={() => setHalf(null)} done={done} />
  return (
    <Stack>
      <SignIn needCode={setHalf} done={done} />
      {options.data?.signOn != null && (
        <Button component="a" href={options.data.signOn.url} target="_blank" variant="default">
          Sign in with {options.data.signOn.name}
        </Button>
      )}
    </Stack>
  )
}

/** Why the identity provider's answer did not sign anybody in. */
function ComingBack() {
  const code = new URLSearchParams(window.location.search).get('problem')
  const found = useQuery({
    ...getProblemOptions({ path: { code: code ?? '' } }),
    enabled: code !== null,
    retry: false,
  })
  if (found.data === undefined) return null
  const { title } = found.data
  return (
    <Alert color="red" title={title} role="alert">
      {adviceHere(found.data)}
    </Alert>
  )
}

interface SignInProps extends FormsProps {
  /** The password was right, and a code is asked for. */
  readonly needCode: (half: CodeNeeded) => void
}

function SignIn({ needCode, done }: SignInProps) {
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const signIn = useMutation({
    ...postSignInMutation(),
    onSuccess: (answer) => ('codeNeeded' in answer ? needCode(answer) : done()),
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

interface SecondStepProps extends FormsProps {
  readonly half: CodeNeeded
  readonly back: () => void
}

/** The code of the app, or one of the recovery codes. */
function SecondStep({ half, back, done }: SecondStepProps) {
  const [code, setCode] = useState('')
  const confirm = useMutation({
    ...postSignInCodeMutation(),
    onSuccess: done,
  })
  const submit = (submitted: FormEvent): void => {
    submitted.preventDefault()
    confirm.mutate({ body: { key: half.key, code: code.trim() } })
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="Code"
          description="Six digits from your app, or one of your recovery codes."
          autoComplete="one-time-code"
          required
          data-autofocus
          value={code}
          onChange={({ currentTarget }) => setCode(currentTarget.value)}
        />
        {confirm.error !== null && <ProblemAlert error={confirm.error} />}
        <Button type="submit" loading={confirm.isPending}>
          Sign in
        </Button>
        <Anchor component="button" type="button" size="sm" onClick={back}>
          Back
        </Anchor>
      </Stack>
    </form>
  )
}

function Forgotten({ mailed }: { readonly mailed: boolean }) {
  const [email, setEmail] = useState('')
  const reset = useMutation(postPasswordResetMutation())
  const submit = (submitted: FormEvent): void => {
    submitted.preventDefault()
    reset.mutate({ body: { email } })
  }
  if (!mailed)
    return (
      <Text>
        This Sluice sends no mail. Ask an admin for a link: <code>sluice user reset E-MAIL</code> makes one.
      </Text>
    )
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
