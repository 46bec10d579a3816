// News from the server as they happen: one stream for the page that is looked at, and what is known of runs, jobs and the queue kept true by it.
import type { QueryClient } from '@tanstack/react-query'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useSyncExternalStore } from 'react'
import type { JobView, RunView } from '../../client/index.ts'

/** `lost`: there was a stream and there is none now; the browser tries again by itself. */
export type LiveState = 'opening' | 'open' | 'lost' | 'off'

let state: LiveState = 'off'
const watching = new Set<() => void>()

function become(next: LiveState): void {
  if (state === next) return
  state = next
  for (const told of watching) told()
}

function watch(told: () => void): () => void {
  watching.add(told)
  return () => watching.delete(told)
}

/** Whether news are coming. */
export function useLiveState(): LiveState {
  return useSyncExternalStore(watch, () => state)
}

/** How often to ask for what changes: seldom while news are coming, else every `milliseconds`. */
export function paced(milliseconds: number): number {
  return state === 'open' ? Math.max(milliseconds, 10_000) : milliseconds
}

/** Follows a namespace while its page can be seen: a browser opens few connections to one server for all its windows. */
export function useLive(namespace: string): void {
  const client = useQueryClient()
  useEffect(() => {
    const follower = new Follower(namespace, client)
    const look = (): void => {
      if (document.visibilityState !== 'visible') follower.close()
      // A stream says nothing of itself when the network goes: it would wait for minutes.
      else if (navigator.onLine) follower.open()
      else follower.lose()
    }
    look()
    const signs = [
      [document, 'visibilitychange'],
      [window, 'online'],
      [window, 'offline'],
    ] as const
    for (const [where, sign] of signs) where.addEventListener(sign, look)
    return () => {
      for (const [where, sign] of signs) where.removeEventListener(sign, look)
      follower.close()
    }
  }, [namespace, client])
}

/** Lists are asked for anew at most so often, however fast news come. */
const listsEvery = 2_000

/** After a refusal it is tried again after so long, and less often each time; a cut the browser mends by itself. */
const againAfter = { first: 5_000, longest: 60_000 }

class Follower {
  readonly #namespace: string
  readonly #client: QueryClient
  #source: EventSource | null = null
  #place: string | null = null
  #stale = new Set<string>()
  #timer: ReturnType<typeof setTimeout> | undefined
  #again: ReturnType<typeof setTimeout> | undefined
  #patience = againAfter.first
  /** Something may have happened that was not told. */
  #missed = false

  constructor(namespace: string, client: QueryClient) {
    this.#namespace = namespace
    this.#client = client
  }

  open(): void {
    if (this.#source !== null) return
    const after = this.#place === null ? '' : `&after=${this.#place}`
    const query = `?dialect=namespace${after}`
    const source = new EventSource(`/v1/namespaces/${encodeURIComponent(this.#namespace)}/live${query}`)
    this.#source = source
    become('opening')
    source.addEventListener('open', () => this.#opened())
    source.addEventListener('error', () => this.#broken(source))
    this.#hear('run', (view) => this.#run(view as RunView))
    this.#hear('job', (view) => this.#job(view as JobView))
    this.#hear('queue', () => this.#later('getQueue', 'getHome'))
    this.#hear('reset', () => void this.#client.invalidateQueries())
    this.#hear('problem', () => this.#refused())
  }

  close(): void {
    this.#source?.close()
    this.#source = null
    clearTimeout(this.#timer)
    clearTimeout(this.#again)
    this.#timer = undefined
    // Where no place is known to go on from, what happens meanwhile is found out by asking anew.
    this.#missed ||= this.#place === null || this.#stale.size > 0
    become('off')
  }

  /** There is no network; it is opened again when there is. */
  lose(): void {
    this.close()
    this.#missed = true
    become('lost')
  }

  #opened(): void {
    become('open')
    this.#patience = againAfter.first
    if (!this.#missed) return
    this.#missed = false
    void this.#client.invalidateQueries()
  }

  /** After a cut the browser comes back with the last id; what the pages asked for in vain is asked again then. */
  #broken(source: EventSource): void {
    this.#missed = true
    if (source.readyState === EventSource.CLOSED) this.#refused()
    else become('lost')
  }

  /** The server ended it, or something in between answered in its place: pages ask by themselves until it holds again. */
  #refused(): void {
    this.close()
    this.#again = setTimeout(() => this.open(), this.#patience)
    this.#patience = Math.min(2 * this.#patience, againAfter.longest)
  }

  #hear(name: string, take: (data: unknown) => void): void {
    this.#source?.addEventListener(name, ({ data, lastEventId }: MessageEvent<string>) => {
      if (lastEventId !== '') this.#place = lastEventId
      take(JSON.parse(data))
    })
  }

  #run(view: RunView): void {
    const { id } = view.run
    this.#client.setQueriesData<RunView>(
      { predicate: ({ queryKey: [key] }) => isAbout(key, 'getRun', this.#namespace, 'run', id) },
      // What only the view of one run has stays until it is asked for again.
      (before) => before && { ...view, run: { ...view.run, mended: before.run.mended } },
    )
    this.#later(
      'getRuns',
      'getHome',
      'getJob',
      'getJobs',
      'getJobLog',
      'uploads',
      ...(view.run.settled ? ['getRun'] : []),
    )
  }

  #job({ job, id }: JobView): void {
    void this.#client.invalidateQueries({
      predicate: ({ queryKey: [key] }) =>
        isAbout(key, 'getJob', this.#namespace, 'job', job) ||
        isAbout(key, 'getJob', this.#namespace, 'job', id),
    })
    this.#later('getJobs', 'getHome')
  }

  /** Marks queries as stale, all that gathered in a while at once. */
  #later(...names: readonly string[]): void {
    for (const name of names) this.#stale.add(name)
    this.#timer ??= setTimeout(() => {
      const stale = this.#stale
      this.#stale = new Set()
      this.#timer = undefined
      void this.#client.invalidateQueries({ predicate: ({ queryKey: [key] }) => stale.has(nameOf(key)) })
    }, listsEvery)
  }
}

interface Key {
  readonly _id?: string
  readonly path?: Readonly<Record<string, unknown>>
}

function nameOf(key: unknown): string {
  return typeof key === 'string' ? key : ((key as Key | undefined)?._id ?? '')
}

function isAbout(key: unknown, name: string, namespace: string, noun: string, id: string): boolean {
  const { path } = (key ?? {}) as Key
  return nameOf(key) === name && path?.['namespace'] === namespace && path[noun] === id
}
