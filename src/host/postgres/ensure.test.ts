// The embedded server as processes meet it: shared, closed to others, and back after any crash (design section 12).
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Client, type ClientConfig } from 'pg'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { until } from '../../../test/until.ts'
import { ensurePostgres, type Postgres } from './ensure.ts'
import { placeIn, type Place } from './place.ts'
import { gone, isAlive, recordedPid } from './process.ts'
import { stopPostgres } from './stop.ts'

const homes: string[] = []
const children: ChildProcess[] = []
const servers: Postgres[] = []

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  for (const server of servers.splice(0)) await server.release()
  for (const home of homes.splice(0)) {
    await stopPostgres(home)
    await rm(home.slice(0, '/tmp/sluice-host-XXXXXX'.length), { recursive: true, force: true })
  }
})

async function newHome(below = 'home'): Promise<string> {
  const home = join(await mkdtemp('/tmp/sluice-host-'), below)
  homes.push(home)
  return home
}

async function ensure(home: string, grace = 60_000): Promise<Postgres> {
  const server = await ensurePostgres({ home, role: 'test', grace, settings: { shared_buffers: '32MB' } })
  servers.push(server)
  return server
}

/** A home that is only looked at, by several tests: making one takes seconds. */
let lookedAt: Promise<{ readonly home: string; readonly server: Postgres }> | undefined
function homeToLookAt(): NonNullable<typeof lookedAt> {
  lookedAt ??= (async () => {
    const home = join(await mkdtemp('/tmp/sluice-host-'), 'home')
    const order = { home, role: 'test', grace: 60_000, settings: { shared_buffers: '32MB' } } as const
    return { home, server: await ensurePostgres(order) }
  })()
  return lookedAt
}

afterAll(async () => {
  const { home, server } = await homeToLookAt()
  await server.release()
  await stopPostgres(home)
  await rm(dirname(home), { recursive: true, force: true })
})

const holder = fileURLToPath(new URL('../../../test/holdPostgres.ts', import.meta.url))

/** Another process that holds the server; answers when it does, with the server's process id. */
async function otherProcess(home: string, grace = 60_000): Promise<{ child: ChildProcess; pid: number }> {
  const child = spawn(process.execPath, [holder, home, String(grace)], { stdio: ['pipe', 'pipe', 'inherit'] })
  children.push(child)
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  return { child, pid: Number(line) }
}

async function ask(connection: ClientConfig, query: string): Promise<unknown> {
  const client = new Client(connection)
  client.on('error', () => {})
  await client.connect()
  try {
    const { rows } = await client.query<unknown[]>({ text: query, rowMode: 'array' })
    return rows[0]?.[0]
  } finally {
    await client.end()
  }
}

const answers = (server: Postgres) => ask(server.connection, 'select 1').catch(() => undefined)
const readyLines = async (place: Place) =>
  (await readFile(place.log, 'utf8')).split('\n').filter((line) => line.includes('ready to accept')).length

test('it is a durable PostgreSQL 18 without TCP', async () => {
  const { server } = await homeToLookAt()
  const setting = (name: string) => ask(server.connection, `show ${name}`)
  expect(Math.floor(server.version / 10_000)).toBe(18)
  const names = ['listen_addresses', 'fsync', 'synchronous_commit', 'data_checksums', 'timezone', 'jit']
  expect(await Promise.all(names.map(setting))).toEqual(['', 'on', 'on', 'on', 'UTC', 'off'])
  expect(await ask(server.connection, `select lower('ÀÉß')`)).toBe('àéß')
})

test('values of customers never reach the log', async () => {
  const { home, server } = await homeToLookAt()
  await expect(ask(server.connection, `select 'canary@example.com'::int`)).rejects.toThrow(
    'canary@example.com',
  )
  expect(await readFile(placeIn(home).log, 'utf8')).not.toContain('canary')
})

test('five processes started at once share one server', async () => {
  const home = await newHome()
  const started = await Promise.all(Array.from({ length: 5 }, () => otherProcess(home)))
  expect(new Set(started.map(({ pid }) => pid)).size).toBe(1)
  expect(await readyLines(placeIn(home))).toBe(1)
  expect((await readdir(home)).filter((name) => name.startsWith('postgres.new'))).toEqual([])
})

test('a home path of 200 bytes works', async () => {
  const home = await newHome(join('x'.repeat(87), 'é'.repeat(44)))
  expect(Buffer.byteLength(home)).toBe(200)
  const server = await ensure(home)
  expect(await ask(server.connection, 'select 1')).toBe(1)
})

test.runIf(process.platform === 'linux')("a terminal's Ctrl-C never reaches it", async () => {
  const { home } = await homeToLookAt()
  const pid = await recordedPid(placeIn(home).data)
  const [, , , group, session] = (await readFile(`/proc/${pid}/stat`, 'utf8'))
    .replace(/^.*\)/, 'name')
    .split(' ')
  expect([group, session]).toEqual([String(pid), String(pid)])
})

test('two homes have two servers', async () => {
  const [{ server: one }, two] = [await homeToLookAt(), await ensure(await newHome())]
  await ask(one.connection, 'create table mine ()')
  expect(await ask(two.connection, `select to_regclass('mine')`)).toBeNull()
})

describe('other users of the machine', () => {
  test('an empty folder given as home is closed; a folder of something else keeps its mode', async () => {
    const [empty, used] = [await newHome(), await newHome()]
    await mkdir(empty, { mode: 0o755 })
    await mkdir(join(used, 'something'), { recursive: true })
    await chmod(used, 0o755)
    await Promise.all([ensure(empty), ensure(used)])
    const modeOf = async (path: string) => (await stat(path)).mode & 0o777
    expect(await Promise.all([empty, used, join(used, 'postgres')].map(modeOf))).toEqual([
      0o700, 0o755, 0o700,
    ])
    expect(await modeOf(join(used, 'postgres.lock'))).toBe(0o600)
  })

  test('find every folder and file closed', async () => {
    const { home, server } = await homeToLookAt()
    const { connection } = server
    const place = placeIn(home)
    const closed = [home, place.folder, place.data, place.passwordFile, place.log, connection.host as string]
    for (const path of closed) expect([path, (await stat(path)).mode & 0o077]).toEqual([path, 0])
  })

  test('need the password', async () => {
    const { connection } = (await homeToLookAt()).server
    await expect(ask({ ...connection, password: 'guess' }, 'select 1')).rejects.toMatchObject({
      code: '28P01',
    })
  })

  test.runIf(process.getuid?.() === 0)('can neither connect nor read', async () => {
    const { home, server } = await homeToLookAt()
    const { connection } = server
    const place = placeIn(home)
    const socket = connect(join(connection.host as string, '.s.PGSQL.5432'))
    await once(socket, 'connect')
    socket.destroy()
    const refused = await asNobody(async () => {
      const attempt = connect(join(connection.host as string, '.s.PGSQL.5432'))
      const tries = [
        once(attempt, 'connect'),
        readdir(home),
        readFile(place.passwordFile),
        readdir(place.data),
        readdir(connection.host as string),
      ]
      return Promise.all(tries.map((each) => each.then(() => 'allowed', codeOf)))
    })
    expect(refused).toEqual(['EACCES', 'EACCES', 'EACCES', 'EACCES', 'EACCES'])
  })
})

const codeOf = (error: NodeJS.ErrnoException) => error.code

/** As another user of this machine, with all threads of this process. */
async function asNobody<T>(use: () => Promise<T>): Promise<T> {
  process.setegid?.(65_534)
  process.seteuid?.(65_534)
  try {
    return await use()
  } finally {
    process.seteuid?.(0)
    process.setegid?.(0)
  }
}

test.runIf(process.getuid?.() === 0)('root has it run by a user of its own', async () => {
  const { home } = await homeToLookAt()
  const pid = await recordedPid(placeIn(home).data)
  const { uid } = await stat(`/proc/${pid}`)
  expect(uid).not.toBe(0)
  expect((await stat(placeIn(home).data)).uid).toBe(uid)
  expect((await stat(placeIn(home).passwordFile)).uid).toBe(0)
})

describe('after a crash', () => {
  test('of the server, whoever holds it starts it again', async () => {
    const home = await newHome()
    const server = await ensure(home)
    await ask(server.connection, 'create table kept as select 42 as answer')
    const pid = (await recordedPid(placeIn(home).data)) ?? 0
    process.kill(pid, 'SIGKILL')
    await gone(pid, 10_000)
    await until(() => answers(server))
    expect(await ask(server.connection, 'select answer from kept')).toBe(42)
  })

  test('of everything at once, the next process starts it', async () => {
    const home = await newHome()
    const { child, pid } = await otherProcess(home)
    child.kill('SIGKILL')
    process.kill(pid, 'SIGKILL')
    await gone(pid, 10_000)
    const server = await ensure(home)
    expect(await ask(server.connection, 'select 1')).toBe(1)
  })

  test('a recorded process number that now belongs to somebody else is no obstacle', async () => {
    const home = await newHome()
    await ensure(home).then((server) => server.release())
    await stopPostgres(home)
    await writeFile(join(placeIn(home).data, 'postmaster.pid'), `${process.pid}\n/somewhere\n1\n5432\n`)
    const server = await ensure(home)
    expect(await ask(server.connection, 'select 1')).toBe(1)
  })

  test.runIf(process.platform === 'linux')(
    'a server that is joined while it recovers, and dies of it, is started again',
    async () => {
      const home = await newHome()
      await ensure(home).then((server) => server.release())
      await stopPostgres(home)
      const { data } = placeIn(home)
      // It lives in the data folder and never answers, as PostgreSQL does until the log is replayed.
      const dying = spawn('sleep', ['1'], { cwd: data })
      children.push(dying)
      await writeFile(join(data, 'postmaster.pid'), `${dying.pid}\n${data}\n1\n5432\n`)
      const server = await ensure(home)
      expect(await ask(server.connection, 'select 1')).toBe(1)
    },
  )

  test('a cluster half made is made anew', async () => {
    const home = await newHome()
    await mkdir(join(home, 'postgres.new-0123456789ab', 'data'), { recursive: true })
    const server = await ensure(home)
    expect(await ask(server.connection, 'select 1')).toBe(1)
    expect(await readdir(home)).not.toContain('postgres.new-0123456789ab')
  })
})

describe('the last to leave', () => {
  test('stops it, even when it was killed', async () => {
    const home = await newHome()
    const { child, pid } = await otherProcess(home, 200)
    const server = await ensure(home, 200)
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(await ask(server.connection, 'select 1')).toBe(1)
    await server.release()
    expect(await gone(pid, 30_000)).toBe(true)
  })

  test('leaves at the very moment another comes: both get their server', async () => {
    const home = await newHome()
    for (let round = 0; round < 8; round++) {
      const server = await ensure(home, 60)
      expect(await ask(server.connection, 'select 1')).toBe(1)
      await server.release()
      const stopped = async () => (await recordedPid(placeIn(home).data)) === undefined
      if (round % 2 === 1) await until(stopped)
    }
  })
})

describe('stopping on purpose', () => {
  test('can be refused', async () => {
    const server = await ensure(await newHome())
    const busy = stopPostgres(homes[0] ?? '', () => Promise.reject(new Error('a run is active')))
    await expect(busy).rejects.toThrow('a run is active')
    expect(await ask(server.connection, 'select 1')).toBe(1)
  })

  test('holds until somebody starts it; then those who waited are back', async () => {
    const home = await newHome()
    const waiting = await ensure(home)
    const pid = (await recordedPid(placeIn(home).data)) ?? 0
    expect(await stopPostgres(home)).toBe(true)
    expect(await isAlive(pid)).toBe(false)
    expect(await stopPostgres(home)).toBe(false)
    const second = await ensure(home)
    const count = `select count(*)::int from pg_stat_activity where application_name = 'sluice test'`
    await until(async () => (await ask(second.connection, count)) === 2)
    expect(await ask(waiting.connection, 'select 1')).toBe(1)
  })

  test('a home without a server has nothing to stop', async () => {
    expect(await stopPostgres(await newHome())).toBe(false)
  })
})

describe('a PostgreSQL of the user', () => {
  test('is used as it is', async () => {
    const { connection } = (await homeToLookAt()).server
    const { host, user, password, database } = connection
    const databaseUrl = `postgres://${user}:${password as string}@/${database}?host=${host}`
    const external = await ensurePostgres({ home: '/nowhere', databaseUrl, role: 'test' })
    expect(external).toMatchObject({ embedded: false })
    expect(await ask(external.connection, 'select current_user')).toBe('sluice')
    await external.release()
  })

  test('that does not answer is a problem without the password in it', async () => {
    const databaseUrl = 'postgres://me:canary@127.0.0.1:9/db'
    const attempt = ensurePostgres({ home: '/nowhere', databaseUrl, role: 'test' }).catch(
      (error: unknown) => error,
    )
    expect(JSON.stringify(await attempt)).toMatch(/postgres.unreachable(?!.*canary)/)
  })
})
