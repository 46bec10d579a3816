// What an order on records left as it was, by reason (E7, AL-30), and what came of it.
import { Alert, List, Text } from '@mantine/core'
import { IconCircleCheck, IconInfoCircle } from '@tabler/icons-react'
import { Fragment } from 'react'
import { count, noun } from '../../lib/numbers.ts'
import { useNamespace } from '../../lib/place.ts'
import { Go } from '../../parts/go.tsx'
import { placeOf } from './places.ts'
import type { Moved } from './selection.ts'

interface LeftOutProps {
  readonly left: Moved['left']
  /** `will be left`, `were left`. */
  readonly verb: string
  /** Undefined: without links, as in a question, which stands outside the pages. */
  readonly namespace?: string
}

export function LeftOut({ left, verb, namespace }: LeftOutProps) {
  if (left.length === 0) return null
  const all = left.reduce((sum, one) => sum + one.count, 0)
  return (
    <div>
      <Text>
        {noun(all, 'other record')} {all === 1 ? verb.replace('were', 'was') : verb}:
      </Text>
      <List size="sm" spacing={2} mt={4}>
        {left.map(({ why, count: many, record }) => (
          <List.Item key={why}>
            {many > 1 && `${count(many)} × `}
            {why} ({namespace === undefined ? record : <Go to={placeOf(namespace, record)}>{record}</Go>}
            {many > 1 && ' is the first'})
          </List.Item>
        ))}
      </List>
    </div>
  )
}

interface MovedAlertProps {
  readonly moved: Moved
  readonly close: () => void
}

const pasts = { retry: 'retried', skip: 'skipped', settle: 'settled' } as const

/** “Changed a, left b (why)”. */
export function MovedAlert({ moved: { move, changed, left, runs }, close }: MovedAlertProps) {
  const namespace = useNamespace()
  const made = runs.map(({ run }) => run).filter((run) => run !== null)
  const past = pasts[move]
  return (
    <Alert
      color={changed > 0 ? 'green' : 'gray'}
      icon={changed > 0 ? <IconCircleCheck aria-hidden /> : <IconInfoCircle aria-hidden />}
      title={changed === 0 ? `Nothing was ${past}` : `${noun(changed, 'record')} ${past}`}
      role="status"
      withCloseButton
      closeButtonLabel="Close"
      onClose={close}
    >
      {made.length > 0 && (
        <Text size="sm">
          In{' '}
          {made.slice(0, 5).map((run, at) => (
            <Fragment key={run}>
              {at > 0 && ', '}
              <Go to={`/n/${namespace}/runs/${run}`}>{run}</Go>
            </Fragment>
          ))}
          {made.length > 5 && ` and ${count(made.length - 5)} more`}.
        </Text>
      )}
      <LeftOut left={left} verb="were left" namespace={namespace} />
    </Alert>
  )
}
