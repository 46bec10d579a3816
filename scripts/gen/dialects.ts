// The reference of dialects: our words beside those of the five vendors.
import { jobMachine } from '../../src/core/jobState.ts'
import { logKinds } from '../../src/core/logKinds.ts'
import { statesOf } from '../../src/core/machine.ts'
import { outcomes, recordMachine, skipReasons } from '../../src/core/record.ts'
import { runMachine } from '../../src/core/run.ts'
import { vendorWords } from '../../src/core/vendorDialects.ts'
import { fetchStates, processStates, type VendorWords } from '../../src/core/vendors/words.ts'
import { generatedNote, page, table } from './markdown.ts'

const vendors = Object.values(vendorWords)

/** One line a word of ours that at least one vendor has a word for, unless all are wanted. */
function beside(
  names: readonly string[],
  of: (vendor: VendorWords) => Partial<Readonly<Record<string, string>>>,
  all = false,
): string {
  const rows = names
    .map((name) => [`\`${name}\``, ...vendors.map((vendor) => of(vendor)[name] ?? '–')])
    .filter((row) => all || row.slice(1).some((word) => word !== '–'))
  return table(['ours', ...vendors.map(({ title }) => title)], rows)
}

function counterTable(): string {
  return table(
    ['vendor', 'number', 'from our counters'],
    vendors.flatMap(({ title, counters }) => counters.map(({ label, means }) => [title, label, means])),
  )
}

function namesOf(of: (vendor: VendorWords) => object): string[] {
  return [...new Set(vendors.flatMap((vendor) => Object.keys(of(vendor))))]
}

/** docs/reference/dialects.md */
export function dialectsPage(): string {
  return page(
    '# Dialects',
    generatedNote,
    'Statuses and counters in the words of the system you come from: `--dialect blueshift` on lists and receipts, or for everybody with `sluice settings set dialect=blueshift`. The API always speaks our words and adds theirs with `?dialect=`. Where a vendor has no word (–), ours is shown.',
    '## Jobs',
    beside(statesOf(jobMachine), ({ job }) => job, true),
    'An active job of Lytics is *Running* while a run is under way, and *Sleeping* between its runs.',
    '## Runs',
    beside(statesOf(runMachine), ({ run }) => run, true),
    '## The two phases of a run',
    'What was fetched, and what was processed of it, have a status of their own.',
    beside(fetchStates, ({ fetch }) => fetch),
    beside(processStates, ({ process }) => process),
    '## Records',
    beside(statesOf(recordMachine), ({ record }) => record, true),
    beside([...outcomes, ...skipReasons], ({ outcome, reason }) => ({ ...outcome, ...reason })),
    '## Counters',
    counterTable(),
    '## The log',
    beside(Object.keys(logKinds), ({ log }) => log),
    '## Fields and actions',
    beside(
      namesOf(({ fields }) => fields),
      ({ fields }) => fields,
    ),
    beside(
      namesOf(({ actions }) => actions),
      ({ actions }) => actions,
    ),
  )
}
