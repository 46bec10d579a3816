// Who belongs to the namespace, as what, and who is invited.
import { Badge, Button, Stack, Text } from '@mantine/core'
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { getMembersInfiniteOptions } from '../../../client/@tanstack/react-query.gen.ts'
import { deleteMember, patchMember, type MemberList } from '../../../client/index.ts'
import { roles, type Role } from '../../../core/access.ts'
import { useMay, useMe, useNamespace } from '../../lib/place.ts'
import { useAsk } from '../../parts/asking.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { MoreButton } from '../../parts/moreButton.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { Section } from '../../parts/section.tsx'
import { When } from '../../parts/when.tsx'
import { Invite } from './invite.tsx'
import { RoleSelect, RolesTable } from './roles.tsx'
import { useGivable } from './useGivable.ts'

type Member = MemberList['members'][number]
type Invitation = MemberList['invitations'][number]

export function Members() {
  const namespace = useNamespace()
  const may = useMay('members')
  const members = useInfiniteQuery({
    ...getMembersInfiniteOptions({ path: { namespace } }),
    initialPageParam: { path: { namespace } },
    getNextPageParam: ({ next }) => next ?? undefined,
  })
  return (
    <Stack gap="lg">
      {may && <Invite />}
      <Section
        title="Members"
        about={may ? undefined : 'Only owners and admins invite people and change roles.'}
      >
        <Loaded query={members}>
          {({ pages }) => (
            <ul className="lines">
              {pages
                .flatMap((page) => page.members)
                .map((member) => (
                  <Line key={member.email} member={member} />
                ))}
              {(pages[0]?.invitations ?? []).map((invitation) => (
                <Invited key={invitation.email} invitation={invitation} may={may} />
              ))}
            </ul>
          )}
        </Loaded>
        <MoreButton of={members}>More members</MoreButton>
      </Section>
      <RolesTable />
    </Stack>
  )
}

/** `etag`: of a member as they were looked at; an invitation has none. */
function useRemove(email: string, etag?: string): () => Promise<unknown> {
  const namespace = useNamespace()
  const queries = useQueryClient()
  return async () => {
    const headers = etag === undefined ? {} : { 'if-match': etag }
    try {
      await deleteMember({ path: { namespace, member: email }, headers })
    } finally {
      await queries.invalidateQueries()
    }
  }
}

function Line({ member }: { readonly member: Member }) {
  const { email, name, role, addedBy, addedAt } = member
  const { data: me } = useMe()
  const givable = useGivable()
  const self = me?.user?.email === email
  return (
    <li>
      <div className="line-about">
        <Text fw={600}>
          {name}{' '}
          {self && (
            <Badge variant="outline" color="gray" tt="none">
              you
            </Badge>
          )}
        </Text>
        <Text size="sm" c="dimmed">
          {email} · since <When at={addedAt} />, by {addedBy}
        </Text>
      </div>
      {givable.includes(role) ? (
        <Change member={member} self={self} />
      ) : (
        <Text size="sm">{roles[role].label}</Text>
      )}
    </li>
  )
}

interface ChangeProps {
  readonly member: Member
  readonly self: boolean
}

function Change({ member: { email, name, role, etag }, self }: ChangeProps) {
  const namespace = useNamespace()
  const queries = useQueryClient()
  const givable = useGivable()
  const ask = useAsk()
  const remove = useRemove(email, etag)
  const change = useMutation({
    mutationFn: (next: Role) =>
      patchMember({
        path: { namespace, member: email },
        body: { role: next },
        headers: { 'if-match': etag },
      }),
    onSettled: () => queries.invalidateQueries(),
  })
  const give = (next: Role): void => {
    if (!self) return change.mutate(next)
    ask({
      title: `Become ${roles[next].label} yourself?`,
      body: `${roles[next].doc} You may not be able to take it back: somebody else then has to.`,
      yes: `Become ${roles[next].label}`,
      danger: true,
      act: () => change.mutateAsync(next),
    })
  }
  const away = (): void =>
    ask({
      title: self ? 'Leave this namespace?' : `Remove ${name}?`,
      body: `${self ? 'You no longer see' : `${email} no longer sees`} anything in ${namespace}, at once. Their tokens here stop working; jobs and what they did stay.`,
      yes: self ? 'Leave' : 'Remove',
      danger: true,
      act: remove,
    })
  return (
    <>
      <RoleSelect
        label={`Role of ${email}`}
        value={role}
        roles={givable}
        onChange={give}
        disabled={change.isPending}
      />
      <Button
        variant="subtle"
        color="red"
        size="xs"
        onClick={away}
        aria-label={self ? `Leave ${namespace}` : `Remove ${email}`}
      >
        {self ? 'Leave' : 'Remove'}
      </Button>
      {change.error !== null && !self && <ProblemAlert error={change.error} />}
    </>
  )
}

interface InvitedProps {
  readonly invitation: Invitation
  readonly may: boolean
}

function Invited({ invitation: { email, role, invitedBy, expiresAt }, may }: InvitedProps) {
  const ask = useAsk()
  const remove = useRemove(email)
  return (
    <li>
      <div className="line-about">
        <Text fw={600}>{email}</Text>
        <Text size="sm" c="dimmed">
          Invited as {roles[role].label} by {invitedBy}; the link holds until <When at={expiresAt} />
        </Text>
      </div>
      <Badge color="blue" variant="light" tt="none">
        invited
      </Badge>
      {may && (
        <Button
          variant="subtle"
          color="red"
          size="xs"
          onClick={() =>
            ask({
              title: `Withdraw the invitation of ${email}?`,
              body: 'Its link stops working at once. You can invite them again.',
              yes: 'Withdraw',
              danger: true,
              act: remove,
            })
          }
        >
          Withdraw
        </Button>
      )}
    </li>
  )
}
