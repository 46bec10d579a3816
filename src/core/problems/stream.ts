// Problems of streams that stay open.
import { defineProblems } from '../problem.ts'

export const streamProblems = defineProblems({
  'streams.too_many': {
    class: 'transient',
    title: 'Too many open streams',
    message: '{whose} {limit} streams open, and no more are possible.',
    advice:
      'Close pages or programs that you do not look at any more. One stream can follow everything in a namespace; whoever runs the server can allow more in all with SLUICE_STREAMS.',
    status: 429,
  },
})
