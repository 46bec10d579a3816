// The end of a list that goes on: a button for the next page.
import { Button, Center } from '@mantine/core'

interface MoreButtonProps {
  /** Of an infinite query. */
  readonly of: {
    readonly hasNextPage: boolean
    readonly isFetchingNextPage: boolean
    readonly fetchNextPage: () => Promise<unknown>
  }
  /** What is shown: `Older runs`. */
  readonly children: string
}

export function MoreButton({ of, children }: MoreButtonProps) {
  if (!of.hasNextPage) return null
  return (
    <Center>
      <Button variant="default" loading={of.isFetchingNextPage} onClick={() => void of.fetchNextPage()}>
        {children}
      </Button>
    </Center>
  )
}
