// News of jobs and runs for open streams: the log as it grows, which runs are worth a look, and word that rights changed.
import type pg from 'pg'

type Queryable = pg.ClientBase | pg.Pool

/** The channel on which processes tell each other that somebody may less, or more, than before. */
export const accessChannel = 'sluice_access'

/** A line of the log: whose it is, and no more. */
export interface NewsLine {
  readonly id: number
  readonly namespaceId: number
  readonly job: number | null
  readonly run: number | null
}

interface Read {
  readonly oldest: number
  readonly next: number
  readonly id: number | null
  readonly namespaceId: number
  readonly job: number | null
  readonly run: number | null
}

interface Hole {
  /** Every transaction from here on began after it was noticed. */
  readonly next: number
  readonly reads: number
}

const linesAtOnce = 2_000
/** Lines before the newest in which a transaction may still be under way when reading begins. */
const startBehind = 500
const holesMax = 10_000

/**
 * Reads the log of all namespaces as it grows. Ids are given out before they are committed, so a line can appear behind
 * those that were read: a missing id is asked for again until every transaction that could have it has ended.
 */
export class LogReader {
  #top = 0
  readonly #holes = new Map<number, Hole>()

  /** Every line up to this one was read. */
  get mark(): number {
    const [first] = this.#holes.keys()
    return first === undefined ? this.#top : Math.min(this.#top, first - 1)
  }

  /** The newest line that was read. */
  get top(): number {
    return this.#top
  }

  /** Begins at the newest line. */
  async start(client: Queryable): Promise<void> {
    const { rows } = await client.query<{ top: number }>('select coalesce(max(id), 0) as top from sluice.log')
    this.#top = Math.max(0, rows[0]!.top - startBehind)
    this.#holes.clear()
    // So often that ids nobody uses any more are told from those that are to come.
    for (let reads = 0; reads < 3; reads++) await this.read(client)
  }

  /** Every line that appeared since. */
  async read(client: Queryable): Promise<NewsLine[]> {
    const lines: NewsLine[] = []
    for (;;) {
      const rows = await this.#readSome(client)
      for (const { id, namespaceId, job, run } of rows)
        if (id !== null) lines.push({ id, namespaceId, job, run })
      if (rows.length < linesAtOnce) return lines
    }
  }

  async #readSome(client: Queryable): Promise<Read[]> {
    const { rows } = await client.query<Read>(
      `select s.oldest, s.next, l.id, l.namespace_id as "namespaceId", l.job_id as job, l.run_id as run
       from (select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as oldest,
         pg_snapshot_xmax(pg_current_snapshot())::text::bigint as next) s
       left join lateral (
         (select id, namespace_id, job_id, run_id from sluice.log where id > $1 order by id limit ${linesAtOnce})
         union all select id, namespace_id, job_id, run_id from sluice.log where id = any($2)) l on true
       order by l.id`,
      [this.#top, [...this.#holes.keys()]],
    )
    const { oldest, next } = rows[0]!
    for (const { id } of rows) if (id !== null) this.#saw(id, next)
    for (const [id, hole] of this.#holes)
      // An id is given out a moment before its transaction has a number: one more look covers that.
      if (hole.reads > 1 && oldest >= hole.next) this.#holes.delete(id)
      else this.#holes.set(id, { ...hole, reads: hole.reads + 1 })
    return rows
  }

  #saw(id: number, next: number): void {
    this.#holes.delete(id)
    for (let missing = Math.max(this.#top + 1, id - holesMax); missing < id; missing++)
      this.#holes.set(missing, { next, reads: 0 })
    this.#top = Math.max(this.#top, id)
    for (const first of this.#holes.keys()) {
      if (this.#holes.size <= holesMax) break
      this.#holes.delete(first)
    }
  }
}

/**
 * What happened in a namespace after a line, oldest first. Null: too much, or too long ago, to be told line by line.
 * `top`: the newest line there is.
 */
export async function linesSince(
  client: Queryable,
  namespaceId: number,
  { after, top, limit }: { readonly after: number; readonly top: number; readonly limit: number },
): Promise<Omit<NewsLine, 'namespaceId'>[] | null> {
  // Lines of other namespaces stand between: so many are looked through at most. A line that is to come is of another database.
  if (top - after > 50_000 || after > top) return null
  const { rows } = await client.query<{ id: number; job: number | null; run: number | null; old: boolean }>(
    `select id, job_id as job, run_id as run, at < clock_timestamp() - interval '1 day' as old
     from sluice.log where namespace_id = $1 and id > $2 order by id limit $3`,
    [namespaceId, after, limit + 1],
  )
  // Retention may have taken lines of that age.
  return rows.length > limit || rows[0]?.old === true ? null : rows
}

/** A run, and the job it belongs to. */
export interface RunPlace {
  readonly id: number
  readonly job: number
}

/** Runs of a namespace that move without a line of the log: those at work, and of the named ones those that are not over. */
export async function runsUnderWay(
  client: Queryable,
  namespaceId: number,
  named: readonly number[],
): Promise<RunPlace[]> {
  const { rows } = await client.query<RunPlace>(
    `select id, job_id as job from sluice.run where namespace_id = $1 and (holds_lane or state = 'stopping')
     union select id, job_id from sluice.run where namespace_id = $1 and id = any($2) and ended_at is null`,
    [namespaceId, named],
  )
  return rows
}

/** Of these runs, those there are. */
export async function runPlaces(
  client: Queryable,
  namespaceId: number,
  runs: readonly number[],
): Promise<RunPlace[]> {
  const { rows } = await client.query<RunPlace>(
    'select id, job_id as job from sluice.run where namespace_id = $1 and id = any($2)',
    [namespaceId, runs],
  )
  return rows
}

/** Tells every server process that rights changed. */
export async function tellAccessChanged(client: Queryable): Promise<void> {
  await client.query(`select pg_notify('${accessChannel}', '')`)
}

/** Whether the database answers. */
export async function answers(client: Queryable): Promise<void> {
  await client.query('select 1 as yes from sluice.namespace limit 1')
}
