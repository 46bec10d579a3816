// What a failed sample means for who set up the job: which of mapping, encoding, delimiters or file to change (BC-09).
import type { Problem } from './problem.ts'
import { adviceFor, problem } from './problems.ts'

const parts: readonly (readonly [RegExp, string])[] = [
  [/^(file\.encoding_|read\.encoding$)/, 'encoding'],
  [
    /^(file\.dialect_invalid|file\.flag_invalid|file\.header_broken|read\.(quote|field_count|too_many_columns))/,
    'delimiters',
  ],
  [/^(mapping\.|expression\.|step\.|lookup\.)/, 'mapping'],
]

/** The problem of a job whose sample failed with this one. */
export function sampleFailure(found: Problem, file = fileOf(found)): Problem {
  const what = parts.find(([codes]) => codes.test(found.code))?.[1] ?? 'file'
  const how = adviceFor(found)
  return problem('sample.failed', { file, what, detail: found.message, how, cause: found.code })
}

function fileOf({ details }: Problem): string {
  const file = details?.['file'] ?? details?.['path']
  return typeof file === 'string' ? file : 'of the source'
}
