// What differs between two setups of a job, in the words of a job file.
import { diffParts, type DefinitionChange } from './definitionDiff.ts'
import { plainSetup } from './jobFile.ts'
import type { JobSetup } from './jobSetup.ts'
import { scheduleSentence } from './schedule/words.ts'
import { thresholdWords } from './thresholdText.ts'

/** The changes that lead from one to the other, part by part; what is the default on both sides is not there. */
export function diffSetups(before: JobSetup, after: JobSetup): DefinitionChange[] {
  return diffParts(inWords(before), inWords(after))
}

/** A schedule is one sentence: its fields one by one would have to be put together again. So is a number to watch. */
function inWords(setup: JobSetup): Record<string, unknown> {
  const { schedule, thresholds } = setup
  const watched = thresholds.map(thresholdWords).join('; ')
  const plain = { ...plainSetup(setup), ...(watched === '' ? {} : { thresholds: watched }) }
  if (schedule === null) return plain
  const { zone, start, end, missed, overlap } = schedule
  // Without a zone of its own it is that of the namespace, which is not what differs here.
  const spoken = zone ?? 'UTC'
  const runs = scheduleSentence({ ...schedule, start: null, end: null }, spoken).replace(`, ${spoken}`, '')
  const around = {
    ...(zone === null ? {} : { zone }),
    ...(start === null ? {} : { start }),
    ...(end === null ? {} : { end }),
    ...(missed === 'run_once' ? {} : { missed }),
    ...(overlap === 'queue' ? {} : { overlap }),
  }
  return { ...plain, schedule: { runs, ...around } }
}
