// Where the numbers of a run lead to.
import { addressOf } from '../../lib/address.ts'

/** The list of records, narrowed down. */
export function recordsOf(
  namespace: string,
  run: string,
  filter: Readonly<Record<string, string>> = {},
): string {
  return addressOf(`/n/${namespace}/records`, { run, ...filter })
}

/** The page of a run. */
export function runPage(namespace: string, run: string): string {
  return `/n/${namespace}/runs/${run}`
}

/** The page of a job; names may have any character. */
export function jobPage(namespace: string, job: string): string {
  return `/n/${namespace}/jobs/${encodeURIComponent(job)}`
}
