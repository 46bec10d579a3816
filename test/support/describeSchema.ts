// The schema as text, read from PostgreSQL's own catalogue: a reviewer sees what a migration leaves behind as a diff.
import type pg from 'pg'

const columns = `
  select format('  %I %s%s%s', a.attname, format_type(a.atttypid, a.atttypmod), case when a.attnotnull then ' not null' else '' end,
    coalesce(case when a.attgenerated = 's' then ' generated as ' else ' default ' end || pg_get_expr(d.adbin, d.adrelid), '')) as line
  from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where a.attrelid = $1 and a.attnum > 0 and not a.attisdropped order by a.attnum`
const constraints = `
  select format('  %s: %s', conname, pg_get_constraintdef(oid)) as line from pg_constraint
  where conrelid = $1 and contype <> 'n' order by conname`
const indexes = `
  select '  ' || indexdef as line from pg_indexes where schemaname = $1 and tablename = $2 order by indexname`

async function lines(client: pg.ClientBase | pg.Pool, sql: string, values: unknown[]): Promise<string[]> {
  return (await client.query<{ line: string }>(sql, values)).rows.map((row) => row.line)
}

/** Tables with columns, constraints and indexes, then functions and sequences. Partitions of the ledger are left out. */
export async function describeSchema(client: pg.ClientBase | pg.Pool, schema: string): Promise<string> {
  const { rows: tables } = await client.query<{ oid: number; name: string; options: string | null }>(
    `select c.oid, c.relname as name, array_to_string(c.reloptions, ', ') as options from pg_class c
     where c.relnamespace = $1::regnamespace and c.relkind in ('r', 'p') and not c.relispartition order by c.relname`,
    [schema],
  )
  const parts: string[] = []
  for (const { oid, name, options } of tables)
    parts.push(
      [
        `table ${schema}.${name}${options === null ? '' : ` with (${options})`}`,
        ...(await lines(client, columns, [oid])),
        ...(await lines(client, constraints, [oid])),
        ...(await lines(client, indexes, [schema, name])),
      ].join('\n'),
    )
  parts.push(
    ...(await lines(
      client,
      `select pg_get_functiondef(oid) as line from pg_proc where pronamespace = $1::regnamespace order by proname`,
      [schema],
    )),
  )
  parts.push(
    ...(await lines(
      client,
      `select format('sequence %s increment %s', sequencename, increment_by) as line from pg_sequences where schemaname = $1 order by 1`,
      [schema],
    )),
  )
  return parts.join('\n\n') + '\n'
}
