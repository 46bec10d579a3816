// The end of an import, and with it the beginning of the run that deletes who is missing from a mirrored file.
import { runName } from '../../core/names.ts'
import { problem } from '../../core/problems.ts'
import type { Problem } from '../../core/problem.ts'
import type { Database } from '../../db/client.ts'
import type { RunClaim } from '../../db/leases.ts'
import { startMirror } from '../../db/mirror.ts'
import type { RunChanges } from '../../db/moves.ts'
import { moveCounted } from '../../db/recount.ts'
import type { Run } from '../../db/runs.ts'
import { mirrors, type Absent } from './absent.ts'

/**
 * Ends a complete import. alone: that is all; followed: a run that deletes was made in the same transaction; lost: the run
 * is somebody else's by now. Nobody is deleted while it is not known whom every line is about.
 */
export async function endAndMirror(
  db: Database,
  run: Run,
  claim: RunClaim,
  move: 'complete' | 'complete_with_errors',
  end: RunChanges,
): Promise<'alone' | 'followed' | 'lost'> {
  const absent = mirrors(run) ? ((run.validation as { mirror?: Absent } | null)?.mirror ?? null) : null
  const unreadable = unreadableOf(run, absent)
  const follows = absent !== null && unreadable === null && absent.people > 0
  return db.transaction(async (client) => {
    const changes = unreadable === null ? end : { ...end, problem: unreadable }
    if (!(await moveCounted(client, claim, move, changes, claim.attempt))) return 'lost'
    if (!follows) return 'alone'
    await startMirror(client, run)
    return 'followed'
  })
}

function unreadableOf(run: Run, absent: Absent | null): Problem | null {
  if (absent === null || absent.unreadable === 0) return null
  const { unreadable: count, firstUnreadable: line } = absent
  return problem('mirror.unreadable', { count, line, run: runName(run.runId) })
}
