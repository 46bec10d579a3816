// A corrected error file is recognised: it is imported as corrections of the run it came from.
import { Alert, Button, Group, List, Stack, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { postCorrectionsMutation } from '../../../client/@tanstack/react-query.gen.ts'
import { postUploadCorrections, type CorrectionsView, type UploadView } from '../../../client/index.ts'
import { noun } from '../../lib/numbers.ts'
import { useNamespace } from '../../lib/place.ts'
import { Go } from '../../parts/go.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'

export function Corrections({ upload }: { readonly upload: UploadView }) {
  const namespace = useNamespace()
  const found = useQuery({
    queryKey: ['corrections', namespace, upload.id],
    queryFn: async () => {
      const path = { namespace, upload: upload.id }
      return (await postUploadCorrections({ path, body: { dialect: {} } })).data
    },
    staleTime: Infinity,
    retry: false,
  })
  const corrections = found.data?.corrections ?? null
  return corrections === null ? null : <Found upload={upload} corrections={corrections} />
}

interface FoundProps {
  readonly upload: UploadView
  readonly corrections: CorrectionsView
}

function Found({ upload, corrections }: FoundProps) {
  const namespace = useNamespace()
  const go = useNavigate()
  const start = useMutation({
    ...postCorrectionsMutation(),
    onSuccess: ({ run }) => go({ to: `/n/${namespace}/runs/${run}` }),
  })
  const { changed, unchanged, mangled } = corrections
  return (
    <Alert color="green" variant="light" title="This is an error file, corrected">
      <Stack gap="sm">
        <Text>
          It corrects records of <Runs corrections={corrections} />: {noun(changed, 'row')} changed,{' '}
          {noun(unchanged, 'row')} as they were and skipped. They are imported with the mapping of that run.
        </Text>
        {mangled.length > 0 && (
          <List size="sm">
            {mangled.map(({ column, rows, before, after }) => (
              <List.Item key={column}>
                <b>{column}</b> changed in {noun(rows, 'row')} although nothing was wrong with it ({before} is
                now {after}): a spreadsheet may have done that.
              </List.Item>
            ))}
          </List>
        )}
        {start.error !== null && <ProblemAlert error={start.error} />}
        <Group>
          <Button
            loading={start.isPending}
            onClick={() => start.mutate({ path: { namespace }, body: { upload: upload.id } })}
          >
            Import {noun(changed, 'correction')}
          </Button>
        </Group>
      </Stack>
    </Alert>
  )
}

function Runs({ corrections: { runs } }: { readonly corrections: CorrectionsView }) {
  const namespace = useNamespace()
  return runs.map(({ id }, i) => (
    <span key={id}>
      {i > 0 && ', '}
      <Go to={`/n/${namespace}/runs/${id}`}>{id}</Go>
    </span>
  ))
}
