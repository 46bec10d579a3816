// Lines of the log in words (requirements 1.6).
import { expect, test } from 'vitest'
import { logKinds } from './logKinds.ts'
import { logSentence, logTextLine } from './logText.ts'
import { problem } from './problems.ts'

test.each([
  ['fetched', { file: 'people.csv' }, 'The source was read: people.csv.'],
  ['fetched', {}, 'The source was read.'],
  [
    'sleeping',
    { until: '2026-11-21T06:00:00.000Z', problem: { code: 'x', message: 'The provider asks us to wait.' } },
    'It sleeps until 2026-11-21 06:00:00 UTC: The provider asks us to wait.',
  ],
  ['sleeping', { problem: { code: 'x', message: 'The disk is full.' } }, 'It sleeps: The disk is full.'],
  ['failed', {}, 'The run failed.'],
  ['type_error', { column: 'age', count: 3 }, 'Values of age that do not fit their type: 3.'],
  ['of_a_later_version', { anything: 1 }, ''],
])('%s %j', (kind, details, sentence) => {
  expect(logSentence({ kind, details })).toBe(sentence)
})

test('LY-21 no kind of line shows a placeholder, whatever is not told', () => {
  const sentences = Object.keys(logKinds).map((kind) => logSentence({ kind, details: {} }))
  expect(sentences.filter((sentence) => sentence.includes(' {'))).toEqual([])
})

test('BL-15 a line of the download has its time with the zone, and stays one line', () => {
  const line = {
    at: '2026-11-21T06:25:00.123456+00:00',
    kind: 'halted',
    run: 'r1042',
    by: 'local',
    details: { problem: problem('content.unknown'), file: 'two\nlines' },
  }
  expect(logTextLine(line)).toBe(
    '2026-11-21 06:25:00.123 UTC  error  r1042    Halted  The run was halted: No run has read this content.  (by local)',
  )
})
