// A short word that something was done, with the way to the run that began by it.
import { notifications } from '@mantine/notifications'
import { Anchor } from '@mantine/core'

/** `run`: the run that began or goes on; null: none did. */
export function told(namespace: string, message: string, run: string | null): void {
  notifications.show({
    color: 'green',
    message:
      run === null ? (
        message
      ) : (
        <>
          {message} <Anchor href={`/n/${namespace}/runs/${run}`}>See {run}</Anchor>
        </>
      ),
  })
}
