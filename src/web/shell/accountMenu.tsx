// Who is signed in, their account, and the way out.
import { ActionIcon, Menu } from '@mantine/core'
import { IconLogout, IconUserCircle } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { postSignOut, type Me } from '../../client/index.ts'
import { tellSignedOut } from '../lib/session.ts'

interface AccountMenuProps {
  readonly namespace: string
  readonly me: Me | undefined
}

export function AccountMenu({ namespace, me }: AccountMenuProps) {
  const go = useNavigate()
  const leave = async (): Promise<void> => {
    await postSignOut({ body: {} })
    tellSignedOut()
    // Everything that was shown is forgotten with the page.
    window.location.assign('/sign-in')
  }
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Account">
          <IconUserCircle size={21} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{me?.user?.email ?? me?.name ?? 'Nobody'}</Menu.Label>
        <Menu.Item onClick={() => void go({ to: '/n/$namespace/account', params: { namespace } })}>
          Your account
        </Menu.Item>
        <Menu.Item component="a" href="/reference" target="_blank">
          API reference
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => void leave()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
