// Your account: name, e-mail, password, the second factor, and where you are signed in.
import '../settings/settings.css'
import { Stack, Text } from '@mantine/core'
import { useMe } from '../../lib/place.ts'
import { Empty } from '../../parts/empty.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Page } from '../../parts/page.tsx'
import { Section } from '../../parts/section.tsx'
import { EmailForm, NameForm, PasswordForm } from './ownForms.tsx'
import { Sessions } from './sessions.tsx'
import { TwoFactor } from './twoFactor.tsx'

export function AccountPage() {
  const me = useMe()
  return (
    <Page title="Your account">
      <Loaded query={me} lines={6}>
        {({ user }) =>
          user === null ? (
            <Empty title="Nobody is signed in">
              This is the machine itself, or a token; neither has an account.
            </Empty>
          ) : (
            <Stack gap="lg" className="settings-tab">
              <NameForm name={user.name} />
              <EmailForm email={user.email} hasPassword={user.hasPassword} />
              {user.hasPassword ? (
                <>
                  <PasswordForm email={user.email} />
                  <TwoFactor state={user.twoFactor} />
                </>
              ) : (
                <Section title="Password and second factor">
                  <Text size="sm">You sign in at the identity provider; both are kept there.</Text>
                </Section>
              )}
              <Sessions />
            </Stack>
          )
        }
      </Loaded>
    </Page>
  )
}
