// Reads server-sent events as a browser does: messages one by one, and the id to come back with.
import { request, type IncomingMessage, type RequestOptions } from 'node:http'
import { once } from 'node:events'

export interface News {
  readonly name: string
  readonly id: string
  readonly data: unknown
}

export class NewsReader {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  /** Everything that was read. */
  readonly all: News[] = []
  readonly comments: string[] = []
  /** What a browser would send as Last-Event-ID. */
  lastId = ''
  retry = 0
  readonly #answer: IncomingMessage
  #text = ''
  #ended = false
  #more = Promise.withResolvers<void>()

  private constructor(answer: IncomingMessage, taking: boolean) {
    this.#answer = answer
    this.status = answer.statusCode ?? 0
    this.headers = answer.headers
    if (taking) this.#take()
  }

  /** `idle`: a reader that takes nothing. */
  static async open(options: RequestOptions, { idle = false } = {}): Promise<NewsReader> {
    const asked = request({ ...options, agent: false })
    asked.end()
    const [answer] = (await once(asked, 'response')) as [IncomingMessage]
    return new NewsReader(answer, !idle)
  }

  #take(): void {
    this.#answer.setEncoding('utf8')
    this.#answer.on('data', (piece: string) => this.#read(piece))
    const end = (): void => {
      this.#ended = true
      this.#tell()
    }
    this.#answer.on('close', end)
    this.#answer.on('error', end)
  }

  #tell(): void {
    const before = this.#more
    this.#more = Promise.withResolvers()
    before.resolve()
  }

  #read(piece: string): void {
    this.#text += piece
    const blocks = this.#text.split('\n\n')
    this.#text = blocks.pop()!
    for (const block of blocks) this.#readBlock(block.split('\n'))
    this.#tell()
  }

  #readBlock(lines: readonly string[]): void {
    let [name, data] = ['message', '']
    for (const line of lines) {
      const [, field = '', value = ''] = /^([^:]*): ?(.*)$/.exec(line) ?? []
      if (field === 'event') name = value
      if (field === 'data') data += value
      if (field === 'id') this.lastId = value
      if (field === 'retry') this.retry = Number(value)
      if (field === '') this.comments.push(value)
    }
    if (data !== '') this.all.push({ name, id: this.lastId, data: JSON.parse(data) as unknown })
  }

  /** Waits for a message that fits, also among those that were read already. */
  async wait(fits: (news: News) => boolean): Promise<News> {
    for (;;) {
      const more = this.#more.promise
      const found = this.all.find(fits)
      if (found !== undefined) return found
      if (this.#ended) throw new Error(`it ended without that; it said ${JSON.stringify(this.all)}`)
      await more
    }
  }

  /** Waits until the other side has ended it. */
  async end(): Promise<void> {
    for (;;) {
      const more = this.#more.promise
      if (this.#ended) return
      await more
    }
  }

  /** Waits for a comment. */
  async comment(): Promise<string> {
    for (;;) {
      const more = this.#more.promise
      if (this.comments.length > 0) return this.comments[0]!
      await more
    }
  }

  close(): void {
    this.#answer.destroy()
  }

  /** Whether everything that came was whole: the last block is closed, and the answer was not cut. */
  get whole(): boolean {
    return this.#text === '' && this.#answer.complete
  }
}
