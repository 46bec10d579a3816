// The parts of a file that `sluice import` takes: uploaded whole first, then unpacked by the server, part by part.
import type { UploadView } from '../client/types.gen.ts'
import { failure } from '../core/problems.ts'
import { partHints, type Part } from '../formats/containers/kind.ts'
import type { Client } from './client.ts'
import { chosenParts, isPacked, names, type PartOptions, type Several } from './containers.ts'
import { Cancelled } from './questions.ts'
import type { FileSource } from './sources.ts'
import { canAsk, color } from './terminal.ts'
import { live, ticking } from './progress.ts'

export interface PartImport {
  readonly client: Client
  readonly options: PartOptions & { readonly yes?: boolean; readonly json?: boolean }
  /** Uploads a source. */
  readonly send: (source: FileSource) => Promise<UploadView>
}

/**
 * The sources that stand for one: itself, or the parts of a workbook, a table or an archive, landed. What can be read
 * but once is landed as well. Throws `container.part_open` where several sheets are there and nobody can be asked, and
 * `Cancelled`.
 */
export async function landedParts(work: PartImport, source: FileSource): Promise<FileSource[]> {
  if (source.bytes !== null && !(await isPacked(source))) return [source]
  const upload = await work.send(source)
  return partsOf(work, { ...source, landed: upload }, upload)
}

async function partsOf(work: PartImport, source: FileSource, upload: UploadView): Promise<FileSource[]> {
  if (upload.container === null) return [source]
  const { client, options } = work
  const parts: FileSource[] = []
  for (const part of await chosenParts(
    source.name,
    upload.container,
    options,
    asking(source.name, options),
  )) {
    const landed = await unpacked(client, upload, part, options.json === true)
    const one = { ...source, name: landed.fileName, hints: partHints(part.noun), landed }
    parts.push(...(await partsOf(work, one, landed)))
  }
  return parts
}

/** A large sheet takes seconds. */
function unpacked(client: Client, upload: UploadView, part: Part, json: boolean): Promise<UploadView> {
  return ticking(live(json), `${color.bold('Unpacking')} ${part.name}`, () =>
    client.post('/uploads/{upload}/parts', { upload: upload.id, body: { name: part.name } }),
  )
}

function asking(file: string, { yes, json }: PartImport['options']): Several {
  return async (sheets) => {
    if (yes === true || json === true || !canAsk())
      throw failure('container.part_open', { file, names: names(sheets) })
    const { isCancel, multiselect } = await import('@clack/prompts')
    const answer = await multiselect({
      message: `${file} has several sheets. Which are to be imported?`,
      options: sheets.map((sheet) => ({ value: sheet, label: sheet.name })),
    })
    if (isCancel(answer)) throw new Cancelled()
    return answer
  }
}
