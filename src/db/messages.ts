// Messages on their way: taken from the log once, kept until they are delivered or given up.
import type pg from 'pg'
import { addChore } from './chores.ts'
import type { Letter } from '../core/notify/letterParts.ts'
import { newsKinds, type Cause, type News } from '../core/notify/news.ts'
import { jobSetupSchema } from '../core/jobSetup.ts'
import { namespaceSettingsSchema } from '../core/namespaceSettings.ts'
import type { Notify } from '../core/setup/policies.ts'

type Queryable = pg.ClientBase | pg.Pool

export type Channel = 'email' | 'webhook'

/** A line of the log nobody was told of, with what decides whom to tell. */
export interface UntoldLine {
  readonly id: number
  readonly namespaceId: number
  readonly jobId: number | null
  readonly runId: number | null
  /** Who did it, where it was a person. */
  readonly by: string | null
  readonly news: News
  readonly inTrouble: boolean
  /** Of the job's newest version; null: it has no job. */
  readonly jobNotify: Notify | null
  readonly namespaceNotify: Notify
  /** IANA zone of the namespace. */
  readonly zone: string
}

interface UntoldRow {
  readonly row: Omit<UntoldLine, 'jobNotify' | 'namespaceNotify' | 'zone'> & {
    readonly setup: unknown
    readonly settings: unknown
  }
}

const untoldSql = `
  with passed as (update sluice.log set told = true where id in (
      select id from sluice.log where not told and kind <> all($1) order by id limit $2 for update skip locked)),
  lines as (select * from sluice.log where not told and kind = any($1) order by id limit $2 for update skip locked)
  select json_build_object(
    'id', l.id, 'namespaceId', l.namespace_id, 'jobId', l.job_id, 'runId', l.run_id, 'by', l.by,
    'inTrouble', exists (select from sluice.job_trouble t where t.job_id = l.job_id),
    'setup', v.setup, 'settings', n.settings,
    'news', json_build_object('kind', l.kind, 'at', l.at, 'namespace', n.name, 'job', j.name,
      'problem', coalesce(l.details -> 'problem', r.problem), 'details', l.details,
      'run', case when r.id is not null then json_build_object('id', r.id, 'number', r.number, 'state', r.state,
        'trigger', r.trigger, 'dryRun', coalesce(r.settings ->> 'dryRun' = 'true', false), 'file', f.file_name,
        'total', r.total, 'counters', coalesce(r.totals, '{}'), 'startedAt', r.started_at, 'endedAt', r.ended_at) end)) as row
  from lines l join sluice.namespace n on n.id = l.namespace_id
  left join sluice.job j on j.id = l.job_id
  left join sluice.job_version v on v.job_id = j.id and v.version = j.last_version
  left join sluice.run r on r.namespace_id = l.namespace_id and r.id = l.run_id
  left join sluice.landing f on f.id = r.landing_id
  order by l.id`

/** The next lines nobody was told of, locked: in a transaction that marks them. Of several tellers each gets its own. */
export async function takeUntold(client: pg.ClientBase, limit: number): Promise<UntoldLine[]> {
  const { rows } = await client.query<UntoldRow>(untoldSql, [newsKinds, limit])
  return rows.map(({ row: { setup, settings, ...line } }) => {
    const namespace = namespaceSettingsSchema.parse(settings)
    return {
      ...line,
      jobNotify: line.jobId === null ? null : jobSetupSchema.parse(setup ?? {}).notify,
      namespaceNotify: namespace.notify,
      zone: namespace.zone,
    }
  })
}

/** Whether there is anything to tell; cheap, by an index that holds untold lines only. */
export async function hasUntold(client: Queryable): Promise<boolean> {
  const { rows } = await client.query<{ some: boolean }>(
    'select exists (select from sluice.log where not told) as some',
  )
  return rows[0]!.some
}

export async function markTold(client: pg.ClientBase, ids: readonly number[]): Promise<void> {
  await client.query('update sluice.log set told = true where id = any($1)', [ids])
}

/** Notes that a job is in trouble, or well again. */
export async function noteTrouble(
  client: pg.ClientBase,
  jobId: number,
  { inTrouble, runId }: { readonly inTrouble: boolean; readonly runId: number | null },
): Promise<void> {
  if (inTrouble)
    await client.query(
      `insert into sluice.job_trouble (job_id, since, run_id) values ($1, clock_timestamp(), $2) on conflict do nothing`,
      [jobId, runId],
    )
  else await client.query('delete from sluice.job_trouble where job_id = $1', [jobId])
}

/** What a recipient gets: the words, and the plain facts for programs. */
export interface MessageBody {
  readonly letter: Letter
  /** What webhooks send; null: a test. */
  readonly news: News | null
}

export interface NewMessage {
  readonly namespaceId: number
  readonly jobId: number | null
  readonly runId: number | null
  readonly logId: number | null
  readonly channel: Channel
  readonly recipient: string
  readonly cause: Cause
  readonly body: MessageBody
  /** When it is collected with others, ISO 8601; null: sent by itself, at once. */
  readonly digestAt: string | null
}

/** Keeps a message; answers its id, or null where this recipient was told of this line already. */
export async function insertMessage(client: Queryable, message: NewMessage): Promise<number | null> {
  const { rows } = await client.query<{ id: number }>(
    `insert into sluice.message (namespace_id, job_id, run_id, log_id, channel, recipient, cause, subject, body, digest, not_before)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::timestamptz is not null, coalesce($10::timestamptz, now()))
     on conflict (log_id, channel, recipient) do nothing returning id`,
    [
      message.namespaceId,
      message.jobId,
      message.runId,
      message.logId,
      message.channel,
      message.recipient,
      message.cause,
      message.body.letter.subject,
      JSON.stringify(message.body),
      message.digestAt,
    ],
  )
  return rows[0]?.id ?? null
}

/** Mail that goes to one person together; `at`: when, ISO 8601. */
export interface Digest {
  readonly namespaceId: number
  readonly recipient: string
  readonly at: string
}

/** Orders the chore that delivers a message, or the digest it goes into. */
export async function orderSending(
  client: pg.ClientBase | pg.Pool,
  message: number,
  digest: Digest | null,
): Promise<void> {
  if (digest === null)
    return addChore(client, { name: 'send_message', payload: { message }, key: `message ${message}` })
  const { namespaceId, recipient, at } = digest
  await addChore(client, {
    name: 'send_digest',
    payload: { namespaceId, recipient },
    // However the instant is written, it is one chore.
    key: `digest ${namespaceId} ${Date.parse(at)} ${recipient}`,
    at,
  })
}

export interface Message {
  readonly id: number
  readonly namespaceId: number
  readonly namespace: string
  readonly channel: Channel
  readonly recipient: string
  readonly cause: Cause
  readonly body: MessageBody
  readonly attempts: number
  readonly createdAt: string
}

const messageColumns = `m.id, m.namespace_id as "namespaceId", n.name as namespace, m.channel, m.recipient, m.cause, m.body, m.attempts,
  to_json(m.created_at) #>> '{}' as "createdAt"`

/** A message that still waits; undefined: it was sent or given up meanwhile. */
export async function findWaiting(client: Queryable, id: number): Promise<Message | undefined> {
  const { rows } = await client.query<Message>(
    `select ${messageColumns} from sluice.message m join sluice.namespace n on n.id = m.namespace_id
     where m.id = $1 and m.status = 'waiting'`,
    [id],
  )
  return rows[0]
}

/** Messages of a digest that are due for one recipient, oldest first; at most a thousand go into one. */
export async function findDigest(
  client: Queryable,
  namespaceId: number,
  recipient: string,
): Promise<Message[]> {
  const { rows } = await client.query<Message>(
    `select ${messageColumns} from sluice.message m join sluice.namespace n on n.id = m.namespace_id
     where m.namespace_id = $1 and m.recipient = $2 and m.channel = 'email' and m.status = 'waiting' and m.digest
       and m.not_before <= clock_timestamp() order by m.id limit 1000`,
    [namespaceId, recipient],
  )
  return rows
}

export async function noteSent(client: Queryable, ids: readonly number[]): Promise<void> {
  await client.query(
    `update sluice.message set status = 'sent', sent_at = clock_timestamp(), attempts = attempts + 1, last_error = null where id = any($1)`,
    [ids],
  )
}

/** Notes why it could not be delivered; `final`: it is given up. */
export async function noteUndelivered(
  client: Queryable,
  ids: readonly number[],
  error: string,
  final: boolean,
): Promise<void> {
  await client.query(
    `update sluice.message set attempts = attempts + 1, last_error = $2, status = case when $3 then 'failed' else status end where id = any($1)`,
    [ids, error.slice(0, 1000), final],
  )
}

/** Sends one again that was given up or waits; false: there is none such. */
export async function reviveMessage(client: Queryable, namespaceId: number, id: number): Promise<boolean> {
  const { rowCount } = await client.query(
    `update sluice.message set status = 'waiting', digest = false, attempts = 0, not_before = now()
     where namespace_id = $1 and id = $2 and status <> 'sent'`,
    [namespaceId, id],
  )
  return rowCount === 1
}

/** Messages that wait although they are due, with the digest they go into; ordered again when a server starts. */
export async function overdueMessages(
  client: Queryable,
): Promise<{ readonly id: number; readonly digest: Digest | null }[]> {
  const { rows } = await client.query<{ row: { id: number; digest: Digest | null } }>(
    `select json_build_object('id', id, 'digest', case when digest then
       json_build_object('namespaceId', namespace_id, 'recipient', recipient, 'at', not_before) end) as row
     from sluice.message where status = 'waiting' and not_before <= clock_timestamp() order by id limit 10000`,
  )
  return rows.map(({ row }) => row)
}

export interface MessageRow {
  readonly id: number
  readonly job: string | null
  readonly run_id: number | null
  readonly channel: Channel
  readonly recipient: string
  readonly cause: Cause
  readonly subject: string
  readonly status: 'waiting' | 'sent' | 'failed'
  readonly attempts: number
  readonly last_error: string | null
  readonly not_before: string
  readonly created_at: string
  readonly sent_at: string | null
}

const rowColumns = `m.id, j.name as job, m.run_id, m.channel, m.recipient, m.cause, m.subject, m.status, m.attempts, m.last_error,
  m.not_before, m.created_at, m.sent_at`

/** One message, or undefined. */
export async function findMessage(
  client: Queryable,
  namespaceId: number,
  id: number,
): Promise<MessageRow | undefined> {
  const { rows } = await client.query<{ row: MessageRow }>(
    `select to_json(x) as row from (select ${rowColumns} from sluice.message m left join sluice.job j on j.id = m.job_id
       where m.namespace_id = $1 and m.id = $2) x`,
    [namespaceId, id],
  )
  return rows[0]?.row
}

/** Newest first; `undelivered`: only those that wait or were given up. */
export async function listMessages(
  client: Queryable,
  namespaceId: number,
  filter: {
    readonly undelivered: boolean
    /** The id of a job. */
    readonly job?: number | undefined
    readonly before: number | undefined
    readonly limit: number
  },
): Promise<MessageRow[]> {
  const { rows } = await client.query<{ row: MessageRow }>(
    `select to_json(x) as row from (
       select ${rowColumns} from sluice.message m left join sluice.job j on j.id = m.job_id
       where m.namespace_id = $1 and (not $2 or m.status <> 'sent') and ($3::bigint is null or m.id < $3)
         ${filter.job === undefined ? '' : 'and m.job_id = $5'}
       order by m.id desc limit $4) x`,
    [
      namespaceId,
      filter.undelivered,
      filter.before ?? null,
      filter.limit,
      ...(filter.job === undefined ? [] : [filter.job]),
    ],
  )
  return rows.map(({ row }) => row)
}
