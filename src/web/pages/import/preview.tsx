// What is in the file and what each column becomes; then the button that imports it.
import { Alert, Button, Group, List, Stack, Tabs, Text } from '@mantine/core'
import { IconAlertTriangle, IconHistory, IconInfoCircle } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import type { Inspection, UploadView } from '../../../client/index.ts'
import { count, noun } from '../../lib/numbers.ts'
import { useNamespace } from '../../lib/place.ts'
import { Go } from '../../parts/go.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { When } from '../../parts/when.tsx'
import { adviceOf } from '../../parts/reading/advice.ts'
import { Questions } from '../../parts/reading/questions.tsx'
import { ColumnList } from './columnList.tsx'
import { Corrections } from './corrections.tsx'
import { FirstRows } from './firstRows.tsx'
import { OrderBar } from './orderBar.tsx'
import { Reading, Unread } from './reading.tsx'
import { usePreview, type PreviewState } from './usePreview.ts'
import { WritingSettings } from './writingSettings.tsx'

export function Preview({ upload }: { readonly upload: UploadView }) {
  const state = usePreview(upload)
  const { questions, columns, change, say } = state
  if (state.inspection.error !== null) return <Unread state={state} />
  return (
    <Loaded query={state.inspection} lines={8}>
      {(inspection) => (
        <Stack gap="lg">
          <Corrections upload={upload} />
          <Reading state={state} dialect={inspection.dialect} />
          <Memory inspection={inspection} />
          <Questions questions={questions} columns={columns} change={change} say={say} />
          <Columns state={state} inspection={inspection} />
          <Notes state={state} inspection={inspection} />
          <WritingSettings state={state} />
          <OrderBar state={state} upload={upload} rows={rowsText(inspection, upload)} />
        </Stack>
      )}
    </Loaded>
  )
}

/** Bytes that are looked at. */
const sample = 2 << 20

/** `1,200 rows`, or an estimate where only the beginning was looked at. */
function rowsText({ whole, records }: Inspection, { contentBytes }: UploadView): string {
  if (whole || contentBytes <= sample) return noun(records, 'row')
  const guess = (records * contentBytes) / sample
  const step = 10 ** Math.max(0, Math.floor(Math.log10(guess)) - 1)
  return `about ${count(Math.round(guess / step) * step)} rows`
}

interface ColumnsProps {
  readonly state: PreviewState
  readonly inspection: Inspection
}

function Columns({ state, inspection }: ColumnsProps) {
  return (
    <Tabs defaultValue="columns">
      <Tabs.List>
        <Tabs.Tab value="columns">{noun(inspection.columns.length, 'column')}</Tabs.Tab>
        <Tabs.Tab value="rows">First rows</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="columns" pt="md">
        <ColumnList state={state} inspection={inspection} />
      </Tabs.Panel>
      <Tabs.Panel value="rows" pt="md">
        <FirstRows inspection={inspection} />
      </Tabs.Panel>
    </Tabs>
  )
}

function Memory({ inspection: { remembered } }: { readonly inspection: Inspection }) {
  const namespace = useNamespace()
  if (remembered === null || remembered === undefined) return null
  const { run, file, job, at, news } = remembered
  return (
    <Alert variant="light" color="cyan" icon={<IconHistory aria-hidden />} title="Mapped as last time">
      <Text>
        The mapping of <Go to={`/n/${namespace}/runs/${run}`}>{run}</Go> ({file ?? job}, <When at={at} ago />)
        is used again{news.length === 0 ? '.' : '; different this time:'}
      </Text>
      {news.length > 0 && (
        <List size="sm" mt={6}>
          {news.map(({ column, kind, text }) => (
            <List.Item key={column}>
              <b>{column}</b> {kind}: {text}
            </List.Item>
          ))}
        </List>
      )}
    </Alert>
  )
}

function Notes({ state, inspection: { warnings, notes, bad } }: ColumnsProps) {
  if (warnings.length + notes.length + bad === 0) return null
  return (
    <Stack gap="xs">
      {bad > 0 && (
        <Note warns>
          <b>{noun(bad, 'row')}</b> of the beginning cannot be read and would be set aside with a reason.
        </Note>
      )}
      {warnings.map(({ column, text }) => (
        <Advised key={text} text={column === null ? text : `${column}: ${text}`} state={state} warns />
      ))}
      {notes.map(({ column, text }) => (
        <Advised key={text} text={column === null ? text : `${column}: ${text}`} state={state} />
      ))}
    </Stack>
  )
}

interface AdvisedProps {
  readonly text: string
  readonly state: PreviewState
  readonly warns?: boolean
}

/** A note, with a button where something can be done about it at once. */
function Advised({ text, state, warns = false }: AdvisedProps) {
  const advice = adviceOf(text)
  const [done, setDone] = useState(false)
  const { mend } = advice
  return (
    <Note warns={warns && !done}>
      {advice.text}{' '}
      {mend !== null && (
        <Button
          size="compact-xs"
          variant="light"
          disabled={done}
          onClick={() => {
            state.say(mend.flags)
            setDone(true)
          }}
        >
          {done ? 'Done' : mend.label}
        </Button>
      )}
    </Note>
  )
}

function Note({ warns = false, children }: { readonly warns?: boolean; readonly children: ReactNode }) {
  const Icon = warns ? IconAlertTriangle : IconInfoCircle
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start">
      <Icon
        size={18}
        style={{ flex: 'none', marginTop: 3 }}
        color={warns ? 'var(--mantine-color-orange-6)' : 'var(--mantine-color-dimmed)'}
        aria-hidden
      />
      <Text component="div">{children}</Text>
    </Group>
  )
}
