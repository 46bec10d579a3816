// Who may go now: so many at once, the others in their order.
import { expect, test } from 'vitest'
import { Turns } from './turns.ts'

test('two at once; whoever ends lets the next one go, in the order they came', async () => {
  const turns = new Turns(2)
  const went: string[] = []
  const go = async (name: string): Promise<() => void> => {
    const end = await turns.take()
    went.push(name)
    return end
  }
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(go)
  await Promise.all([a, b])
  expect(went).toEqual(['a', 'b'])
  const endB = await b!
  endB()
  const endC = await c!
  expect(went).toEqual(['a', 'b', 'c'])
  endC()
  await d
  expect(went).toEqual(['a', 'b', 'c', 'd'])
})
