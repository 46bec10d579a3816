// The words about four eyes, and who is asked (BC-D01).
import { describe, expect, test } from 'vitest'
import { approvalLetter, runApproval, whomToAsk, type ApprovalNews } from './approvalNews.ts'

describe('who is asked', () => {
  const paul = { email: 'paul@example.com', member: true }
  const anna = { email: 'anna@example.com', member: true }
  const root = { email: 'root@example.com', member: false }
  test.each([
    ['members that may approve, and not who asked', [paul, anna, root], ['anna@example.com'], [paul]],
    ['who looks after the installation, where no member is left', [anna, root], ['anna@example.com'], [root]],
    ['nobody, where there is nobody else', [anna], ['anna@example.com'], []],
  ])('%s', (_, deciders, own, expected) => {
    expect(whomToAsk(deciders, new Set(own))).toEqual(expected.map(({ email }) => email))
  })
})

const change: ApprovalNews = {
  id: 'a12',
  kind: 'edit',
  jobId: 7,
  requestedBy: ['otto@example.com'],
  says: ['town: becomes city'],
  decision: null,
  decidedBy: null,
  note: null,
}
const around = { job: 'crm', namespace: 'main', base: 'https://sluice.example.com', about: [], why: null }

describe('the words', () => {
  test('a change that waits: what would change, who asked, and where to decide', () => {
    expect(approvalLetter(change, around)).toEqual({
      subject: 'Sluice: a change of crm waits for approval (a12)',
      paragraphs: ['The job is as it was, until somebody else than who asked for it approves it.'],
      facts: [
        ['Job', 'crm'],
        ['Asked by', 'otto@example.com'],
        ['Changes', 'town: becomes city'],
      ],
      command: 'sluice approval list',
      link: 'https://sluice.example.com/n/main/jobs/j7',
      opens: 'Open the job',
    })
  })

  test('a long list of changes is cut, saying so', () => {
    const says = Array.from({ length: 14 }, (_, i) => `line ${i}`)
    const facts = approvalLetter({ ...change, says }, around).facts.slice(2)
    expect([facts.length, facts.at(-1)]).toEqual([11, ['', 'and 4 more']])
  })

  test.each([
    ['approved', 'was approved', 'paul approved it: it is done as it was asked for.'],
    ['rejected', 'was not approved', 'paul did not approve it: the job is as it was.'],
  ] as const)('a change that was %s', (decision, subject, sentence) => {
    const letter = approvalLetter({ ...change, decision, decidedBy: 'paul', note: 'why not' }, around)
    expect(letter).toMatchObject({
      subject: `Sluice: a change of crm ${subject} (a12)`,
      paragraphs: [sentence],
      command: 'sluice job show j7',
    })
    expect(letter.facts).toContainEqual(['Note', 'why not'])
  })

  test('a run: why it is held besides, and the way to it', () => {
    const run = runApproval({ id: 1042, jobId: 7, requestedBy: [] }, 'held', { by: null, note: null })
    expect(approvalLetter(run, { ...around, why: '40 % of the records would fail.' })).toMatchObject({
      subject: 'Sluice: a run of crm waits for approval (r1042)',
      paragraphs: ['40 % of the records would fail.', expect.stringContaining('held before it writes')],
      facts: [['Job', 'crm']],
      command: 'sluice run show r1042',
      link: 'https://sluice.example.com/n/main/runs/r1042',
    })
    const released = runApproval({ id: 1042, jobId: 7, requestedBy: ['ada'] }, 'released', {
      by: 'paul',
      note: 'fine',
    })
    expect(released).toMatchObject({ decision: 'approved', decidedBy: 'paul', note: 'fine' })
  })
})
