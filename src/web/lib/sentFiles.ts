// The files that are on their way to the server, whatever page is shown.
import type { UploadView } from '../../client/index.ts'
import { signedOut } from './queries.ts'
import { FileSender, notBegun, type Progress } from './sendFile.ts'

export interface UnderWay {
  readonly id: number
  readonly file: File
  readonly namespace: string
  readonly progress: Progress
  /** When it has landed. */
  readonly upload: UploadView | null
  /** Why it was not taken; null: nothing speaks against it so far. */
  readonly refused: unknown
}

interface Order {
  readonly namespace: string
  readonly file: File
  /** Called when it has landed; whether it was shown, and needs no place in the list any more. */
  readonly show: (upload: UploadView) => boolean
}

export class SentFiles {
  #list: readonly UnderWay[] = []
  #lastId = 0
  readonly #senders = new Map<number, FileSender>()
  readonly #orders = new Map<number, Order>()
  readonly #watching = new Set<() => void>()

  readonly watch = (told: () => void): (() => void) => {
    this.#watching.add(told)
    return () => this.#watching.delete(told)
  }

  readonly list = (): readonly UnderWay[] => this.#list

  /** The very same file is not sent twice at once. */
  send(order: Order): void {
    const { namespace, file } = order
    if ([...this.#senders.values()].some((sender) => sender.isOf(namespace, file))) return
    const id = ++this.#lastId
    this.#orders.set(id, order)
    this.#become([...this.#list, { id, file, namespace, progress: notBegun, upload: null, refused: null }])
    void this.#follow(id, order)
  }

  pause(id: number): void {
    this.#senders.get(id)?.pause()
  }

  goOn(id: number): void {
    this.#senders.get(id)?.goOn()
  }

  /** Tries once more what was refused; what had arrived stays. */
  again(id: number): void {
    const order = this.#orders.get(id)
    if (order === undefined || this.#senders.has(id)) return
    this.#change(id, { progress: notBegun, refused: null })
    void this.#follow(id, order)
  }

  /** Stops sending, or takes it off the list. */
  dismiss(id: number): void {
    this.#senders.get(id)?.stop()
    this.#senders.delete(id)
    this.#orders.delete(id)
    this.#become(this.#list.filter((one) => one.id !== id))
  }

  async #follow(id: number, { namespace, file, show }: Order): Promise<void> {
    const onProgress = (progress: Progress): void => this.#change(id, { progress })
    const sender = new FileSender({ namespace, file, onProgress })
    this.#senders.set(id, sender)
    try {
      const upload = await sender.done
      this.#senders.delete(id)
      if (upload === null) return
      if (show(upload)) this.dismiss(id)
      else this.#change(id, { upload })
    } catch (refused) {
      this.#senders.delete(id)
      signedOut(refused)
      this.#change(id, { refused })
    }
  }

  #change(id: number, parts: Partial<UnderWay>): void {
    this.#become(this.#list.map((one) => (one.id === id ? { ...one, ...parts } : one)))
  }

  #become(list: readonly UnderWay[]): void {
    this.#list = list
    for (const told of this.#watching) told()
  }
}
