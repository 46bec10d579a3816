// A workbook or an archive: which of its parts is meant.
import { Button, Group, Paper, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { postUploadPartsMutation } from '../../../client/@tanstack/react-query.gen.ts'
import type { UploadView } from '../../../client/index.ts'
import { bytes } from '../../lib/numbers.ts'
import { useNamespace } from '../../lib/place.ts'
import { ProblemAlert } from '../problem.tsx'

const lead = {
  xlsx: 'This workbook has several sheets. Each is imported by itself.',
  parquet: 'Choose the table to import.',
  zip: 'This archive holds several files. Each is imported by itself.',
} as const

type Container = NonNullable<UploadView['container']>

interface FilePartsProps {
  readonly upload: UploadView
  /** Called with the upload that the part became. */
  readonly open: (upload: string) => void
}

export function FileParts({ upload, open }: FilePartsProps) {
  const namespace = useNamespace()
  const unpack = useMutation({ ...postUploadPartsMutation(), onSuccess: ({ id }) => open(id) })
  const { kind, parts } = upload.container!
  const take = (name: string): void =>
    unpack.mutate({ path: { namespace, upload: upload.id }, body: { name } })
  return (
    <Stack>
      <Text>{parts.length === 1 ? 'It has one part.' : lead[kind]}</Text>
      {unpack.error !== null && <ProblemAlert error={unpack.error} />}
      {parts.map((part) => (
        <PartLine
          key={part.name}
          part={part}
          busy={unpack.isPending && unpack.variables?.body?.name === part.name}
          open={() => take(part.name)}
        />
      ))}
    </Stack>
  )
}

interface PartLineProps {
  readonly part: Container['parts'][number]
  readonly busy: boolean
  readonly open: () => void
}

function PartLine({ part, busy, open }: PartLineProps) {
  const { name, noun, hidden, empty, bytes: size } = part
  const facts = [noun, size === null ? '' : bytes(size), hidden ? 'hidden' : '', empty ? 'empty' : '']
  return (
    <Paper withBorder p="md">
      <Group justify="space-between" wrap="nowrap">
        <div style={{ minWidth: 0 }}>
          <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
            <bdi>{name}</bdi>
          </Text>
          <Text size="sm" c="dimmed">
            {facts.filter((fact) => fact !== '').join(' · ')}
          </Text>
        </div>
        <Button
          variant="light"
          onClick={open}
          loading={busy}
          disabled={empty}
          style={{ flex: 'none' }}
          aria-label={`Look at the ${noun} ${name}`}
        >
          Look at the {noun}
        </Button>
      </Group>
    </Paper>
  )
}
