// What surrounds every page: where to go, which namespace, who is signed in, light or dark.
import { AppShell, Burger, Group, NavLink, ScrollArea, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import {
  IconActivity,
  IconAddressBook,
  IconHome,
  IconListDetails,
  IconRefresh,
  IconSettings,
  IconStack2,
  IconTags,
  IconUpload,
  IconUsers,
} from '@tabler/icons-react'
import { Link, Outlet, useLocation } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useLive } from '../lib/live.ts'
import { keepNamespace, useMe, useNamespace } from '../lib/place.ts'
import { DropAnywhere } from '../pages/import/dropAnywhere.tsx'
import { SmallImportButton } from '../pages/import/importButton.tsx'
import { UploadsProvider } from '../pages/import/uploads.tsx'
import { NoNamespace } from '../pages/noNamespace.tsx'
import { AccountMenu } from './accountMenu.tsx'
import { Announce } from './announce.tsx'
import { Connection } from './connection.tsx'
import { NamespacePicker } from './namespacePicker.tsx'
import { SchemeSwitch } from './schemeSwitch.tsx'
import { SignInAgain } from './signInAgain.tsx'

const places = [
  { to: '', label: 'Home', icon: IconHome },
  { to: '/jobs', label: 'Jobs', icon: IconRefresh },
  { to: '/runs', label: 'Runs', icon: IconActivity },
  { to: '/uploads', label: 'Uploads', icon: IconUpload },
  { to: '/queue', label: 'Queue', icon: IconStack2 },
  { to: '/records', label: 'Records', icon: IconListDetails },
  { to: '/profiles', label: 'Profiles', icon: IconUsers },
  { to: '/attributes', label: 'Attributes', icon: IconTags },
  { to: '/settings', label: 'Settings', icon: IconSettings },
] as const

/** Everything in a namespace: files on their way outlive the page they were dropped on. */
export function Shell() {
  return (
    <UploadsProvider>
      <Frame />
    </UploadsProvider>
  )
}

function Frame() {
  const namespace = useNamespace()
  const { data: me } = useMe()
  const [opened, { toggle, close }] = useDisclosure()
  const open = me === undefined || me.namespaces.some((one) => one.namespace === namespace)
  useEffect(() => {
    if (open && me !== undefined) keepNamespace(namespace)
  }, [namespace, me, open])
  useLive(namespace)
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 216, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding={{ base: 'md', sm: 'lg' }}
    >
      <a href="#page" className="skip">
        Skip to the page
      </a>
      <Connection />
      <Announce />
      <SignInAgain />
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap" miw={0}>
            <Burger
              opened={opened}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={opened ? 'Close the menu' : 'Open the menu'}
            />
            <IconAddressBook
              aria-hidden
              style={{ flexShrink: 0 }}
              color="var(--mantine-primary-color-filled)"
            />
            <Text fw={700} size="lg">
              Sluice
            </Text>
            <NamespacePicker namespace={namespace} me={me} />
          </Group>
          <Group gap="xs" wrap="nowrap" style={{ flexShrink: 0 }}>
            <SmallImportButton />
            <SchemeSwitch />
            <AccountMenu namespace={namespace} me={me} />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" component="nav" aria-label="Main">
        <ScrollArea>
          <Places namespace={namespace} close={close} />
        </ScrollArea>
      </AppShell.Navbar>
      <AppShell.Main id="page">
        <DropAnywhere>{open ? <Outlet /> : <NoNamespace />}</DropAnywhere>
      </AppShell.Main>
    </AppShell>
  )
}

function Places({ namespace, close }: { readonly namespace: string; readonly close: () => void }) {
  const path = useLocation({ select: ({ pathname }) => pathname })
  const base = `/n/${namespace}`
  return places.map(({ to, label, icon: Icon }) => {
    const address = `${base}${to}`
    const here =
      to === '' ? path === base || path === `${base}/` : path === address || path.startsWith(`${address}/`)
    return (
      <NavLink
        key={to}
        label={label}
        leftSection={<Icon size={18} stroke={1.7} aria-hidden />}
        active={here}
        style={{ borderRadius: 'var(--mantine-radius-md)' }}
        aria-current={here ? 'page' : undefined}
        onClick={close}
        renderRoot={(props) => <Link to={address} activeOptions={{ exact: to === '' }} {...props} />}
      />
    )
  })
}
