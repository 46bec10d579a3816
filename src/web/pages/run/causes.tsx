// Why records failed, by cause: how many, what to do, and the first of them with their values.
import { Badge, Code, Group, Stack, Text, Title } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRunErrorsOptions } from '../../../client/@tanstack/react-query.gen.ts'
import type { RunErrors, RunView } from '../../../client/index.ts'
import { adviceHere } from '../../lib/advice.ts'
import { count, noun } from '../../lib/numbers.ts'
import { paced } from '../../lib/live.ts'
import { useMay } from '../../lib/place.ts'
import { Go, GoButton } from '../../parts/go.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { recordsOf, runPage } from './links.ts'
import { rejectedOf } from './stored.ts'
import { pace } from './useRun.ts'

type Cause = RunErrors['causes'][number]

/** Nothing where nothing is wrong. */
export function Causes({ view }: { readonly view: RunView }) {
  const { run, counters } = view
  const failed = counters.failed.total
  const any = failed + rejectedOf(view) + Object.keys(run.warnings).length > 0
  const { queryKey, queryFn } = getRunErrorsOptions({ path: { namespace: run.namespace, run: run.id } })
  const query = useQuery({
    // What failed in the end is asked for once more when the run is over.
    queryKey: [...queryKey, run.settled, run.children.length] as const,
    queryFn: queryFn as () => Promise<RunErrors>,
    enabled: any,
    placeholderData: keepPreviousData,
    refetchInterval: pace(view) === false ? false : paced(3_000),
  })
  if (!any) return null
  return <Loaded query={query}>{(errors) => <Found view={view} errors={errors} />}</Loaded>
}

function Found({ view, errors }: { readonly view: RunView; readonly errors: RunErrors }) {
  const { causes, warnings } = errors
  return (
    <Stack gap="xl">
      {causes.length > 0 && (
        <Stack component="section" aria-labelledby="causes">
          <Head view={view} errors={errors} />
          {causes.map((cause) => (
            <CauseBlock key={cause.code} view={view} cause={cause} />
          ))}
        </Stack>
      )}
      {warnings.length > 0 && (
        <Stack component="section" aria-labelledby="warnings">
          <Title order={2} id="warnings">
            Went in with a warning
          </Title>
          {warnings.map((cause) => (
            <CauseBlock key={cause.code} view={view} cause={cause} warning />
          ))}
        </Stack>
      )}
    </Stack>
  )
}

function Head({ view, errors }: { readonly view: RunView; readonly errors: RunErrors }) {
  const { run, counters } = view
  const may = useMay('import')
  const fixable =
    may && run.settled && view.artifacts['errors'] !== undefined && errors.failed > errors.mended
  const would = counters.failed.total === 0
  return (
    <Group justify="space-between" align="center">
      <div>
        <Title order={2} id="causes">
          {would
            ? `Why ${noun(errors.failed, 'record')} would fail`
            : `Why ${noun(errors.failed, 'record')} failed`}
        </Title>
        {errors.mended > 0 && (
          <Text c="dimmed">
            {count(errors.mended)} mended since by {run.children.join(', ')};{' '}
            {count(errors.failed - errors.mended)} still fail.
          </Text>
        )}
      </div>
      {fixable && (
        <GoButton to={`${runPage(run.namespace, run.id)}/fix`} variant="default">
          Fix these rows
        </GoButton>
      )}
    </Group>
  )
}

interface CauseProps {
  readonly view: RunView
  readonly cause: Cause
  readonly warning?: boolean
}

function CauseBlock({ view, cause, warning = false }: CauseProps) {
  const { run, counters } = view
  const more = !warning && counters.failed.total > 0 && cause.count > cause.examples.length
  return (
    <article className="run-cause" data-warning={warning || undefined}>
      <Stack gap={6}>
        <Group gap="xs" align="center">
          <Badge color={warning ? 'orange' : 'red'} variant="light" className="numbers" tt="none">
            {count(cause.count)}
          </Badge>
          <Title order={3} size="h4">
            {cause.title}
          </Title>
          <Code>{cause.code}</Code>
        </Group>
        <Text size="sm">{adviceHere(cause)}</Text>
        {cause.examples.length > 0 && <Examples view={view} cause={cause} />}
        {more && (
          <Go to={recordsOf(run.namespace, run.id, { state: 'failed', code: cause.code })} size="sm">
            See all {noun(cause.count, 'record')}
          </Go>
        )}
      </Stack>
    </article>
  )
}

/** The first of them: where it stands in the file, its column, and its value; where there is none, what is wrong. */
function Examples({ view: { run, counters }, cause }: Omit<CauseProps, 'warning'>) {
  const landed = counters.read > 0
  return (
    <ul className="run-examples" aria-label={`Examples: ${cause.title}`}>
      {cause.examples.map(({ record, line, column, value, message }) => {
        const place = line === null ? `Record ${count(record)}` : `Line ${count(line)}`
        return (
          <li key={record}>
            <span className="numbers">
              {landed ? (
                <Go to={`/n/${run.namespace}/records/${run.id}/${record}`} size="sm">
                  {place}
                </Go>
              ) : (
                place
              )}
            </span>
            <Text span size="sm" c="dimmed" className="run-value">
              {column ?? ''}
            </Text>
            {value === null ? (
              <span className="run-value">{message}</span>
            ) : (
              <Code className="run-value">{value === '' ? '(empty)' : value}</Code>
            )}
          </li>
        )
      })}
    </ul>
  )
}
