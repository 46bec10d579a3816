// A workbook or an archive: which of its parts is to be imported.
import { Button, Group, Paper, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { postUploadPartsMutation } from '../../../client/@tanstack/react-query.gen.ts'
import type { UploadView } from '../../../client/index.ts'
import { bytes } from '../../lib/numbers.ts'
import { useNamespace } from '../../lib/place.ts'
import { ProblemAlert } from '../../parts/problem.tsx'
import { previewOf } from './uploads.tsx'

const lead = {
  xlsx: 'This workbook has several sheets. Each is imported by itself.',
  parquet: 'Choose the table to import.',
  zip: 'This archive holds several files. Each is imported by itself.',
} as const

type Container = NonNullable<UploadView['container']>

export function Parts({ upload }: { readonly upload: UploadView }) {
  const namespace = useNamespace()
  const go = useNavigate()
  const unpack = useMutation({
    ...postUploadPartsMutation(),
    onSuccess: ({ id }) => go({ to: previewOf(namespace, id) }),
  })
  const { kind, parts } = upload.container!
  const open = (name: string): void =>
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
          open={() => open(part.name)}
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
      <Group justify="space-between">
        <div>
          <Text fw={600}>{name}</Text>
          <Text size="sm" c="dimmed">
            {facts.filter((fact) => fact !== '').join(' · ')}
          </Text>
        </div>
        <Button
          variant="light"
          onClick={open}
          loading={busy}
          disabled={empty}
          aria-label={`Look at the ${noun} ${name}`}
        >
          Look at it
        </Button>
      </Group>
    </Paper>
  )
}
