// The second factor: set up with an app, recovery codes for when the app is lost, switched off with both proofs.
import { Anchor, Badge, Button, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import {
  postMeTwoFactor,
  postMeTwoFactorConfirm,
  postMeTwoFactorOff,
  postMeTwoFactorRecoveryCodes,
  type Me,
  type TwoFactorSetUp,
} from '../../../client/index.ts'
import { noun } from '../../lib/numbers.ts'
import { ProblemAlert } from '../../parts/problem.tsx'
import { Section } from '../../parts/section.tsx'
import { QrCode } from './qrCode.tsx'
import { RecoveryCodes } from './recoveryCodes.tsx'

type State = NonNullable<Me['user']>['twoFactor']

export function TwoFactor({ state }: { readonly state: State }) {
  const [codes, setCodes] = useState<readonly string[] | null>(null)
  return (
    <Section
      title="Second factor"
      about="Besides the password, signing in asks for a code of an app on your phone: who learns your password does not get in."
      action={
        <Badge color={state.on ? 'green' : 'gray'} variant={state.on ? 'light' : 'outline'} tt="none">
          {state.on ? 'on' : 'off'}
        </Badge>
      }
    >
      {codes !== null && <RecoveryCodes codes={codes} done={() => setCodes(null)} />}
      {state.on ? <On left={state.recoveryCodes} show={setCodes} /> : <SetUp show={setCodes} />}
    </Section>
  )
}

interface Shows {
  readonly show: (codes: readonly string[]) => void
}

function SetUp({ show }: Shows) {
  const [password, setPassword] = useState('')
  const begin = useMutation({
    mutationFn: async () => (await postMeTwoFactor({ body: { password } })).data,
    onSuccess: () => setPassword(''),
  })
  const submit = (submitted: FormEvent): void => {
    submitted.preventDefault()
    begin.mutate()
  }
  if (begin.data !== undefined) return <Confirm setUp={begin.data} show={show} cancel={begin.reset} />
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Group align="flex-end" gap="sm">
          <PasswordInput
            label="Your password, to begin"
            autoComplete="current-password"
            required
            flex="1 1 220px"
            maw={360}
            value={password}
            onChange={({ currentTarget }) => setPassword(currentTarget.value)}
          />
          <Button type="submit" loading={begin.isPending}>
            Set it up
          </Button>
        </Group>
        {begin.error !== null && <ProblemAlert error={begin.error} />}
      </Stack>
    </form>
  )
}

interface ConfirmProps extends Shows {
  readonly setUp: TwoFactorSetUp
  readonly cancel: () => void
}

function Confirm({ setUp: { secret, uri }, show, cancel }: ConfirmProps) {
  const queries = useQueryClient()
  const [code, setCode] = useState('')
  const confirm = useMutation({
    mutationFn: async () => (await postMeTwoFactorConfirm({ body: { code } })).data,
    onSuccess: ({ recoveryCodes }) => {
      show(recoveryCodes)
      return queries.invalidateQueries()
    },
  })
  const submit = (submitted: FormEvent): void => {
    submitted.preventDefault()
    confirm.mutate()
  }
  return (
    <form onSubmit={submit}>
      <Group align="flex-start" gap="xl">
        <QrCode text={uri} label="QR code for the app" />
        <Stack gap="sm" flex="1 1 280px">
          <Text size="sm">
            1. Scan the code with an app for one-time codes. On this phone,{' '}
            <Anchor href={uri}>open the app</Anchor>. Or type this secret into it:
          </Text>
          <div className="once">{secret.replaceAll(/(.{4})(?=.)/g, '$1 ')}</div>
          <TextInput
            label="2. The code it shows now"
            inputMode="numeric"
            autoComplete="one-time-code"
            required
            maw={220}
            value={code}
            onChange={({ currentTarget }) => setCode(currentTarget.value)}
          />
          {confirm.error !== null && <ProblemAlert error={confirm.error} />}
          <Group gap="xs">
            <Button type="submit" loading={confirm.isPending}>
              Switch it on
            </Button>
            <Button variant="subtle" color="gray" onClick={cancel}>
              Not now
            </Button>
          </Group>
        </Stack>
      </Group>
    </form>
  )
}

type Proof = { readonly password: string; readonly code: string }

function On({ left, show }: Shows & { readonly left: number }) {
  const queries = useQueryClient()
  const [what, setWhat] = useState<'codes' | 'off' | null>(null)
  const done = (): Promise<void> => {
    setWhat(null)
    return queries.invalidateQueries()
  }
  const codes = useMutation({
    mutationFn: async (body: Proof) => (await postMeTwoFactorRecoveryCodes({ body })).data,
    onSuccess: ({ recoveryCodes }) => {
      show(recoveryCodes)
      return done()
    },
  })
  const off = useMutation({ mutationFn: (body: Proof) => postMeTwoFactorOff({ body }), onSuccess: done })
  if (what === 'codes')
    return <ProofForm doing={codes} yes="Make new recovery codes" cancel={() => setWhat(null)} />
  if (what === 'off') return <ProofForm doing={off} yes="Switch it off" danger cancel={() => setWhat(null)} />
  return (
    <Stack gap="sm">
      <Text size="sm" c={left < 3 ? 'orange' : undefined}>
        {noun(left, 'recovery code')} left. {left < 3 && 'Make new ones before you need them.'}
      </Text>
      <Group gap="xs">
        <Button variant="default" size="xs" onClick={() => setWhat('codes')}>
          New recovery codes
        </Button>
        <Button variant="subtle" color="red" size="xs" onClick={() => setWhat('off')}>
          Switch it off
        </Button>
      </Group>
    </Stack>
  )
}

interface ProofProps {
  readonly doing: UseMutationResult<unknown, Error, Proof>
  readonly yes: string
  readonly danger?: boolean
  readonly cancel: () => void
}

function ProofForm({ doing, yes, danger = false, cancel }: ProofProps) {
  const [proof, setProof] = useState<Proof>({ password: '', code: '' })
  const submit = (submitted: FormEvent): void => {
    submitted.preventDefault()
    doing.mutate(proof)
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Group gap="sm" align="flex-end">
          <PasswordInput
            label="Your password"
            autoComplete="current-password"
            required
            flex="1 1 220px"
            value={proof.password}
            onChange={({ currentTarget }) => setProof({ ...proof, password: currentTarget.value })}
          />
          <TextInput
            label="A code of the app, or a recovery code"
            autoComplete="one-time-code"
            required
            flex="1 1 220px"
            value={proof.code}
            onChange={({ currentTarget }) => setProof({ ...proof, code: currentTarget.value })}
          />
        </Group>
        {doing.error !== null && <ProblemAlert error={doing.error} />}
        <Group gap="xs">
          <Button type="submit" color={danger ? 'red' : undefined} loading={doing.isPending}>
            {yes}
          </Button>
          <Button variant="subtle" color="gray" onClick={cancel}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
