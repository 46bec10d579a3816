// Rows that failed, in a grid: mended by cause or cell by cell, and imported again as a child run.
import { Alert, Button, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams, useSearch } from '@tanstack/react-router'
import { Fragment } from 'react'
import { getRunErrorsOptions, getRunOptions } from '../../../client/@tanstack/react-query.gen.ts'
import type { RunErrors, RunView } from '../../../client/index.ts'
import { adviceHere } from '../../lib/advice.ts'
import { noun } from '../../lib/numbers.ts'
import { useMay, useNamespace } from '../../lib/place.ts'
import { Empty } from '../../parts/empty.tsx'
import { Go, GoButton } from '../../parts/go.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Page } from '../../parts/page.tsx'
import { ImportButton } from '../import/importButton.tsx'
import { Causes } from './causes.tsx'
import { Grid } from './grid.tsx'
import { RunBar } from './runBar.tsx'
import { RuleBar } from './ruleBar.tsx'
import { Rules } from './rules.tsx'
import { useFixes } from './useFixes.ts'

export function FixPage() {
  const namespace = useNamespace()
  const run = useParams({ strict: false, select: (params) => params.run ?? '' })
  const view = useQuery(getRunOptions({ path: { namespace, run } }))
  const errors = useQuery(getRunErrorsOptions({ path: { namespace, run } }))
  const fixable = view.data?.artifacts.errors !== undefined
  const above = [
    {
      label: view.data === undefined ? run : `${view.data.run.job} ${run}`,
      to: `/n/${namespace}/runs/${run}`,
    },
  ]
  return (
    <Page
      title="Fix rejected rows"
      above={above}
      about="Mend them by cause or cell by cell. Only what you change is imported again, as a run of its own."
      actions={
        fixable && (
          <>
            <Download run={run} />
            <ImportButton label="Upload a corrected file" variant="default" />
          </>
        )
      }
    >
      <Loaded query={view}>
        {(found) => (
          <Loaded query={errors} lines={8}>
            {(causes) => <Fixing view={found} errors={causes} />}
          </Loaded>
        )}
      </Loaded>
    </Page>
  )
}

function Download({ run }: { readonly run: string }) {
  const namespace = useNamespace()
  if (!useMay('download_personal')) return null
  return (
    <Button
      component="a"
      variant="default"
      href={`/v1/namespaces/${namespace}/runs/${run}/artifacts/errors`}
      download
    >
      Download the error file
    </Button>
  )
}

interface FixingProps {
  readonly view: RunView
  readonly errors: RunErrors
}

function Fixing({ view, errors }: FixingProps) {
  const { run, artifacts } = view
  const namespace = useNamespace()
  const state = useFixes(namespace, run.id)
  const may = useMay('import')
  const { cause } = useSearch({ strict: false }) as { readonly cause?: string }
  const open = errors.causes.filter(({ count, mended }) => count > mended)
  const shown = open.find(({ code }) => code === cause) ?? open[0]
  if (shown === undefined || artifacts.errors === undefined) return <Nothing view={view} errors={errors} />
  const list = { namespace, run: run.id, code: shown.code, count: shown.count - shown.mended }
  const key = `${list.code} ${list.count}`
  return (
    <Stack gap="md">
      {errors.mended > 0 && (
        <Alert color="green" variant="light" role="status">
          {noun(errors.mended, 'row was', 'rows were')} mended since by{' '}
          <Runs namespace={namespace} runs={run.children} />; what is left is below.
        </Alert>
      )}
      <Causes causes={open} shown={shown.code} />
      <Text maw={720}>
        {adviceHere(shown).replace(' in the error file', ' below') ||
          'Correct the cells below, or all of them at once.'}
      </Text>
      {may && <RuleBar key={key} list={list} state={state} />}
      <Rules state={state} />
      <Grid key={`${key} grid`} list={list} state={state} may={may} />
      {may && <RunBar run={run.id} state={state} />}
    </Stack>
  )
}

function Runs({ namespace, runs }: { readonly namespace: string; readonly runs: readonly string[] }) {
  return runs.map((run, i) => (
    <Fragment key={run}>
      {i > 0 && ', '}
      <Go to={`/n/${namespace}/runs/${run}`}>{run}</Go>
    </Fragment>
  ))
}

function Nothing({ view: { run }, errors }: FixingProps) {
  const to = `/n/${run.namespace}/runs/${run.id}`
  const [title = '', text] = !run.settled
    ? ['The run is not over yet', 'Rows that fail can be mended here when it is.']
    : errors.failed === 0
      ? ['Nothing to fix', 'No row of this run failed.']
      : errors.mended === errors.failed
        ? [
            'Everything is mended',
            `${noun(errors.failed, 'row')} failed, and later runs brought all of them in.`,
          ]
        : ['The rows are not kept any more', 'Their error file was removed when its time was over.']
  return (
    <Empty title={title} action={<GoButton to={to}>To the run</GoButton>}>
      {text}
    </Empty>
  )
}
