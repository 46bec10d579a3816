// A real SMTP server that keeps what it takes, and can be told to refuse.
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer } from 'smtp-server'

export interface MailServer {
  readonly url: string
  readonly mails: readonly Email[]
  /** Refuses what comes from now on with this answer; null: takes it. */
  refuse(answer: string | null): void
  close(): Promise<void>
}

export async function mailServer(): Promise<MailServer> {
  const mails: Email[] = []
  let refusal: string | null = null
  const keep = async (bytes: Buffer, done: () => void): Promise<void> => {
    mails.push(await PostalMime.parse(bytes))
    done()
  }
  const server = new SMTPServer({
    authMethods: ['PLAIN'],
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    onAuth: ({ username, password }, _session, done) =>
      password === 'canary-password' ? done(null, { user: username }) : done(new Error('wrong password')),
    onData: (stream, _session, done) => {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () => {
        if (refusal !== null) return done(Object.assign(new Error(refusal), { responseCode: 451 }))
        void keep(Buffer.concat(parts), done)
      })
    },
  })
  server.on('error', () => {})
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as AddressInfo
  return {
    url: `smtp://sluice:canary-password@127.0.0.1:${port}`,
    mails,
    refuse: (answer) => (refusal = answer),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
