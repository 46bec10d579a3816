// What connectors are given of the world: the root of folders, a clock, the profiles of a namespace.
import { join } from 'node:path'
import { connectorOf } from '../connectors/registry.ts'
import type { Clock } from '../core/clock.ts'
import type { SourceIo } from '../connectors/contract.ts'
import type { Database } from '../db/client.ts'
import type { Namespace } from '../db/imports.ts'
import { firstNamespace, isNamespace } from '../db/namespaces.ts'
import type { SourceEndpoint, WorkerContext } from '../pipeline/context.ts'
import { profileLines } from '../db/read/profileLines.ts'

export interface SourceWorld {
  readonly db: Database
  readonly clock: Pick<Clock, 'now'>
  /** Below which folders may be read; null: none was named at the start. */
  readonly root: string | null
}

/**
 * What jobs of a namespace may read. Whoever may set one up says what it reads, so the first namespace has the root, and each other
 * one a folder in it that is called like itself: nobody imports what was delivered to others.
 */
export function sourceIo({ db, clock, root }: SourceWorld, namespace: Namespace): SourceIo {
  const { name } = namespace
  const isFirst = name === firstNamespace
  return {
    root: root === null || isFirst ? root : join(root, name),
    ofOthers: async (folder) =>
      isFirst && folder !== name && (await isNamespace(db.pool, folder.toLowerCase())),
    now: () => clock.now(),
    profiles: (where, signal) => profileLines(db, namespace, where, signal),
  }
}

/** The connectors, as a run's fetch sees them. */
export function sourceEndpoint({ db, clock, root = null }: WorkerContext): SourceEndpoint {
  const world = { db, clock, root }
  return {
    find: ({ setup: { source }, namespace }, signal) =>
      connectorOf(source).find(source, sourceIo(world, namespace), signal),
    open: ({ setup: { source }, namespace }, file) =>
      connectorOf(source).open(source, file, sourceIo(world, namespace)),
  }
}
