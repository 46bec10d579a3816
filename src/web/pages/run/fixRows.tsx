// What comes next after records failed: mending their rows, one press away from wherever the page is.
import type { RunView } from '../../../client/index.ts'
import { useMay } from '../../lib/place.ts'
import { GoButton } from '../../parts/go.tsx'
import { runPage } from './links.ts'

/** Nothing while it runs, where nothing failed, and where all of it was mended since. */
export function FixRows({ view: { run, artifacts, counters } }: { readonly view: RunView }) {
  const may = useMay('import')
  const left = run.mended?.left ?? counters.failed.total
  if (!may || !run.settled || artifacts['errors'] === undefined || left === 0) return null
  return <GoButton to={`${runPage(run.namespace, run.id)}/fix`}>Fix rows</GoButton>
}
