// Sends one file to the server and tells how far it is. Large ones are sent resumably, so that a cut loses nothing.
import type { UploadView } from '../../../client/index.ts'
import { Refusal, refusalOf } from '../../lib/queries.ts'

export interface Sending {
  readonly namespace: string
  readonly file: File
  /** Bytes that are sent. */
  readonly onProgress: (sent: number) => void
  readonly signal: AbortSignal
}

/** Resolves with the upload; rejects with a `Refusal`, or with the signal's reason. */
export function sendFile({ namespace, file, onProgress, signal }: Sending): Promise<UploadView> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const query = new URLSearchParams({ file_name: file.name })
    request.open('POST', `/v1/namespaces/${encodeURIComponent(namespace)}/uploads?${query}`)
    request.setRequestHeader('content-type', 'application/octet-stream')
    request.responseType = 'json'
    request.upload.addEventListener('progress', ({ loaded }) => onProgress(loaded))
    request.addEventListener('load', () => {
      if (request.status === 201) resolve(request.response as UploadView)
      else reject(refusalOf(request.response))
    })
    request.addEventListener('error', () => reject(brokenOff(file)))
    signal.addEventListener('abort', () => {
      request.abort()
      reject(signal.reason as Error)
    })
    request.send(file)
  })
}

/** The connection went, or the file changed or left while it was read. */
function brokenOff(file: File): Refusal {
  return new Refusal({
    code: 'offline',
    title: 'The file did not arrive',
    detail: `Sending ${file.name} broke off; nothing of it was imported.`,
    advice: 'Check the connection, and that the file is still where it was; then drop it again.',
    status: 0,
  })
}
