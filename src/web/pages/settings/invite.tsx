// Inviting somebody: by mail, or by a link that is passed on.
import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { postMembers, type AddedMember } from '../../../client/index.ts'
import { roles, type Role } from '../../../core/access.ts'
import { useMe, useNamespace } from '../../lib/place.ts'
import { Once } from '../../parts/once.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { Section } from '../../parts/section.tsx'
import { exactTime } from '../../parts/when.tsx'
import { RoleSelect } from './roles.tsx'
import { useGivable } from './useGivable.ts'

function useInvite() {
  const namespace = useNamespace()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (body: { email: string; role: Role; mail: boolean }) =>
      (await postMembers({ path: { namespace }, body })).data,
    onSuccess: () => queries.invalidateQueries(),
  })
}

export function Invite() {
  const givable = useGivable()
  const { data: me } = useMe()
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<Role>('viewer')
  const invite = useInvite()
  // Where passwords can be mailed, invitations can.
  const mails = me?.options.passwordReset === true
  const send = (mail: boolean): void =>
    invite.mutate({ email, role, mail }, { onSuccess: () => setEmail('') })
  const submit = (submitted: FormEvent): void => {
    submitted.preventDefault()
    send(mails)
  }
  return (
    <Section
      title="Invite somebody"
      about={`As ${roles[role].label}: ${roles[role].doc.charAt(0).toLowerCase()}${roles[role].doc.slice(1)}`}
    >
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Group align="flex-end" gap="sm">
            <TextInput
              label="E-mail"
              type="email"
              required
              placeholder="grace@example.com"
              flex="1 1 240px"
              value={email}
              onChange={({ currentTarget }) => setEmail(currentTarget.value)}
            />
            <RoleSelect label="Role" value={role} roles={givable} onChange={setRole} />
            <Button type="submit" loading={invite.isPending}>
              {mails ? 'Send an invitation' : 'Invite'}
            </Button>
            {mails && me.admin && (
              <Button variant="default" disabled={email === ''} onClick={() => send(false)}>
                Make a link instead
              </Button>
            )}
          </Group>
          {invite.error !== null && <ProblemAlert error={invite.error} />}
          {invite.data !== undefined && <Answer added={invite.data} done={invite.reset} />}
        </Stack>
      </form>
    </Section>
  )
}

function Answer({
  added: { member, link, mailed },
  done,
}: {
  readonly added: AddedMember
  readonly done: () => void
}) {
  if (link !== null)
    return (
      <Once title="The link is made" value={link.url} done={done}>
        Pass it on to them. Whoever opens it first joins; it holds until {exactTime(link.expiresAt)} and is
        not shown again.
      </Once>
    )
  return (
    <Text size="sm" role="status">
      {member !== null &&
        `${member.email} has a user already and is a member now, as ${roles[member.role].label}.`}
      {mailed && 'The invitation is on its way.'}
    </Text>
  )
}
