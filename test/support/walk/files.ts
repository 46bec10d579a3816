// The part of the walk that sends files, imports them and looks at what became of them.
import type { Inspection } from '../../../src/api/inspect.ts'
import type { UploadView } from '../../../src/api/uploadView.ts'
import { makeZip } from '../containers.ts'
import type { Walker } from './walker.ts'

const people = [
  'customer_id,email,first_name,city',
  '1001,ada@example.com,Ada,Vienna',
  '1002,bob@example.com,Bob,Graz',
  '1003,not-an-address,Eve,Linz',
  '',
].join('\n')

/** Sends a file that nobody has sent before. */
async function upload(walker: Walker, fileName: string, content: string): Promise<string> {
  const query = `file_name=${fileName}`
  const other = { bytes: `${content}\n` }
  return (await walker.ask<UploadView>('POST', '/uploads', {}, { query, bytes: content, other })).id
}

/** r1001 is the import of customers.csv, of whose three records one fails. */
export async function walkFiles(walker: Walker): Promise<void> {
  const id = await upload(walker, 'customers.csv', people)
  await walker.ask('GET', '/uploads/:upload', { upload: id })
  const other = { json: { dialect: { delimiter: ',' } } }
  const found = await walker.ask<Inspection>(
    'POST',
    '/uploads/:upload/inspect',
    { upload: id },
    { json: {}, other },
  )
  const columns = found.columns.map(({ column }) => column)
  const definition = { dialect: found.dialect, columns, mapping: found.mapping }
  const order = { upload: id, job: 'customers.csv', definition }
  await walker.ask('POST', '/imports', {}, { json: order, other: { json: { ...order, job: 'others.csv' } } })
  await walker.api.settled('r1001')
  await walkParts(walker)
  await walkResumable(walker)
  await walkBulk(walker)
}

async function walkParts(walker: Walker): Promise<void> {
  const archive = makeZip([
    { name: 'spring.csv', content: 'customer_id\n1\n' },
    { name: 'summer.csv', content: 'customer_id\n2\n' },
  ])
  const { id } = await walker.ask<UploadView>(
    'POST',
    '/uploads',
    {},
    { query: 'file_name=customers.zip', bytes: archive, other: { bytes: 'customer_id\n9\n' } },
  )
  const json = { name: 'spring.csv' }
  const other = { json: { name: 'summer.csv' } }
  await walker.ask('POST', '/uploads/:upload/parts', { upload: id }, { json, other })
}

async function walkResumable(walker: Walker): Promise<void> {
  const version = { 'tus-resumable': '1.0.0' }
  const content = 'customer_id,email\n2001,cleo@example.com\n'
  const headers = {
    ...version,
    'upload-length': String(content.length),
    'upload-metadata': `filename ${Buffer.from('large.csv').toString('base64')}`,
  }
  await walker.ask('POST', '/uploads/resumable', {}, { headers })
  const { rows } = await walker.api.harness.db.pool.query<{ id: string }>('select id from sluice.resumable')
  const at = { resumable: rows[0]!.id }
  await walker.ask('PATCH', '/uploads/resumable/:resumable', at, {
    headers: { ...version, 'upload-offset': '0' },
    bytes: content,
    type: 'application/offset+octet-stream',
  })
  await walker.ask('GET', '/uploads/resumable/:resumable', at)
}

async function walkBulk(walker: Walker): Promise<void> {
  const csv = 'customer_id,email\n3001,dora@example.com\n'
  await walker.ask('POST', '/bulk/csv', {}, { bytes: csv, type: 'text/csv', other: { bytes: `${csv}\n` } })
  await walker.api.settled('r1002')
  const lines = '{"customer_id":"3002","email":"emil@example.com"}\n'
  await walker.ask(
    'POST',
    '/bulk/json',
    {},
    {
      bytes: lines,
      type: 'application/x-ndjson',
      other: { bytes: `${lines}\n` },
    },
  )
  await walker.api.settled('r1003')
}

/** What one looks at, and what one does about the record that failed. */
export async function walkRuns(walker: Walker): Promise<void> {
  const run = { run: 'r1001' }
  for (const route of ['', '/errors', '/log', '/rejects', '/definition', '/profiles'])
    await walker.ask('GET', `/runs/:run${route}`, run)
  for (const route of [
    '/runs',
    '/queue',
    '/home',
    '/mappings',
    '/attributes',
    '/profiles',
    '/profiles/count',
  ])
    await walker.ask('GET', route)
  await walker.ask('GET', '/profiles/:profile', { profile: 1 })
  await walker.ask('GET', '/profiles/:profile/history', { profile: 1 })
  await walker.ask('GET', '/runs/:run/records/:record', { ...run, record: 3 })
  await walker.ask('GET', '/runs/:run/records/:record/explanation', { ...run, record: 3 })
  await walker.ask('POST', '/runs/:run/verify', run)
  await walkMemory(walker)
  await walkCorrections(walker)
  await walkFixes(walker)
  const other = { json: { runs: ['r1002'] } }
  await walker.ask('POST', '/undos', {}, { json: { runs: ['r1003'] }, other })
  await walker.ask('POST', '/runs/:run/forget-mapping', { run: 'r1002' })
}

async function walkMemory(walker: Walker): Promise<void> {
  const columns = ['customer_id', 'email', 'first_name', 'city']
  const json = { columns, dialect: { format: 'csv', headerLines: 1 }, job: 'customers.csv' }
  await walker.ask('POST', '/mappings/recall', {}, { json })
  const { definition } = await walker.ask<{ definition: unknown }>('GET', '/runs/:run/definition', {
    run: 'r1001',
  })
  const bytes = Buffer.from('1004,flo@example.com,Flo,Wels').toString('base64')
  const cells = ['1004', 'flo@example.com', 'Flo', 'Wels']
  const record = { ordinal: 1, line: 2, lastLine: 2, offset: 34, length: 29, cells, bad: null, bytes }
  await walker.ask('POST', '/explanations', {}, { json: { file: 'new.csv', definition, record } })
  const { rows } = await walker.api.harness.db.pool.query<{ sha256: string }>(
    `select content_sha256 as sha256 from sluice.landing where file_name = 'customers.csv'`,
  )
  await walker.ask('GET', '/explanations', {}, { query: `sha256=${rows[0]!.sha256}&line=4` })
}

async function walkCorrections(walker: Walker): Promise<void> {
  const { body: errors } = await walker.api.ask<string>('GET', '/runs/r1001/artifacts/errors')
  const corrected = await upload(walker, 'corrected.csv', errors.replace('not-an-address', 'eve@example.com'))
  const json = { dialect: { delimiter: ',' } }
  await walker.ask('POST', '/uploads/:upload/corrections', { upload: corrected }, { json })
  const order = { upload: corrected, dryRun: true }
  const other = { json: { upload: corrected } }
  await walker.ask('POST', '/corrections', {}, { json: order, other })
  await walker.api.settled('r1004')
}

async function walkFixes(walker: Walker): Promise<void> {
  const cause = { code: 'email.invalid', column: 'email' }
  const rule = {
    cause,
    column: 'email',
    steps: [{ replace: { text: 'not-an-address', with: 'eve@example.com' } }],
  }
  await walker.ask('POST', '/runs/:run/fixes/count', { run: 'r1001' }, { json: { rules: [rule] } })
  const json = { rules: [rule], dryRun: true }
  await walker.ask('POST', '/runs/:run/fixes', { run: 'r1001' }, { json, other: { json: { rules: [rule] } } })
}
