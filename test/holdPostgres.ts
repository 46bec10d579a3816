// A process of its own that holds the embedded server until its standard input ends: node holdPostgres.ts HOME GRACE
import { once } from 'node:events'
import { ensurePostgres } from '../src/host/postgres/ensure.ts'
import { recordedPid } from '../src/host/postgres/process.ts'
import { placeIn } from '../src/host/postgres/place.ts'

const [home = '', grace = '60000'] = process.argv.slice(2)
const server = await ensurePostgres({
  home,
  role: 'holder',
  grace: Number(grace),
  settings: { shared_buffers: '32MB' },
})
process.stdout.write(`${await recordedPid(placeIn(home).data)}\n`)
process.stdin.resume()
await once(process.stdin, 'end')
await server.release()
