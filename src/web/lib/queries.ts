// How the app asks the API: one client, one cache, and failures as problems with a code and advice.
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { getMeQueryKey } from '../../client/@tanstack/react-query.gen.ts'
import type { ProblemAnswer } from '../../client/index.ts'
import { client } from '../../client/client.gen.ts'
import { setSessionOver } from './session.ts'

/** What the API refused: the problem as it answered it (RFC 9457), or `offline` where no answer came. */
export class Refusal extends Error {
  readonly problem: Pick<ProblemAnswer, 'code' | 'title' | 'detail' | 'advice' | 'status'>

  constructor(problem: Refusal['problem'], options?: ErrorOptions) {
    super(problem.detail, options)
    this.problem = problem
  }
}

const offline = {
  code: 'offline',
  title: 'Sluice does not answer',
  detail: 'The server could not be reached.',
  advice: 'Check the connection, and whether Sluice is up; this page tries again by itself.',
  status: 0,
}

/** Any error as a refusal. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  if (isProblem(error)) return new Refusal(error)
  return new Refusal(offline, { cause: error })
}

function isProblem(error: unknown): error is ProblemAnswer {
  return typeof error === 'object' && error !== null && 'code' in error && 'advice' in error
}

/** Called once, before anything is asked. */
export function setUpClient(): void {
  client.setConfig({ baseUrl: '', throwOnError: true })
  client.interceptors.error.use((error) => refusalOf(error))
}

// A page that is looked at again shows what it had and asks anew; what was refused is not asked again by itself.
export const queries = new QueryClient({
  queryCache: new QueryCache({ onError: (error) => signedOut(error) }),
  mutationCache: new MutationCache({ onError: (error) => signedOut(error) }),
  defaultOptions: {
    queries: {
      staleTime: 2_000,
      retry: (failures, error) => refusalOf(error).problem.status === 0 && failures < 20,
      retryDelay: (failures) => Math.min(1_000 * 2 ** failures, 10_000),
    },
  },
})

let leaving = false

/** Whoever comes without a session is led to the sign-in, and back here after; who had one is asked over the page. */
export function signedOut(error: unknown): void {
  if (refusalOf(error).problem.code !== 'access.sign_in') return
  const { pathname, search, hash } = window.location
  if (pathname === '/sign-in' || pathname === '/welcome') return
  if (queries.getQueryData(getMeQueryKey()) !== undefined) return setSessionOver(true)
  // Several queries are refused at once: the first leads away, and is not called back by the next.
  if (leaving) return
  leaving = true
  window.location.assign(`/sign-in?to=${encodeURIComponent(pathname + search + hash)}`)
}
