// Settings: one address for each part, grouped by what they hold for.
import './settings.css'
import { NativeSelect } from '@mantine/core'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Right } from '../../../core/access.ts'
import { useMe, useNamespace } from '../../lib/place.ts'
import { Empty } from '../../parts/empty.tsx'
import { GoButton } from '../../parts/go.tsx'
import { Page } from '../../parts/page.tsx'
import { Audit } from './audit.tsx'
import { Diagnostics } from './diagnostics.tsx'
import { General } from './general.tsx'
import { Members } from './members.tsx'
import { Namespaces } from './namespaces.tsx'
import { Notifications } from './notifications.tsx'
import { RetentionSettings } from './retention.tsx'
import { Secrets } from './secrets.tsx'
import { Tokens } from './tokens.tsx'
import { Users } from './users.tsx'

interface Tab {
  readonly name: string
  readonly label: string
  /** Without it the tab is left out; `admin`: of the whole installation. */
  readonly needs: Right | 'admin'
  readonly show: () => ReactNode
}

const tabs: readonly Tab[] = [
  { name: 'general', label: 'General', needs: 'view', show: () => <General /> },
  { name: 'members', label: 'Members', needs: 'view', show: () => <Members /> },
  { name: 'tokens', label: 'Tokens', needs: 'tokens', show: () => <Tokens /> },
  { name: 'notifications', label: 'Notifications', needs: 'view', show: () => <Notifications /> },
  { name: 'retention', label: 'Retention', needs: 'view', show: () => <RetentionSettings /> },
  { name: 'secrets', label: 'Secrets', needs: 'secrets', show: () => <Secrets /> },
  { name: 'audit', label: 'Audit', needs: 'audit', show: () => <Audit /> },
  { name: 'namespaces', label: 'Namespaces', needs: 'admin', show: () => <Namespaces /> },
  { name: 'users', label: 'Users', needs: 'admin', show: () => <Users /> },
  { name: 'diagnostics', label: 'Diagnostics', needs: 'admin', show: () => <Diagnostics /> },
]

export function SettingsPage() {
  const namespace = useNamespace()
  const { data: me } = useMe()
  const asked = useParams({ strict: false, select: ({ tab }) => tab }) ?? tabs[0]!.name
  const rights = me?.namespaces.find((one) => one.namespace === namespace)?.rights ?? []
  const open = tabs.filter(({ needs }) => (needs === 'admin' ? me?.admin === true : rights.includes(needs)))
  const tab = tabs.find(({ name }) => name === asked)
  const allowed = tab !== undefined && open.includes(tab)
  return (
    <Page
      title={tab === undefined ? 'Settings' : `${tab.label} · Settings`}
      heading={<h1 className="settings-title">Settings</h1>}
    >
      <div className="settings">
        <Places tabs={open} here={asked} />
        <div className="settings-tab" key={`${namespace} ${asked}`}>
          {allowed ? tab.show() : me !== undefined && <Closed known={tab !== undefined} />}
        </div>
      </div>
    </Page>
  )
}

interface PlacesProps {
  readonly tabs: readonly Tab[]
  readonly here: string
}

function Places({ tabs: open, here }: PlacesProps) {
  const namespace = useNamespace()
  const go = useNavigate()
  const { data: me } = useMe()
  const label = me?.namespaces.find((one) => one.namespace === namespace)?.label ?? namespace
  const to = (name: string): string => `/n/${namespace}/settings/${name}`
  const groups = [
    { title: `Of ${label}`, tabs: open.filter(({ needs }) => needs !== 'admin') },
    { title: 'Of the whole installation', tabs: open.filter(({ needs }) => needs === 'admin') },
  ].filter((group) => group.tabs.length > 0)
  return (
    <>
      <NativeSelect
        hiddenFrom="md"
        aria-label="Part of the settings"
        value={here}
        onChange={({ currentTarget }) => void go({ to: to(currentTarget.value) })}
        data={groups.map(({ title, tabs: inside }) => ({
          group: title,
          items: inside.map(({ name, label }) => ({ value: name, label })),
        }))}
      />
      <nav className="settings-places" aria-label="Settings">
        {groups.map(({ title, tabs: inside }) => (
          <section key={title} aria-label={title}>
            <p>{title}</p>
            {inside.map(({ name, label }) => (
              <Link key={name} to={to(name)} aria-current={name === here ? 'page' : undefined}>
                {label}
              </Link>
            ))}
          </section>
        ))}
      </nav>
    </>
  )
}

function Closed({ known }: { readonly known: boolean }) {
  const namespace = useNamespace()
  return (
    <Empty
      title={known ? 'This is not open to you' : 'There is no such part of the settings'}
      action={<GoButton to={`/n/${namespace}/settings/general`}>General settings</GoButton>}
    >
      {known
        ? 'Your role here does not have the right it needs. Members shows who can give you another role.'
        : 'The address may be mistyped.'}
    </Empty>
  )
}
