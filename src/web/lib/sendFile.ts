// Sends a file in parts that stay on the server as they arrive (tus 1.0): a connection that is lost, a server that is started
// again, a page that is loaded again cost nothing but the time.
import type { DetailedError, Upload } from 'tus-js-client'
import {
  deleteUploadsResumable,
  getUpload,
  getUploadsResumable,
  type UploadView,
} from '../../client/index.ts'
import { systemClock } from '../../core/clock.ts'
import { Pace } from './pace.ts'
import { Refusal, refusalOf } from './queries.ts'
import { Turns } from './turns.ts'
import { forget, markOf, recall, remember } from './unfinished.ts'

/** `waiting`: for its turn. `lost`: nobody answers, and it is tried again by itself. `reading`: the server looks at what it has. */
export type Phase = 'waiting' | 'sending' | 'paused' | 'lost' | 'reading'

export interface Progress {
  readonly phase: Phase
  /** Bytes that are sent. */
  readonly sent: number
  /** Bytes among them that had arrived before, in an earlier try to send the file. */
  readonly before: number
  /** Bytes a second; null: too early to say. */
  readonly rate: number | null
}

export const notBegun: Progress = { phase: 'waiting', sent: 0, before: 0, rate: null }

export interface SendOrder {
  readonly namespace: string
  readonly file: File
  readonly onProgress: (progress: Progress) => void
}

// A browser opens six connections to one server, for all its windows; the pages need some.
const turns = new Turns(2)

/** Bytes of one request: a proxy that hands a request on when it has all of it keeps no more than this from arriving. */
const requestBytes = 32 << 20
/** Bytes up to which a file is sent with the request that announces it. */
const atOnce = 4 << 20
/** Milliseconds without a byte after which a connection is given up: a network that goes away does not say so. */
const stalledAfter = 45_000
/** Milliseconds between two progresses that are told. */
const tellEvery = 200
const longestRest = 10_000

/** Answers after which the same request may succeed later; 0: there was none. */
const passing: readonly number[] = [0, 408, 409, 423, 425, 429, 502, 503, 504]

type Wish = 'go' | 'pause' | 'stop'

type Outcome = { readonly landed: string | null } | { readonly broken: unknown } | 'interrupted'

/** A file on its way; it begins at once. */
export class FileSender {
  /** The upload it became; null: it was stopped. Rejects with a `Refusal`; what had arrived until then is kept for a day. */
  readonly done: Promise<UploadView | null>
  readonly #order: SendOrder
  readonly #mark: string
  readonly #pace = new Pace()
  #progress: Progress = notBegun
  #toldAt = 0
  /** Where its bytes go; null: it was not announced yet. */
  #url: string | null
  #isResumed: boolean
  #wish: Wish = 'go'
  /** Ends what is waited for, so that the wish is looked at. */
  #wake = (): void => {}

  constructor(order: SendOrder) {
    this.#order = order
    this.#mark = markOf(order.namespace, order.file)
    this.#url = recall(this.#mark)
    this.#isResumed = this.#url !== null
    this.done = this.#run()
  }

  /** Whether it is this very file. */
  isOf(namespace: string, file: File): boolean {
    return this.#mark === markOf(namespace, file)
  }

  pause(): void {
    this.#want('pause')
  }

  goOn(): void {
    this.#want('go')
  }

  /** Ends it for good; what arrived is removed. */
  stop(): void {
    this.#want('stop')
    forget(this.#mark)
    if (this.#url === null) return
    const path = { namespace: this.#order.namespace, resumable: idIn(this.#url) }
    // What cannot be removed now is removed by the server after a day.
    void deleteUploadsResumable({ path, headers: { 'tus-resumable': '1.0.0' } }).catch(() => {})
  }

  #want(wish: Wish): void {
    this.#wish = wish
    if (wish === 'pause') this.#tell({ phase: 'paused', rate: null })
    if (wish === 'go') this.#tell({ phase: 'waiting' })
    this.#wake()
  }

  #wants(wish: Wish): boolean {
    return this.#wish === wish
  }

  async #run(): Promise<UploadView | null> {
    for (let losses = 0; ;) {
      while (this.#wants('pause')) await this.#woken()
      if (this.#wants('stop')) return null
      const endTurn = await turns.take()
      const sent = this.#progress.sent
      const outcome = await this.#attempt().catch((broken: unknown): Outcome => ({ broken }))
      endTurn()
      if (outcome === 'interrupted' || this.#wants('stop')) continue
      try {
        if ('landed' in outcome) return await this.#landed(outcome.landed)
        if (await this.#judge(outcome.broken)) continue
      } catch (error) {
        const refusal = refusalOf(error)
        if (!passing.includes(refusal.problem.status)) throw refusal
      }
      if (this.#progress.sent > sent) losses = 0
      await this.#rest(Math.min(1_000 * 2 ** losses++, longestRest))
    }
  }

  /** One connection, as long as it lasts. */
  async #attempt(): Promise<Outcome> {
    const { Upload: Sending } = await import('tus-js-client')
    if (!this.#wants('go')) return 'interrupted'
    const { file } = this.#order
    this.#pace.restart()
    // While nobody answers it stays lost, however often it is tried.
    if (this.#progress.phase !== 'lost') this.#flow(this.#progress.sent)
    return new Promise((resolve) => {
      let stall: ReturnType<typeof setTimeout> | undefined
      const settle = (outcome: Outcome): void => {
        clearTimeout(stall)
        resolve(outcome)
      }
      // Only what is under way: a request that is aborted after its end forgets what it was answered.
      const cut = (outcome: Outcome): void => {
        void upload.abort()
        settle(outcome)
      }
      const alive = (): void => {
        clearTimeout(stall)
        if (this.#progress.phase !== 'reading') stall = setTimeout(() => cut({ broken: null }), stalledAfter)
      }
      const upload: Upload = new Sending(file, {
        ...this.#place(),
        metadata: { filename: file.name },
        chunkSize: requestBytes,
        uploadDataDuringCreation: file.size <= atOnce,
        // When to try again, and what to remember, is decided here.
        retryDelays: null,
        storeFingerprintForResuming: false,
        onUploadUrlAvailable: () => this.#announced(upload.url),
        onProgress: (sent) => {
          // The first thing told of what was begun earlier is how much of it is there.
          if (this.#isResumed) this.#progress = { ...this.#progress, before: sent }
          this.#isResumed = false
          this.#flow(sent)
          alive()
        },
        onSuccess: ({ lastResponse }) => settle({ landed: lastResponse.getHeader('sluice-upload') ?? null }),
        onError: (broken) => settle({ broken }),
      })
      this.#wake = () => cut('interrupted')
      alive()
      upload.start()
    })
  }

  /** Without an endpoint a failed look at what is there is an error; with one, the file would begin from the start again. */
  #place(): { readonly uploadUrl: string } | { readonly endpoint: string } {
    if (this.#url !== null) return { uploadUrl: this.#url }
    const path = `/v1/namespaces/${encodeURIComponent(this.#order.namespace)}/uploads/resumable`
    return { endpoint: new URL(path, window.location.href).href }
  }

  #announced(url: string | null): void {
    if (url === null) return
    this.#url = url
    remember(this.#mark, url)
  }

  #flow(sent: number): void {
    this.#pace.note(sent, systemClock.now())
    const phase = sent >= this.#order.file.size && sent > 0 ? 'reading' : 'sending'
    this.#tell({ phase, sent, rate: this.#pace.rate })
  }

  #tell(news: Partial<Progress>): void {
    const isSame = news.phase === this.#progress.phase
    this.#progress = { ...this.#progress, ...news }
    const now = systemClock.now()
    if (isSame && now - this.#toldAt < tellEvery) return
    this.#toldAt = now
    this.#order.onProgress(this.#progress)
  }

  async #landed(upload: string | null): Promise<UploadView> {
    const { namespace } = this.#order
    const path = { namespace, resumable: idIn(this.#url ?? '') }
    const id = upload ?? (await getUploadsResumable({ path })).data.upload?.id ?? ''
    const { data } = await getUpload({ path: { namespace, upload: id } })
    forget(this.#mark)
    return data
  }

  /** Whether to try again at once; false: after a rest. Throws where no other try helps. */
  async #judge(broken: unknown): Promise<boolean> {
    const { file, namespace } = this.#order
    const answer = (broken as Partial<DetailedError> | null)?.originalResponse ?? null
    const status = answer?.getStatus() ?? 0
    if (status === 0 && !(await isReadable(file))) throw unreadable(file)
    if (passing.includes(status)) return false
    if ((status === 404 || status === 410) && this.#url !== null) {
      // It waited for too long, or was read to its end and refused: from the beginning.
      this.#url = null
      forget(this.#mark)
      this.#tell({ sent: 0, before: 0 })
      return true
    }
    const said = problemIn(answer?.getBody() ?? '')
    if (said !== null) throw refusalOf(said)
    // An answer to HEAD has no words.
    if (this.#url === null) throw refusalOf(null)
    await getUploadsResumable({ path: { namespace, resumable: idIn(this.#url) } })
    return false
  }

  /** Waits, at most until the connection is back or somebody wants something. */
  async #rest(milliseconds: number): Promise<void> {
    if (!this.#wants('go')) return
    this.#tell({ phase: 'lost', rate: null })
    const back = new AbortController()
    const timer = setTimeout(() => this.#wake(), milliseconds)
    window.addEventListener('online', () => this.#wake(), { signal: back.signal })
    await this.#woken()
    clearTimeout(timer)
    back.abort()
  }

  #woken(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve))
  }
}

function idIn(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1)
}

function problemIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** A file that changed, moved or was a folder all along cannot be read; no other try helps. */
async function isReadable(file: File): Promise<boolean> {
  try {
    await file.slice(0, 1).arrayBuffer()
    return true
  } catch {
    return false
  }
}

function unreadable({ name }: File): Refusal {
  return new Refusal({
    code: 'file.unreadable',
    title: 'The file cannot be read',
    detail: `${name} was changed, moved or deleted while it was sent, or it is a folder.`,
    advice: 'Look whether it is still where it was, then give it again. Of a folder, give the files in it.',
    status: 400,
  })
}
