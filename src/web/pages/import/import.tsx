// The preview of an upload: what is in the file, what each column becomes, and the button that imports it.
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { getUploadOptions } from '../../../client/@tanstack/react-query.gen.ts'
import { bytes } from '../../lib/numbers.ts'
import { useNamespace } from '../../lib/place.ts'
import { Empty } from '../../parts/empty.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Page } from '../../parts/page.tsx'
import { FileParts } from '../../parts/reading/fileParts.tsx'
import { ImportButton } from './importButton.tsx'
import { Preview } from './preview.tsx'
import { previewOf } from './uploads.tsx'

export function ImportPage() {
  const { upload } = useSearch({ strict: false }) as { readonly upload?: string }
  if (upload === undefined)
    return (
      <Page title="Import a file">
        <Empty title="Drop a file anywhere" action={<ImportButton label="Choose a file" size="md" />}>
          CSV, JSON, Excel, Parquet or a zip of them, of any size. You see what is in it, and what it would
          change, before anything is written.
        </Empty>
      </Page>
    )
  return <Uploaded key={upload} id={upload} />
}

function Uploaded({ id }: { readonly id: string }) {
  const namespace = useNamespace()
  const go = useNavigate()
  const upload = useQuery(getUploadOptions({ path: { namespace, upload: id } }))
  const title = upload.data?.fileName ?? 'Import a file'
  const above = [{ label: 'Uploads', to: `/n/${namespace}/uploads` }]
  const about = upload.data === undefined ? undefined : bytes(upload.data.contentBytes)
  return (
    <Page title={title} above={above} about={about}>
      <Loaded query={upload} lines={8}>
        {(found) =>
          found.container === null ? (
            <Preview upload={found} />
          ) : (
            <FileParts upload={found} open={(part) => void go({ to: previewOf(namespace, part) })} />
          )
        }
      </Loaded>
    </Page>
  )
}
