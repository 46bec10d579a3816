// An address in a namespace that is not there, or not for whoever looks; with those that are.
import { Group, Skeleton, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getMeOptions } from '../../client/@tanstack/react-query.gen.ts'
import { useNamespace } from '../lib/place.ts'
import { Empty } from '../parts/empty.tsx'
import { GoButton } from '../parts/go.tsx'
import { Page } from '../parts/page.tsx'

const shownMax = 6

export function NoNamespace() {
  const namespace = useNamespace()
  // It may have been made, or opened to them, a moment ago.
  const me = useQuery({ ...getMeOptions(), refetchOnMount: 'always' })
  if (me.isFetching) return <Skeleton height={160} aria-label="Loading" />
  const open = me.data?.namespaces ?? []
  return (
    <Page title="Not here">
      <Empty
        title={
          open.length === 0 ? 'You are in no namespace yet' : `The namespace ${namespace} is not open to you`
        }
        action={
          open.length > 0 && (
            <Group justify="center">
              {open.slice(0, shownMax).map((one, at) => (
                <GoButton
                  key={one.namespace}
                  to={`/n/${one.namespace}`}
                  variant={at === 0 ? 'filled' : 'default'}
                >
                  Go to {one.label}
                </GoButton>
              ))}
            </Group>
          )
        }
      >
        {open.length === 0 ? (
          'Ask an owner or admin to add you to one; then load this page again.'
        ) : (
          <>
            It may have been dropped, or one of its owners has to add you.
            {open.length > shownMax && <Text span> The others are in the list above.</Text>}
          </>
        )}
      </Empty>
    </Page>
  )
}
