// One measurement: both sides do the same import, one after the other, from the same state; then both are checked.
import { loadavg } from 'node:os'
import type { RunView } from '../src/api/runView.ts'
import type { VerifyView } from '../src/api/verify.ts'
import type { Files } from './files.ts'
import type { Home } from './home.ts'
import type { Kind, KindName, Start } from './kinds.ts'
import { forgetPeak, peakOf, workerOf } from './memory.ts'
import { checkAttributes, profilesOf, runPeer, settleDown } from './peer.ts'

export interface Bench {
  readonly home: Home
  readonly files: Files
}

type Side = 'product' | 'peer'

export interface ProductTimes {
  /** Seconds by stage, as the receipt has them. */
  readonly seconds: RunView['seconds']
  /** Seconds of the whole command, from typing it to its end. */
  readonly whole: number
  /** Bytes: the most the worker process, the server process held. */
  readonly workerPeak: number | null
  readonly serverPeak: number | null
  readonly run: string
  readonly counters: RunView['counters']
}

export interface Sample {
  readonly kind: KindName
  readonly round: number
  /** Which side went first. */
  readonly first: Side
  /** Processes that wanted to run in the minute before: much above 0, and the machine was not ours alone. */
  readonly load: number
  readonly product: ProductTimes
  /** Seconds. */
  readonly peer: number
  /** Why the result does not count; empty: it does. */
  readonly faults: readonly string[]
}

/** Measures one kind once. `last`: nothing else will start from this state. */
export async function measure(bench: Bench, kind: Kind, round: number, last: boolean): Promise<Sample> {
  const { home, files } = bench
  const parts = files.parts(kind.peer.parts)
  const file = files.file(kind.file)
  const first: Side = round % 2 === 1 ? 'product' : 'peer'
  await home.restore(kind.start.name, last)
  const load = loadavg()[0] ?? 0
  const server = await home.up()
  try {
    const product = (): Promise<ProductTimes> => importFile(home, server.pid, file, kind.flags)
    const peer = (): Promise<number> =>
      runPeer(home, kind.peer.statements, parts, kind.start.from === null ? 1 : 2)
    const [times, seconds] = await inTurn(home, first === 'product', product, peer)
    // Checked with fresh statistics, and not timed.
    await settleDown(home)
    const faults = await faultsOf(home, times.run)
    return { kind: kind.name, round, first, load, product: times, peer: seconds, faults }
  } finally {
    await server.stop()
  }
}

/** One after the other, with nothing left of the first when the second begins. */
async function inTurn<A, B>(
  home: Home,
  forward: boolean,
  a: () => Promise<A>,
  b: () => Promise<B>,
): Promise<[A, B]> {
  const early = await (forward ? a() : b())
  await settleDown(home)
  const late = await (forward ? b() : a())
  return (forward ? [early, late] : [late, early]) as [A, B]
}

/** The product's side: the command as a user types it, against a server that is up. */
async function importFile(
  home: Home,
  serverPid: number,
  file: string,
  flags: readonly string[],
): Promise<ProductTimes> {
  const worker = await workerOf(serverPid)
  if (worker !== null) await forgetPeak(worker)
  await forgetPeak(serverPid)
  const {
    code,
    output,
    errors,
    seconds: whole,
  } = await home.sluice('import', file, '--yes', '--json', ...flags)
  // 3: completed with errors.
  if (code !== 0 && code !== 3) throw new Error(`sluice import ended with ${code}: ${errors}${output}`)
  const { run, counters, seconds } = JSON.parse(output) as RunView
  if (run.state !== 'completed' && run.state !== 'completed_with_errors')
    throw new Error(`the import ended ${run.state}: ${output}`)
  const workerPeak = worker === null ? null : await peakOf(worker)
  return { seconds, whole, workerPeak, serverPeak: await peakOf(serverPid), run: run.id, counters }
}

async function faultsOf(home: Home, run: string): Promise<string[]> {
  const { code, output } = await home.sluice('verify', run, '--json')
  const faults: string[] = []
  if (code !== 0 || !(JSON.parse(output) as VerifyView).sound) faults.push(`verify: ${output}`)
  const ours = await profilesOf(home, 'sluice_main')
  const theirs = await profilesOf(home, 'sluice_peer')
  if (ours.sha256 !== theirs.sha256)
    faults.push(
      `profiles differ: ${ours.lines} and ${theirs.lines} lines, ${ours.sha256} and ${theirs.sha256}`,
    )
  return faults
}

/** Brings the home into the state a kind starts from, and keeps it. Not timed. */
export async function prepare({ home, files }: Bench, start: Start): Promise<void> {
  if (start.from === null) return
  const { file, flags, parts } = start.from
  await home.restore('empty')
  const server = await home.up()
  try {
    const { run } = await importFile(home, server.pid, files.file(file), flags)
    await runPeer(home, 'new', files.parts(parts), 1)
    await checkAttributes(home)
    await settleDown(home)
    const faults = await faultsOf(home, run)
    if (faults.length > 0) throw new Error(`the state to start from is wrong: ${faults.join('; ')}`)
  } finally {
    await server.stop()
  }
  await home.keep(start.name)
}
