// The causes, most frequent first: each is a link to its rows.
import { Badge, Group, Tabs } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import type { RunErrors } from '../../../client/index.ts'
import { count } from '../../lib/numbers.ts'

interface CausesProps {
  readonly causes: RunErrors['causes']
  readonly shown: string
}

export function Causes({ causes, shown }: CausesProps) {
  const go = useNavigate()
  return (
    <Tabs
      value={shown}
      onChange={(cause) => void go({ to: '.', search: { cause: cause ?? shown } as never, replace: true })}
    >
      <Tabs.List aria-label="Causes">
        {causes.map(({ code, title, count: rows, mended }) => (
          <Tabs.Tab key={code} value={code}>
            <Group gap={6} wrap="nowrap">
              {title}
              <Badge size="sm" color="red" variant="light" className="numbers">
                {count(rows - mended)}
              </Badge>
            </Group>
          </Tabs.Tab>
        ))}
      </Tabs.List>
    </Tabs>
  )
}
