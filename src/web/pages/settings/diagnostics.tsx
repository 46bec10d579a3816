// How the server is: versions, place, whether it can work, and what runs; to copy as text for who helps.
import { Button, CopyButton, Stack, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getHealthOptions } from '../../../client/@tanstack/react-query.gen.ts'
import type { GetHealthResponse } from '../../../client/index.ts'
import { runMachine, type RunState } from '../../../core/run.ts'
import { noun } from '../../lib/numbers.ts'
import { CopyCommand } from '../../parts/copyCommand.tsx'
import { Facts } from '../../parts/facts.tsx'
import { Go } from '../../parts/go.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Section } from '../../parts/section.tsx'

/** Whether the database answers: what a load balancer asks. */
function useReady() {
  return useQuery({
    queryKey: ['readyz'],
    queryFn: async ({ signal }) => (await fetch('/readyz', { signal })).ok,
    refetchInterval: 10_000,
  })
}

export function Diagnostics() {
  const health = useQuery({ ...getHealthOptions(), refetchInterval: 10_000 })
  const ready = useReady()
  return (
    <Stack gap="lg">
      <Loaded query={health} lines={5}>
        {(data) => <Server health={data} ready={ready.data ?? null} />}
      </Loaded>
      <Section
        title="Look closer"
        about="At the machine this checks Node, the data folder, disk space, the file store, the database and its migrations, and says what to do."
      >
        <CopyCommand command="sluice doctor" />
      </Section>
    </Stack>
  )
}

interface ServerProps {
  readonly health: GetHealthResponse
  /** Null: not known yet. */
  readonly ready: boolean | null
}

function textOf({ health, ready }: ServerProps): string {
  const { version, pid, home, port, active } = health
  const lines = [
    ['Sluice', version],
    ['Database', ready === null ? '?' : ready ? 'answers' : 'does not answer'],
    ['Data folder', home],
    ['Port', port ?? 'socket only'],
    ['Process', pid],
    ['Runs under way', active.length],
    ['Browser', navigator.userAgent],
  ]
  return [
    ...lines.map((line) => line.join(': ')),
    ...active.map(({ namespace, run, state }) => `  ${namespace} ${run} ${state}`),
  ].join('\n')
}

function Server({ health, ready }: ServerProps) {
  const { version, pid, home, port, active } = health
  return (
    <Section
      title="Server"
      action={
        <CopyButton value={textOf({ health, ready })}>
          {({ copied, copy }) => (
            <Button variant="default" size="xs" onClick={copy}>
              {copied ? 'Copied' : 'Copy as text'}
            </Button>
          )}
        </CopyButton>
      }
    >
      <Facts
        facts={[
          { label: 'Version', value: version },
          {
            label: 'Database',
            value: ready === null ? '…' : ready ? 'answers' : 'does not answer; imports wait',
          },
          { label: 'Data folder', value: <span className="code">{home}</span> },
          { label: 'Port', value: port ?? 'socket only' },
          { label: 'Process', value: pid },
        ]}
      />
      <Text fw={600}>
        {active.length === 0 ? 'Nothing runs.' : `${noun(active.length, 'run')} under way`}
      </Text>
      {active.length > 0 && (
        <Table>
          <Table.Tbody>
            {active.map(({ namespace, run, state }) => (
              <Table.Tr key={run}>
                <Table.Td>
                  <Go to={`/n/${namespace}/runs/${run}`}>{run}</Go>
                </Table.Td>
                <Table.Td>{namespace}</Table.Td>
                <Table.Td>{runMachine.states[state as RunState]?.label ?? state}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Section>
  )
}
