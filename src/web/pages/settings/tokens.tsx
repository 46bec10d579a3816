// Tokens of programs: made with rights of their own, shown once, revoked at any time.
import { Badge, Button, Group, Stack, Switch, Text } from '@mantine/core'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { getTokensInfiniteOptions } from '../../../client/@tanstack/react-query.gen.ts'
import { deleteToken, type TokenList } from '../../../client/index.ts'
import { rights } from '../../../core/access.ts'
import { systemClock } from '../../../core/clock.ts'
import { useAddressPart } from '../../lib/address.ts'
import { useMay, useNamespace } from '../../lib/place.ts'
import { useAsk } from '../../parts/asking.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { MoreButton } from '../../parts/moreButton.tsx'
import { Section } from '../../parts/section.tsx'
import { When } from '../../parts/when.tsx'
import { MakeToken } from './makeToken.tsx'

type Token = TokenList['tokens'][number]

export function Tokens() {
  const namespace = useNamespace()
  const all = useMay('members')
  const [asked, show] = useAddressPart('revoked')
  const revoked = asked === 'yes'
  const tokens = useInfiniteQuery({
    ...getTokensInfiniteOptions({ path: { namespace }, query: { revoked: String(revoked) } }),
    initialPageParam: { path: { namespace } },
    getNextPageParam: ({ next }) => (next === null ? undefined : Number(next)),
  })
  return (
    <Stack gap="lg">
      <MakeToken />
      <Section
        title={all ? 'Tokens' : 'Your tokens'}
        action={
          <Switch
            label="Also revoked ones"
            checked={revoked}
            onChange={({ currentTarget }) => show(currentTarget.checked ? 'yes' : undefined)}
          />
        }
      >
        <Loaded query={tokens}>
          {({ pages }) => <List tokens={pages.flatMap((page) => page.tokens)} />}
        </Loaded>
        <MoreButton of={tokens}>Older tokens</MoreButton>
      </Section>
    </Stack>
  )
}

function List({ tokens }: { readonly tokens: readonly Token[] }) {
  if (tokens.length === 0)
    return (
      <Text c="dimmed" size="sm">
        No tokens yet. A program that sends records or asks for results needs one; people sign in instead.
      </Text>
    )
  return (
    <ul className="lines">
      {tokens.map((token) => (
        <Line key={`${token.prefix} ${token.madeAt}`} token={token} />
      ))}
    </ul>
  )
}

function Line({ token }: { readonly token: Token }) {
  const { name, prefix, madeBy, madeAt, expiresAt, usedAt } = token
  return (
    <li>
      <div className="line-about">
        <Group gap="xs">
          <Text fw={600}>{name}</Text>
          <span className="code">{prefix}…</span>
          <Standing token={token} />
        </Group>
        <Group gap={4} my={6}>
          {token.rights.map((right) => (
            <Badge key={right} variant="light" color="gray" tt="none" fw={500} title={rights[right].doc}>
              {rights[right].label}
            </Badge>
          ))}
        </Group>
        <Text size="sm" c="dimmed">
          Last used {usedAt === null ? 'never' : <When at={usedAt} ago />} · made <When at={madeAt} /> by{' '}
          {madeBy}
          {expiresAt === null ? ' · until it is revoked' : ' · void from '}
          {expiresAt !== null && <When at={expiresAt} />}
        </Text>
      </div>
      {token.revokedAt === null && <Revoke name={name} />}
    </li>
  )
}

function Standing({ token: { revokedAt, expiresAt } }: { readonly token: Token }) {
  if (revokedAt !== null)
    return (
      <Badge color="gray" variant="outline" tt="none">
        revoked
      </Badge>
    )
  if (expiresAt !== null && Date.parse(expiresAt) < systemClock.now())
    return (
      <Badge color="orange" variant="light" tt="none">
        void
      </Badge>
    )
  return null
}

function Revoke({ name }: { readonly name: string }) {
  const namespace = useNamespace()
  const queries = useQueryClient()
  const ask = useAsk()
  const revoke = (): void =>
    ask({
      title: `Revoke ${name}?`,
      body: 'Whatever uses it is refused at once. It cannot be taken back; make another token instead.',
      yes: 'Revoke',
      danger: true,
      act: async () => {
        await deleteToken({ path: { namespace, token: name } })
        await queries.invalidateQueries()
      },
    })
  return (
    <Button variant="subtle" color="red" size="xs" onClick={revoke} aria-label={`Revoke ${name}`}>
      Revoke
    </Button>
  )
}
