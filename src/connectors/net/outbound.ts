// Speaking to addresses that users name: checked on the resolved address when connecting, never through redirects (design section 12).
import { lookup as resolve, type LookupAddress } from 'node:dns'
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import { Agent, fetch, type Dispatcher } from 'undici'
import { failure } from '../../core/problems.ts'

/** Networks that may be spoken to besides public ones, as CIDR: `10.0.0.0/8`. */
export type Allowed = readonly string[]

/** Whether an address may be connected to: public unicast, or on the list. An IPv4 address in IPv6 clothes counts as what it is. */
export function mayConnect(address: string, allowed: Allowed): boolean {
  const parsed = ipaddr.process(address)
  if (allowed.some((network) => within(parsed, network))) return true
  return parsed.range() === 'unicast'
}

function within(address: ipaddr.IPv4 | ipaddr.IPv6, network: string): boolean {
  const [base, bits] = ipaddr.parseCIDR(network)
  return base.kind() === address.kind() && address.match(base, bits)
}

type Found = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void

/** As `dns.lookup`, but what may not be connected to is an error: there is no second look-up to be fooled by. */
function guardedLookup(allowed: Allowed) {
  return (host: string, options: { all?: boolean | undefined }, found: Found): void => {
    resolve(host, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return found(error, [])
      const refused = addresses.find(({ address }) => !mayConnect(address, allowed))
      if (refused !== undefined) return found(refusal(host), [])
      if (options.all === true) found(null, addresses)
      else found(null, addresses[0]!.address, addresses[0]!.family)
    })
  }
}

const refusal = (host: string): Error => failure('address.refused', { host })

/** Connections for addresses that users name. */
export function outboundAgent(allowed: Allowed): Dispatcher {
  return new Agent({ connect: { lookup: guardedLookup(allowed), timeout: 10_000 }, bodyTimeout: 10_000 })
}

/** As fetch, for libraries that bring their own protocol: the same checks, and redirects are theirs to refuse. */
export function guardedFetch(allowed: Allowed) {
  const agent = outboundAgent(allowed)
  return async (url: string, options: RequestInit): Promise<Response> => {
    checkLiteral(url, allowed)
    const answer = await fetch(url, {
      ...(options as unknown as Parameters<typeof fetch>[1]),
      redirect: 'manual',
      dispatcher: agent,
    })
    return answer
  }
}

/** An address in the URL itself is never looked up. Throws `address.refused`. */
function checkLiteral(url: string, allowed: Allowed): void {
  const bare = new URL(url).hostname.replace(/^\[|\]$/g, '')
  if (isIP(bare) !== 0 && !mayConnect(bare, allowed)) throw refusal(bare)
}

export interface Posted {
  readonly status: number
}

/** Posts a body; redirects are not followed and the answer is thrown away. Throws `address.refused` and what the network says. */
export async function post(
  agent: Dispatcher,
  allowed: Allowed,
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
): Promise<Posted> {
  checkLiteral(url, allowed)
  try {
    const answer = await fetch(url, {
      method: 'POST',
      body,
      headers,
      redirect: 'manual',
      dispatcher: agent,
      signal: AbortSignal.timeout(15_000),
    })
    await answer.body?.cancel()
    return { status: answer.status }
  } catch (error) {
    // What undici wraps is what happened.
    throw error instanceof TypeError && error.cause instanceof Error ? error.cause : error
  }
}
