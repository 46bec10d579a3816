// Profiles: finding people, and one person with where each value came from.
import type pg from 'pg'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Attribute } from '../core/attribute.ts'
import { failure } from '../core/problems.ts'
import { listAttributes } from '../db/attributes.ts'
import { sqlState } from '../db/client.ts'
import type { Namespace } from '../db/imports.ts'
import {
  countProfiles,
  findProfile,
  findProfiles,
  findQuickly,
  firstIdentifiers,
  goneInto,
  profilesStarting,
  type ProfileFilter,
  type ProfilePlace,
  type QuickPage,
} from '../db/read/profiles.ts'
import { failures } from './answers.ts'
import { typedCells } from './cells.ts'
import { namespaceOf, type ApiContext } from './context.ts'
import { detailView } from './lineage.ts'
import { namespaceParams } from './params.ts'
import {
  countSchema,
  filterQuery,
  linesQuery,
  listQuery,
  profileDetailSchema,
  profilePageSchema,
  type ProfileDetailView,
  type ProfilePage,
} from './profileViews.ts'
import { parseCondition } from '../db/read/where.ts'

export const profileRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  const tags = ['profiles']
  const params = namespaceParams
  app.get(
    '/profiles',
    {
      schema: {
        tags,
        summary: 'Find profiles',
        params,
        querystring: listQuery,
        response: { 200: profilePageSchema, ...failures },
      },
    },
    (request) => {
      const { query } = request
      return search(context, request.params.namespace, query, (...found) => pageOf(...found, query))
    },
  )

  app.get(
    '/profiles/count',
    {
      schema: {
        tags,
        summary: 'Count profiles',
        params,
        querystring: filterQuery,
        response: { 200: countSchema, ...failures },
      },
    },
    (request) =>
      search(context, request.params.namespace, request.query, async (...found) => ({
        count: await countProfiles(...found),
      })),
  )

  const one = params.extend({ profile: z.coerce.number().int() })
  app.get(
    '/profiles/:profile',
    {
      schema: {
        tags,
        summary: 'One profile, with where each value came from',
        params: one,
        querystring: linesQuery,
        response: { 200: profileDetailSchema, ...failures },
      },
    },
    ({ params: { namespace, profile }, query }) => showProfile(context, namespace, profile, query.lines),
  )
}

async function pageOf(
  client: pg.PoolClient,
  namespace: Namespace,
  attributes: readonly Attribute[],
  filter: ProfileFilter,
  { cursor: after = 0, limit, starts, quick }: z.infer<typeof listQuery>,
): Promise<ProfilePage> {
  const place = { after, limit }
  const { rows, next } =
    starts !== undefined
      ? { rows: await profilesStarting(client, namespace, attributes, starts, limit), next: null }
      : quick && filter.identifier === undefined
        ? await findQuickly(client, namespace, attributes, filter, place)
        : await wholePage(client, namespace, attributes, filter, place)
  const identifiers = await firstIdentifiers(
    client,
    namespace,
    rows.map(({ id }) => id),
  )
  const profiles = rows.map((row) => ({
    id: row.id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    identifiers: [...(identifiers.get(row.id) ?? [])],
    attributes: Object.fromEntries(typedCells(attributes, row.cells)),
  }))
  return { profiles, next }
}

async function wholePage(
  client: pg.PoolClient,
  namespace: Namespace,
  attributes: readonly Attribute[],
  filter: ProfileFilter,
  { after, limit }: ProfilePlace,
): Promise<QuickPage> {
  const rows = await findProfiles(client, namespace, attributes, filter, { after, limit: limit + 1 })
  const page = rows.slice(0, limit)
  return { rows: page, next: rows.length > limit ? page.at(-1)!.id : null }
}

type Search<T> = (
  client: pg.PoolClient,
  namespace: Namespace,
  attributes: readonly Attribute[],
  filter: ProfileFilter,
) => Promise<T>

/** Reads the filter and runs the search; a value that does not fit its column's type is the caller's mistake. */
async function search<T>(
  context: ApiContext,
  name: string,
  query: z.infer<typeof filterQuery>,
  use: Search<T>,
): Promise<T> {
  const namespace = await namespaceOf(context, name)
  const attributes = await listAttributes(context.database.pool, namespace.id)
  const texts = [query.where ?? []].flat()
  const filter = {
    identifier: query.identifier,
    text: query.text,
    where: texts.map((text) => parseCondition(text, attributes)),
  }
  try {
    return await context.database.withClient((client) => use(client, namespace, attributes, filter))
  } catch (error) {
    // Class 22: data exception; 42883: no such operator for this type.
    const state = sqlState(error)
    if (state?.startsWith('22') !== true && state !== '42883') throw error
    throw failure('filter.invalid', {
      filter: texts.join(', '),
      detail: 'the value does not fit the type of the attribute.',
    })
  }
}

async function showProfile(
  context: ApiContext,
  name: string,
  id: number,
  withLines: boolean,
): Promise<ProfileDetailView> {
  const namespace = await namespaceOf(context, name)
  const { pool } = context.database
  const attributes = await listAttributes(pool, namespace.id)
  const detail = await findProfile(pool, namespace, attributes, id)
  if (detail !== undefined) return detailView(context, namespace, attributes, detail, withLines)
  const into = await goneInto(pool, namespace, id)
  if (into === undefined) throw failure('not_found', { noun: 'profile', id })
  throw failure('profile.gone', {
    id,
    fate: into === null ? 'was deleted' : `was merged into profile ${into}`,
  })
}
