// Rows that failed, in a grid: mended by cause or cell by cell, and imported again as a child run.
import { Alert, Button, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams, useSearch } from '@tanstack/react-router'
import { getRunErrorsOptions, getRunOptions } from '../../../client/@tanstack/react-query.gen.ts'
import type { RunErrors, RunView } from '../../../client/index.ts'
import { adviceHere } from '../../lib/advice.ts'
import { noun } from '../../lib/numbers.ts'
import { useMay, useNamespace } from '../../lib/place.ts'
import { Empty } from '../../parts/empty.tsx'
import { GoButton } from '../../parts/go.tsx'
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
      about="Mend them by cause or cell by cell; only what you changed is imported again, as a run of its own."
      actions={
        <>
          <Download run={run} />
          <ImportButton label="Upload a corrected file" variant="default" />
        </>
      }
    >
      <Loaded query={view}>
        {(found) => (
          <Loaded query={errors} lines={8}>
            {(causes) => <Fixing run={found} errors={causes} />}
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
  readonly run: RunView
  readonly errors: RunErrors
}

function Fixing({ run: { run, artifacts }, errors }: FixingProps) {
  const namespace = useNamespace()
  const state = useFixes(namespace, run.id)
  const may = useMay('import')
  const { cause } = useSearch({ strict: false }) as { readonly cause?: string }
  const shown = errors.causes.find(({ code }) => code === cause) ?? errors.causes[0]
  if (shown === undefined || artifacts.errors === undefined)
    return (
      <Empty
        title={run.settled ? 'Nothing to fix' : 'The run is not over yet'}
        action={<GoButton to={`/n/${namespace}/runs/${run.id}`}>To the run</GoButton>}
      >
        {run.settled
          ? 'No row of this run failed, or its error file was removed by retention.'
          : 'Rows that failed can be mended here when it is.'}
      </Empty>
    )
  return (
    <Stack gap="md">
      {errors.mended > 0 && (
        <Alert color="green" variant="light">
          {noun(errors.mended, 'row')} of {noun(errors.failed, 'row')} were mended by an earlier child run.
        </Alert>
      )}
      <Causes causes={errors.causes} shown={shown.code} />
      <Text maw={720}>{adviceHere(shown.advice) || 'Correct the cells below, or all of them at once.'}</Text>
      {may && <RuleBar key={shown.code} run={run.id} cause={shown} state={state} />}
      <Rules state={state} />
      <Grid key={`${shown.code} grid`} run={run.id} code={shown.code} state={state} may={may} />
      {may && <RunBar run={run.id} state={state} />}
    </Stack>
  )
}
