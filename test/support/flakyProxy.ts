// A proxy on loopback that cuts connections after so many bytes, as bad networks do.
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net'

export class FlakyProxy {
  readonly #server: Server
  readonly #open = new Set<Socket>()
  /** Bytes towards the server after which a connection is cut; one of these is used up by each connection. */
  readonly cuts: number[]

  private constructor(target: number, cuts: readonly number[]) {
    this.cuts = [...cuts]
    this.#server = createServer((from) => this.#join(from, connect(target, '127.0.0.1')))
  }

  static async open(target: number, cuts: readonly number[]): Promise<FlakyProxy> {
    const proxy = new FlakyProxy(target, cuts)
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve))
    return proxy
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  async close(): Promise<void> {
    for (const socket of this.#open) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #join(from: Socket, to: Socket): void {
    let left = this.cuts.shift() ?? Number.POSITIVE_INFINITY
    for (const socket of [from, to]) {
      this.#open.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        this.#open.delete(socket)
        from.destroy()
        to.destroy()
      })
    }
    from.on('data', (block: Buffer) => {
      left -= block.length
      if (left < 0) return void from.destroy()
      if (!to.write(block)) {
        from.pause()
        to.once('drain', () => from.resume())
      }
    })
    to.pipe(from)
  }
}
