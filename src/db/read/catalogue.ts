// The attribute catalogue as people look at it: since when there is an attribute, how full it is, and which jobs write it.
import type pg from 'pg'
import type { Attribute } from '../../core/attribute.ts'
import type { Namespace } from '../imports.ts'

export interface CatalogueRow extends Attribute {
  readonly created_at: string
  /** The run that brought it. */
  readonly created_run: number | null
  /** Share of the profiles that have a value, 0 to 1, as PostgreSQL estimated last; null: it did not look yet. */
  readonly filled: number | null
}

/** In the order they were made. */
export async function catalogue(client: pg.Pool, { id, schema }: Namespace): Promise<CatalogueRow[]> {
  const { rows } = await client.query<CatalogueRow>(
    `select a.key, a.type, a.label, a.pii, a.created_run, to_json(a.created_at) #>> '{}' as created_at,
       round((1 - s.null_frac)::numeric, 4)::float8 as filled
     from sluice.attribute a
     left join pg_stats s on s.schemaname = $2 and s.tablename = 'profile' and s.attname = a.key
     where a.namespace_id = $1 order by a.position`,
    [id, schema],
  )
  return rows
}

export interface AttributeUse {
  readonly key: string
  /** In the order of their names, at most five. */
  readonly jobs: readonly string[]
  readonly count: number
}

/** Jobs that are looked at: every file that was imported once is one. */
const jobsMax = 1_000

/** Which of the newest jobs, in their newest versions, write which attributes. Archived ones do not. */
export async function attributeUses(client: pg.Pool, { id }: Namespace): Promise<AttributeUse[]> {
  const { rows } = await client.query<AttributeUse>(
    `select c -> 'target' ->> 'key' as key, (array_agg(distinct j.name))[1:5] as jobs, count(distinct j.name)::int as count
     from (select id, name, last_version from sluice.job where namespace_id = $1 and state <> 'archived'
           order by id desc limit ${jobsMax}) j
     join sluice.job_version v on v.job_id = j.id and v.version = j.last_version
     cross join lateral jsonb_array_elements(v.definition -> 'mapping' -> 'columns') c
     where c -> 'target' ->> 'to' = 'attribute' group by 1`,
    [id],
  )
  return rows
}
