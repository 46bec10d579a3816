// Advice in the browser never asks for a terminal, and never says nothing.
import { describe, expect, test } from 'vitest'
import type { ProblemDefinition } from '../../core/problem.ts'
import { problems } from '../../core/problems.ts'
import { adviceInApp } from '../../core/problems/inApp.ts'
import { jobMachine } from '../../core/jobState.ts'
import { recordMachine } from '../../core/record.ts'
import { runMachine } from '../../core/run.ts'
import { adviceHere, namesCommand, withoutCommands } from './advice.ts'

/** What only happens at a terminal or while the server starts; a browser never hears of it. */
const atTerminal =
  /^(usage|postgres|server|port|root)\.|^(file\.flag_invalid|content\.unknown|run\.active|corrections\.flags|settings\.assignment|secret\.key_fixed|bulk\.other_format|sample\.failed)$/

const all = Object.entries(problems as Readonly<Record<string, ProblemDefinition>>)

test('no advice names a flag or a command, and a browser is never left without any', () => {
  const bad = all
    .map(([code, { advice }]) => [code, adviceHere({ code, advice })] as const)
    .filter(([code, here]) => namesCommand(here) || (here === '' && !atTerminal.test(code)))
  expect(bad, 'write what to do in src/core/problems/inApp.ts').toEqual([])
})

test('it is whole sentences, and nothing in it waits to be filled in', () => {
  const bad = Object.entries(adviceInApp).filter(
    ([, text]) => !/^[A-Z].*\.$/.test(text) || text.includes('{'),
  )
  expect(bad).toEqual([])
})

test('what the catalogue says well enough for a browser is not said twice', () => {
  const twice = all.filter(
    ([code, { advice }]) =>
      !namesCommand(advice) && !advice.includes('{example}') && Object.hasOwn(adviceInApp, code),
  )
  expect(twice.map(([code]) => code)).toEqual([])
})

test('what a person does next about a state needs no terminal either', () => {
  for (const { states } of [jobMachine, runMachine, recordMachine])
    for (const { next } of Object.values(states)) expect(withoutCommands(next)).toMatch(/^[A-Z].*\.$/)
})

describe('withoutCommands', () => {
  test.each([
    ['Choose another name. To give a file, type sluice job run crm --file FILE.', 'Choose another name.'],
    ['What it can do now: stop. Type sluice run show r1 to see it.', 'What it can do now: stop.'],
    ['Check that the user Sluice runs as may read it.', 'Check that the user Sluice runs as may read it.'],
    ['Type --yes.', ''],
  ])('%s', (text, here) => expect(withoutCommands(text)).toBe(here))
})
