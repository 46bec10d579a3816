// Which words a dialect brings: ours, and what that vendor calls the same.
import { Collapse, Anchor, Table, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { jobMachine } from '../../../core/jobState.ts'
import { statesOf } from '../../../core/machine.ts'
import type { VendorDialect } from '../../../core/namespaceSettings.ts'
import { recordMachine } from '../../../core/record.ts'
import { runMachine } from '../../../core/run.ts'
import { wordsOf } from '../../../core/vendorDialects.ts'
import type { VendorWords } from '../../../core/vendors/words.ts'

interface Row {
  readonly of: string
  readonly ours: string
  readonly theirs: string
}

/** Only what is called differently. */
function rowsOf(words: VendorWords): Row[] {
  const rows: Row[] = [
    ...statesOf(jobMachine).map((state) => row('Job', jobMachine.states[state].label, words.job[state])),
    ...statesOf(runMachine).map((state) => row('Run', runMachine.states[state].label, words.run[state])),
    ...statesOf(recordMachine).map((state) =>
      row('Record', recordMachine.states[state].label, words.record[state]),
    ),
    ...words.counters.map(({ label, means }) => row('Number', means, label)),
  ]
  return rows.filter(({ ours, theirs }) => theirs !== '' && theirs.toLowerCase() !== ours.toLowerCase())
}

function row(of: string, ours: string, theirs: string | undefined): Row {
  return { of, ours, theirs: theirs ?? '' }
}

export function Words({ dialect }: { readonly dialect: VendorDialect }) {
  const [open, { toggle }] = useDisclosure()
  const words = wordsOf(dialect)
  if (words === null)
    return (
      <Text size="sm" c="dimmed">
        Only the words of Sluice are shown.
      </Text>
    )
  return (
    <div>
      <Anchor component="button" type="button" size="sm" onClick={toggle} aria-expanded={open}>
        {open ? 'Hide the words' : `What ${words.title} calls what`}
      </Anchor>
      <Collapse expanded={open}>
        <Table mt="xs" withTableBorder>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Of a</Table.Th>
              <Table.Th>Sluice</Table.Th>
              <Table.Th>{words.title}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rowsOf(words).map(({ of, ours, theirs }) => (
              <Table.Tr key={`${of} ${ours} ${theirs}`}>
                <Table.Td c="dimmed">{of.toLowerCase()}</Table.Td>
                <Table.Td>{ours}</Table.Td>
                <Table.Td>{theirs}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Collapse>
    </div>
  )
}
