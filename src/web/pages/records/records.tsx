// Records: the ledger with all its filters, selections, and what can be done with them (AL-01 to AL-29).
import { Button, Group, Loader, Stack, Text } from '@mantine/core'
import { IconArrowLeft, IconArrowRight } from '@tabler/icons-react'
import { useState } from 'react'
import { one, useAddress, type Change } from '../../lib/address.ts'
import { noun } from '../../lib/numbers.ts'
import { useMay, useNamespace } from '../../lib/place.ts'
import { commandOf, CopyCommand } from '../../parts/copyCommand.tsx'
import { Empty } from '../../parts/empty.tsx'
import { GoButton } from '../../parts/go.tsx'
import { Page } from '../../parts/page.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { RecordsSkeleton } from './skeleton.tsx'
import { filtersSet, orderFilterIn, queryIn, wordsOf } from './filters.ts'
import { FilterBar } from './filterBar.tsx'
import { MovedAlert } from './leftOut.tsx'
import { MovesBar } from './movesBar.tsx'
import { RecordTable } from './recordTable.tsx'
import { SearchedBack } from './searchedBack.tsx'
import { nothing, type Selection } from './selection.ts'
import { useMoves } from './useMoves.tsx'
import { useRecords, type RecordsShown } from './useRecords.ts'

export function RecordsPage() {
  const namespace = useNamespace()
  const [asked, ask] = useAddress()
  const [selection, select] = useState<Selection>(nothing)
  const put = (change: Change): void => {
    select(nothing)
    ask({ ...change, cursor: null })
  }
  return (
    <Page title="Records" about="Every record that was ever read, and what became of it. Newest first.">
      <FilterBar asked={asked} ask={put} />
      <Found selection={selection} select={select} />
      <Group gap="xs">
        <Text size="sm" c="dimmed">
          The same in a terminal:
        </Text>
        <CopyCommand command={commandOf(namespace, wordsOf(asked))} />
      </Group>
    </Page>
  )
}

interface FoundProps {
  readonly selection: Selection
  readonly select: (selection: Selection) => void
}

function Found({ selection, select }: FoundProps) {
  const [asked, ask] = useAddress()
  const namespace = useNamespace()
  const may = useMay('run')
  const shown = useRecords(namespace, queryIn(asked), one(asked, 'cursor'))
  const moves = useMoves(() => select(nothing))
  const { records, pending, searching, error } = shown
  const selectAll = (): void => select({ kind: 'all', filter: orderFilterIn(asked) })
  const more = shown.next !== null || one(asked, 'cursor') !== undefined || shown.pausedAt !== null
  if (pending) return <RecordsSkeleton />
  return (
    <Stack gap="sm">
      {error !== null && <ProblemAlert error={error} again={shown.refetch} />}
      {moves.refused !== null && <ProblemAlert error={moves.refused} />}
      {moves.moved !== null && <MovedAlert moved={moves.moved} close={moves.forget} />}
      <MovesBar
        records={records}
        selection={selection}
        select={select}
        selectAll={selectAll}
        more={more}
        counting={moves.counting}
        move={(name, choice) => void moves.move(name, choice)}
      />
      {records.length > 0 && (
        <RecordTable
          records={records}
          selection={selection}
          select={may ? select : undefined}
          selectAll={selectAll}
          move={(name, id) => void moves.move(name, { ids: [id] })}
          stale={shown.stale}
        />
      )}
      {records.length === 0 && error === null && !searching && shown.pausedAt === null && (
        <NothingFound filtered={filtersSet(asked) > 0} paged={one(asked, 'cursor') !== undefined} />
      )}
      <SearchedBack shown={shown} />
      <Pages
        shown={shown}
        cursor={one(asked, 'cursor')}
        go={(cursor) => {
          select(nothing)
          ask({ cursor })
          window.scrollTo({ top: 0 })
        }}
      />
    </Stack>
  )
}

interface NothingFoundProps {
  readonly filtered: boolean
  readonly paged: boolean
}

function NothingFound({ filtered, paged }: NothingFoundProps) {
  const namespace = useNamespace()
  const mayImport = useMay('import')
  if (paged) return <Text c="dimmed">There are no older records.</Text>
  if (filtered)
    return (
      <Empty title="No record matches">Remove a filter above, or look for a part instead of the whole.</Empty>
    )
  return (
    <Empty
      title="No records yet"
      action={mayImport && <GoButton to={`/n/${namespace}/import`}>Import a file</GoButton>}
    >
      Every line of a file that is imported becomes a record, and this page can say what became of it.
    </Empty>
  )
}

interface PagesProps {
  readonly shown: RecordsShown
  readonly cursor: string | undefined
  readonly go: (cursor: string | null) => void
}

function Pages({ shown: { records, next, searching, stale }, cursor, go }: PagesProps) {
  if (records.length === 0 && cursor === undefined) return null
  return (
    <Group justify="space-between">
      <Group gap="xs" aria-live="polite">
        <Text size="sm" c="dimmed">
          {noun(records.length, 'record')} on this page
        </Text>
        {(searching || stale) && <Loader size="xs" aria-label="Searching" />}
      </Group>
      <Group gap="xs">
        {cursor !== undefined && (
          <Button
            variant="default"
            size="sm"
            leftSection={<IconArrowLeft size={16} aria-hidden />}
            onClick={() => go(null)}
          >
            Newest
          </Button>
        )}
        {next !== null && (
          <Button
            variant="default"
            size="sm"
            rightSection={<IconArrowRight size={16} aria-hidden />}
            onClick={() => go(next)}
          >
            Older
          </Button>
        )}
      </Group>
    </Group>
  )
}
