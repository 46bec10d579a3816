// Sending mail over SMTP.
import { createTransport } from 'nodemailer'
import type { Letter } from '../../core/notify/letterParts.ts'
import { letterHtml, letterText } from '../../core/notify/letter.ts'
import { failure } from '../../core/problems.ts'

export interface MailSettings {
  /** smtp://user:password@host:port, or smtps://. */
  readonly url: string
  /** Who it is from: an address, or `Name <address>`. */
  readonly from: string
}

const timeoutMs = 20_000

/**
 * Sends one mail; resolves when the server has taken it. `id` makes its Message-ID, the same at every try, so that a mail
 * taken twice is one for the reader. Throws `mail.refused`.
 */
export async function sendMail(
  settings: MailSettings,
  to: string,
  letter: Letter,
  id: string,
): Promise<void> {
  const transport = createTransport({
    url: settings.url,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    // Nothing of ours is read from a file or an address that a letter names.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const domain = /@([^\s>]+)/.exec(settings.from)?.[1] ?? 'sluice.invalid'
  try {
    await transport.sendMail({
      from: settings.from,
      to,
      subject: letter.subject,
      text: letterText(letter),
      html: letterHtml(letter),
      messageId: `<sluice-${id}@${domain}>`,
      // So that no holiday reply answers a machine (RFC 3834).
      headers: { 'Auto-Submitted': 'auto-generated' },
    })
  } catch (error) {
    throw failure('mail.refused', { to, detail: detailOf(error) }, { cause: error })
  } finally {
    transport.close()
  }
}

/** What the server or the network said, without the password that stands in the address. */
function detailOf(error: unknown): string {
  const { code, response, responseCode } = error as {
    code?: string
    response?: string
    responseCode?: number
  }
  if (response !== undefined) return `${responseCode ?? ''} ${response.slice(0, 300)}`.trim()
  return code ?? 'the connection failed'
}
