// What errors that nobody expected say to a caller.
import { expect, test } from 'vitest'
import pg from 'pg'
import { meaningOf } from './answers.ts'

const refused = Object.assign(new pg.DatabaseError('value ada@example.com is too long', 1, 'error'), {
  code: '22001',
})
const missing = Object.assign(new Error(`ENOENT: no such file or directory, open '/srv/secret/file'`), {
  code: 'ENOENT',
  syscall: 'open',
})

test.each([
  ['of PostgreSQL, without the value it quotes', refused, 'PostgreSQL answered 22001'],
  ['of the system, without the folder it names', missing, 'open answered ENOENT'],
  ['of ours, as it is', new Error('no run 7'), 'no run 7'],
])('an error %s', (_, error, detail) => {
  expect(meaningOf(error)).toMatchObject({
    code: 'internal',
    message: `Something went wrong inside Sluice: ${detail}`,
  })
})
