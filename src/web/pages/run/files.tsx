// What can be downloaded of a run, and why something cannot; files with people's data say so.
import { Anchor, Badge, Group, Stack, Text, Title, Tooltip } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import type { RunView } from '../../../client/index.ts'
import { bytes } from '../../lib/numbers.ts'
import { useMay } from '../../lib/place.ts'

type Download = RunView['downloads'][number]

const files: Readonly<Record<Download['name'], { label: string; doc: string; personal: boolean }>> = {
  errors: { label: 'Error file', doc: 'Every failed record with its values and the reason', personal: true },
  processed: { label: 'Processed file', doc: 'Every record with what became of it', personal: true },
  landing: { label: 'File as it was read', doc: 'Byte for byte, unpacked', personal: true },
  log: { label: 'Log', doc: 'What happened, line by line', personal: false },
}

export function Files({ view }: { readonly view: RunView }) {
  const may = useMay('download_personal')
  return (
    <section>
      <Title order={2} size="h4" mb="xs">
        Downloads
      </Title>
      <Stack gap="xs">
        {offered(view).map((download) => (
          <File
            key={download.name}
            download={download}
            may={may}
            saveAs={download.name === 'landing' ? view.run.file?.name : undefined}
          />
        ))}
      </Stack>
    </section>
  )
}

/** A run that reads no file is not asked for one. */
function offered({ run, downloads }: RunView): readonly Download[] {
  const reads = run.trigger !== 'undo' && run.trigger !== 'mirror'
  return reads ? downloads : downloads.filter(({ name, available }) => name === 'log' || available)
}

interface FileProps {
  readonly download: Download
  readonly may: boolean
  /** Where the answer does not name the file. */
  readonly saveAs: string | undefined
}

function File({ download, may, saveAs }: FileProps) {
  const { label, doc, personal } = files[download.name]
  const why = !download.available
    ? download.why
    : personal && !may
      ? 'You may not download personal data here; ask an owner or admin.'
      : null
  return (
    <div>
      <Group gap="xs" wrap="nowrap" justify="space-between">
        {why === null ? (
          <Anchor href={download.href} download={saveAs ?? true} size="sm">
            <Group gap={6} wrap="nowrap">
              <IconDownload size={16} aria-hidden />
              {label}
              {download.bytes !== null && (
                <Text span size="sm" c="dimmed" className="numbers">
                  {bytes(download.bytes)}
                </Text>
              )}
            </Group>
          </Anchor>
        ) : (
          <Text size="sm" c="dimmed">
            {label}
          </Text>
        )}
        {personal && download.available && (
          <Tooltip label="Has data of people: each download is a line of the audit" multiline maw={260}>
            <Badge size="sm" variant="outline" color="gray" tt="none" fw={500}>
              Personal data
            </Badge>
          </Tooltip>
        )}
      </Group>
      <Text size="xs" c="dimmed">
        {why ?? doc}
      </Text>
    </div>
  )
}
