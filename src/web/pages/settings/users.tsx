// Users of the whole installation: who there is, who looks after it, who is switched off, and help for who cannot sign in.
import { ActionIcon, Badge, Group, Menu, Stack, Text } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { getUsersInfiniteOptions } from '../../../client/@tanstack/react-query.gen.ts'
import {
  deleteUserTwoFactor,
  patchUser,
  postLinks,
  type MadeLink,
  type UserView,
} from '../../../client/index.ts'
import { useMe } from '../../lib/place.ts'
import { useAsk } from '../../parts/asking.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { MoreButton } from '../../parts/moreButton.tsx'
import { Once } from '../../parts/once.tsx'
import { Section } from '../../parts/section.tsx'
import { exactTime, When } from '../../parts/when.tsx'

export function Users() {
  const [link, setLink] = useState<(MadeLink & { readonly email: string }) | null>(null)
  const users = useInfiniteQuery({
    ...getUsersInfiniteOptions(),
    initialPageParam: {},
    getNextPageParam: ({ next }) => next ?? undefined,
  })
  return (
    <Section
      title="Users"
      about="Everybody who can sign in. What they may where is set under Members of each namespace."
    >
      {link !== null && (
        <Once title={`A link for ${link.email}`} value={link.url} done={() => setLink(null)}>
          Whoever opens it chooses another password for them; it holds until {exactTime(link.expiresAt)} and
          is not shown again.
        </Once>
      )}
      <Loaded query={users}>
        {({ pages }) => (
          <ul className="lines">
            {pages
              .flatMap((page) => page.users)
              .map((user) => (
                <Line key={user.email} user={user} show={setLink} />
              ))}
          </ul>
        )}
      </Loaded>
      <MoreButton of={users}>More users</MoreButton>
    </Section>
  )
}

interface LineProps {
  readonly user: UserView
  readonly show: (link: MadeLink & { readonly email: string }) => void
}

function Line({ user, show }: LineProps) {
  const { email, name, admin, disabledAt, signedInAt, twoFactor } = user
  return (
    <li>
      <Stack gap={2} className="line-about">
        <Group gap="xs">
          <Text fw={600} c={disabledAt === null ? undefined : 'dimmed'}>
            {name}
          </Text>
          {admin && (
            <Badge variant="light" tt="none">
              looks after everything
            </Badge>
          )}
          {disabledAt !== null && (
            <Badge variant="outline" color="gray" tt="none">
              switched off
            </Badge>
          )}
          {twoFactor && (
            <Badge variant="light" color="green" tt="none">
              two factors
            </Badge>
          )}
        </Group>
        <Text size="sm" c="dimmed">
          {email} · {signedInAt === null ? 'never signed in' : 'signed in '}
          {signedInAt !== null && <When at={signedInAt} ago />}
        </Text>
      </Stack>
      <Actions user={user} show={show} />
    </li>
  )
}

/** What can be done with a user, each asked first. */
function useActions({ user: { email, name, admin, disabledAt, etag }, show }: LineProps) {
  const ask = useAsk()
  const queries = useQueryClient()
  const headers = { 'if-match': etag }
  const change = (body: { admin?: boolean; disabled?: boolean }) => async (): Promise<void> => {
    try {
      await patchUser({ path: { user: email }, body, headers })
    } finally {
      await queries.invalidateQueries()
    }
  }
  return {
    reset: async (): Promise<void> =>
      show({ ...(await postLinks({ body: { kind: 'reset', email } })).data, email }),
    twoFactor: () =>
      ask({
        title: `Switch off the second factor of ${name}?`,
        body: 'Their password alone is then enough. Do it only when you know it is them who ask.',
        yes: 'Switch off',
        danger: true,
        act: async () => {
          await deleteUserTwoFactor({ path: { user: email }, headers })
          await queries.invalidateQueries()
        },
      }),
    admin: () =>
      ask({
        title: admin ? `${name} no longer looks after everything?` : `Have ${name} look after everything?`,
        body: admin
          ? 'They keep their roles in namespaces.'
          : 'They then own every namespace, see all personal data, and make others admins.',
        yes: admin ? 'Take it away' : 'Make admin',
        danger: true,
        act: change({ admin: !admin }),
      }),
    off: () =>
      ask({
        title: disabledAt === null ? `Switch ${name} off?` : `Switch ${name} on again?`,
        body:
          disabledAt === null
            ? 'They are signed out everywhere, and their tokens stop working, at once. It can be taken back.'
            : 'They can sign in again, with the roles they had.',
        yes: disabledAt === null ? 'Switch off' : 'Switch on',
        danger: disabledAt === null,
        act: change({ disabled: disabledAt === null }),
      }),
  }
}

function Actions({ user, show }: LineProps) {
  const { data: me } = useMe()
  const does = useActions({ user, show })
  const ask = useAsk()
  const { email, name, admin, disabledAt, twoFactor } = user
  const self = me?.user?.email === email
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={`Actions of ${email}`}>
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          onClick={() =>
            ask({
              title: `Make a link for ${name}?`,
              body: 'Whoever opens it chooses another password for them. Links made before stop working.',
              yes: 'Make the link',
              act: does.reset,
            })
          }
        >
          Link for another password
        </Menu.Item>
        {twoFactor && <Menu.Item onClick={does.twoFactor}>Switch off the second factor</Menu.Item>}
        {!self && <Menu.Item onClick={does.admin}>{admin ? 'No longer admin' : 'Make admin'}</Menu.Item>}
        {!self && (
          <Menu.Item color={disabledAt === null ? 'red' : undefined} onClick={does.off}>
            {disabledAt === null ? 'Switch off' : 'Switch on again'}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
