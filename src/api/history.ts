// The history of a profile: every value it had, who set it, when, from which file and line, and what it replaced.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { identifierKinds, type Attribute } from '../core/attribute.ts'
import { isAsWritten, laterFirst, momentsOf, type Moment } from '../core/history.ts'
import { recordName } from '../core/names.ts'
import { failure } from '../core/problems.ts'
import { microsToIso, type StampEntry } from '../core/stamp.ts'
import { typedValue } from '../core/typedValue.ts'
import { listAttributes } from '../db/attributes.ts'
import { changesMax, loadPastProfile, type LoadedProfile } from '../db/read/history.ts'
import type { Namespace } from '../db/imports.ts'
import { failures } from './answers.ts'
import { namespaceOf, type ApiContext } from './context.ts'
import { namespaceParams, pageLimit } from './params.ts'
import { linesQuery } from './profileViews.ts'
import { writersOf, writerSchema, type Writer } from './writers.ts'

const cell = z.unknown().meta({ description: 'By type; numbers that JavaScript cannot hold come as text.' })

const momentSchema = z.object({
  attribute: z.string().nullable().meta({ description: 'Null where it is about an identifier.' }),
  identifier: z.string().nullable().meta({ description: 'The kind of identifier, else null.' }),
  label: z.string(),
  what: z.enum(['set', 'added', 'removed', 'moved', 'restored']).meta({
    description:
      'set: a value; added, removed: an identifier; moved: it came along with a merged profile; restored: the whole profile, which was gone, came back.',
  }),
  value: cell,
  replaced: cell,
  at: z.string().meta({ description: 'When it was written.' }),
  by: writerSchema,
  first: z.boolean().meta({ description: 'The profile was made with it.' }),
  stands: z.boolean().meta({ description: 'It is what is there now.' }),
  asserted: writerSchema.nullable().meta({
    description: 'Who asserted the value last, where that is not the record that wrote it: see how.',
  }),
  how: z.enum(['written', 'confirmed', 'merged', 'undone']).meta({
    description:
      'written: the record wrote its own value; confirmed: another one said the same later; merged: the value came with a merged profile; undone: an undo put it back.',
  }),
  profile: z
    .int()
    .meta({ description: 'The profile it happened to: this one, or one that was merged into it.' }),
  from: z.int().nullable().meta({ description: 'The profile it came from, where a merge brought it.' }),
})
type MomentView = z.infer<typeof momentSchema>

export const historySchema = z
  .object({
    profile: z.int(),
    gone: z
      .object({ into: z.int().nullable(), at: z.string(), by: writerSchema })
      .nullable()
      .meta({ description: 'How the profile went; into: the profile it was merged into.' }),
    merged: z.array(z.object({ profile: z.int(), by: z.string(), at: z.string() })).meta({
      description: 'Profiles that were merged into this one; their history is part of it.',
    }),
    cut: z
      .boolean()
      .meta({ description: `True: only the newest ${changesMax} changes of a profile were read.` }),
    moments: z.array(momentSchema).meta({ description: 'Newest first.' }),
    next: z.string().nullable().meta({ description: 'The cursor of the next page; null at the end.' }),
  })
  .meta({ id: 'HistoryView' })
export type HistoryView = z.infer<typeof historySchema>

const query = linesQuery.extend({
  attribute: z.string().optional().meta({ description: 'Only this attribute, or this kind of identifier.' }),
  cursor: z.coerce.number().int().min(0).optional().meta({ description: 'The next of the page before.' }),
  limit: pageLimit,
})

export const historyRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  app.get(
    '/profiles/:profile/history',
    {
      schema: {
        tags: ['profiles'],
        summary: 'Every value a profile had, with who set it and what it replaced',
        params: namespaceParams.extend({ profile: z.coerce.number().int() }),
        querystring: query,
        response: { 200: historySchema, ...failures },
      },
    },
    async (request) => {
      const namespace = await namespaceOf(context, request.params.namespace)
      return historyOf(context, namespace, request.params.profile, request.query)
    },
  )
}

async function historyOf(
  context: ApiContext,
  namespace: Namespace,
  id: number,
  { attribute, cursor, limit, lines }: z.infer<typeof query>,
): Promise<HistoryView> {
  const attributes = await listAttributes(context.database.pool, namespace.id)
  const keep = keeperOf(attribute, attributes)
  const [profile, ...merged] = await loadWithMerged(context, namespace, attributes, id)
  if (profile === undefined) throw failure('not_found', { noun: 'profile', id })
  const all = [
    ...momentsOf(profile),
    ...merged.flatMap((one) => momentsOf(one).map((moment) => ({ ...moment, stands: false }))),
  ]
    .filter(keep)
    .sort(laterFirst)
  // Counted from the oldest: what happens meanwhile comes on top and moves no page.
  const left = Math.min(cursor ?? all.length, all.length)
  const page = all.slice(all.length - left, all.length - left + limit)
  const rest = left - page.length
  return {
    profile: id,
    ...(await viewsOf(context, namespace, { attributes, page, lines }, [profile, ...merged])),
    cut: [profile, ...merged].some(({ cut }) => cut),
    next: rest > 0 ? String(rest) : null,
  }
}

/** A profile may have swallowed others, and they others; more are not looked at. */
const mergedMax = 20

/** The profile and those merged into it, directly or through each other. */
async function loadWithMerged(
  context: ApiContext,
  namespace: Namespace,
  attributes: readonly Attribute[],
  id: number,
): Promise<LoadedProfile[]> {
  const found: LoadedProfile[] = []
  const wanted = [id]
  const seen = new Set(wanted)
  for (let next = wanted.shift(); next !== undefined && found.length <= mergedMax; next = wanted.shift()) {
    const profile = await loadPastProfile(context.database.pool, namespace, attributes, next)
    // One that an undo brought back has its own history again.
    if (profile === undefined || (found.length > 0 && profile.gone === null)) continue
    found.push(profile)
    for (const { before } of profile.changes)
      for (const { id: loser } of before.merged ?? [])
        if (!seen.has(loser)) {
          seen.add(loser)
          wanted.push(loser)
        }
  }
  return found
}

function keeperOf(name: string | undefined, attributes: readonly Attribute[]): (moment: Moment) => boolean {
  if (name === undefined) return () => true
  const kindId = identifierKinds.find(({ kind }) => kind === name)?.id
  if (kindId !== undefined) return (moment) => moment.kindId === kindId
  if (attributes.some(({ key }) => key === name)) return (moment) => moment.key === name
  throw failure('not_found', { noun: 'attribute', id: name })
}

async function viewsOf(
  context: ApiContext,
  namespace: Namespace,
  shown: {
    readonly attributes: readonly Attribute[]
    readonly page: readonly Moment[]
    readonly lines: boolean
  },
  [profile, ...merged]: readonly LoadedProfile[],
): Promise<Pick<HistoryView, 'gone' | 'merged' | 'moments'>> {
  const { attributes, page, lines } = shown
  const gone = profile!.gone
  const entries: StampEntry[] = [
    ...(gone === null ? [] : [entryOf(gone)]),
    ...page.flatMap((moment) => [entryOf(moment), ...(moment.held === null ? [] : [moment.held])]),
  ]
  const writer = await writersOf(context, namespace, entries, { lines })
  return {
    gone: gone === null ? null : { into: gone.into, at: microsToIso(gone.at), by: writer(entryOf(gone)) },
    merged: merged
      .filter((one) => one.gone !== null)
      .map(({ id, gone: how }) => ({
        profile: id,
        by: recordName(how!.run, how!.ordinal),
        at: microsToIso(how!.at),
      })),
    moments: page.map((moment) => momentView(moment, attributes, writer)),
  }
}

/** The record of a moment, as of the moment it was written. */
function entryOf({ at, run, ordinal }: { at: number; run: number; ordinal: number }): StampEntry {
  return [at, run, ordinal]
}

function momentView(
  moment: Moment,
  attributes: readonly Attribute[],
  writer: (entry: StampEntry) => Writer,
): MomentView {
  const { key, kindId, what, value, replaced, held, at, first, stands, profileId, from } = moment
  const kind = identifierKinds.find(({ id }) => id === kindId)
  const attribute = attributes.find((one) => one.key === key)
  const typed = (text: string | null): unknown =>
    attribute === undefined ? text : typedValue(attribute.type, text)
  const by = writer(entryOf(moment))
  const undone = by.trigger === 'undo'
  const own = isAsWritten(moment) && !undone
  return {
    attribute: key,
    identifier: kind?.kind ?? null,
    label: attribute?.label ?? kind?.label ?? key ?? 'Profile',
    what,
    value: typed(value),
    replaced: typed(replaced),
    at: microsToIso(at),
    by: held === null || !own ? by : { ...by, asOf: microsToIso(held[0]) },
    first,
    stands,
    asserted: own || held === null ? null : writer(held),
    how: undone ? 'undone' : from !== null ? 'merged' : own ? 'written' : 'confirmed',
    profile: profileId,
    from,
  }
}
