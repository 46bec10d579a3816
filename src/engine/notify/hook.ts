// Sending webhooks, signed as the Standard Webhooks specification says, so that receivers verify them with any of its libraries.
import { Webhook } from 'standardwebhooks'
import { outboundAgent, post, type Allowed } from '../../connectors/net/outbound.ts'
import type { News } from '../../core/notify/news.ts'
import type { Cause } from '../../core/notify/news.ts'
import type { Letter } from '../../core/notify/letterParts.ts'
import { runName } from '../../core/names.ts'
import { toCounters } from '../../core/law.ts'
import { failure } from '../../core/problems.ts'
import { SluiceError } from '../../core/problem.ts'

export interface Hook {
  readonly name: string
  readonly url: string
  /** Starts with whsec_. */
  readonly secret: string
}

/** What is posted: `type` and `timestamp` as the specification has them, then plain facts. */
export function hookPayload(news: News | null, cause: Cause, letter: Letter, createdAt: string): string {
  const run = news?.run ?? null
  const counters = run === null || run.total === null ? null : toCounters(run.counters, run.total)
  return JSON.stringify({
    type: news === null ? 'test' : `${run === null ? 'job' : 'run'}.${news.kind}`,
    timestamp: createdAt,
    data: {
      cause,
      subject: letter.subject,
      namespace: news?.namespace ?? null,
      job: news?.job ?? null,
      run:
        run === null
          ? null
          : {
              id: runName(run.id),
              number: run.number,
              state: run.state,
              trigger: run.trigger,
              file: run.file,
            },
      counters,
      problem: news?.problem ?? null,
      approval: approvalOf(news),
      link: letter.link,
    },
  })
}

function approvalOf(news: News | null): object | null {
  if (news?.approval === undefined) return null
  const { id, kind, requestedBy, says, decision, decidedBy, note } = news.approval
  return { id, kind, requestedBy, says, decision, decidedBy, note }
}

/** Posts it; 2xx is delivered. `id` is the same at every try. Throws `webhook.refused`, `webhook.gone`, `address.refused`. */
export async function sendHook(
  hook: Hook,
  body: string,
  id: string,
  now: Date,
  allowed: Allowed,
): Promise<void> {
  const agent = outboundAgent(allowed)
  try {
    const { status } = await post(agent, allowed, hook.url, body, {
      'content-type': 'application/json',
      'user-agent': 'Sluice',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': new Webhook(hook.secret).sign(id, now, body),
    })
    if (status === 410) throw failure('webhook.gone', { name: hook.name })
    if (status < 200 || status > 299)
      throw failure('webhook.refused', { name: hook.name, detail: `it answered ${status}` })
  } catch (error) {
    if (error instanceof SluiceError) throw error
    const { code, name } = error as NodeJS.ErrnoException
    const detail = name === 'TimeoutError' ? 'it did not answer in time' : (code ?? 'the connection failed')
    throw failure('webhook.refused', { name: hook.name, detail }, { cause: error })
  } finally {
    await agent.close()
  }
}
