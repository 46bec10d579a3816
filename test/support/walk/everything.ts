// Every request the API takes, in an order in which each of them can be done.
import type { Walker } from './walker.ts'
import { walkFiles, walkRuns } from './files.ts'
import { walkJobs } from './jobs.ts'
import { walkPeople, walkServer } from './people.ts'
import { walkRecords } from './records.ts'

/** Asks for everything; each part leaves behind what the next one needs. */
export async function walkEverything(walker: Walker): Promise<void> {
  await walkFiles(walker)
  await walkRuns(walker)
  await walkJobs(walker)
  await walkRecords(walker)
  await walkPeople(walker)
  await walkServer(walker)
}
