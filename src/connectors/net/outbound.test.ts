// Which addresses may be spoken to, as a table (design section 12).
import { expect, test } from 'vitest'
import { mayConnect, outboundAgent, post } from './outbound.ts'

test.each([
  ['93.184.216.34', [], true],
  ['2606:2800:220:1:248:1893:25c8:1946', [], true],
  ['127.0.0.1', [], false],
  ['::1', [], false],
  ['10.1.2.3', [], false],
  ['172.16.0.1', [], false],
  ['192.168.1.1', [], false],
  ['169.254.169.254', [], false],
  ['100.64.0.1', [], false],
  ['0.0.0.0', [], false],
  ['::', [], false],
  ['fd00::1', [], false],
  ['fe80::1', [], false],
  ['224.0.0.1', [], false],
  ['255.255.255.255', [], false],
  ['::ffff:127.0.0.1', [], false],
  ['::ffff:10.0.0.1', [], false],
  ['64:ff9b::7f00:1', [], false],
  ['10.1.2.3', ['10.0.0.0/8'], true],
  ['::ffff:10.1.2.3', ['10.0.0.0/8'], true],
  ['11.1.2.3', ['10.0.0.0/8'], true],
  ['192.168.1.1', ['10.0.0.0/8'], false],
  ['fd00::1', ['fd00::/8'], true],
])('%s with %j: %j', (address, allowed, expected) => {
  expect(mayConnect(address, allowed)).toBe(expected)
})

test.each([
  'http://localhost:8099/',
  'http://127.0.0.1:8099/',
  'http://[::1]:8099/',
  'http://2130706433:8099/',
  'http://0x7f.1:8099/',
])('%s is refused before anything is sent', async (url) => {
  const agent = outboundAgent([])
  await expect(post(agent, [], url, '{}', {})).rejects.toMatchObject({ problem: { code: 'address.refused' } })
  await agent.close()
})
