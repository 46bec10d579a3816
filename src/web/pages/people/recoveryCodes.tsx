// Recovery codes, shown this once: to copy, or as a file.
import { Alert, Button, CopyButton, Group, SimpleGrid, Stack, Text } from '@mantine/core'

interface RecoveryProps {
  readonly codes: readonly string[]
  /** Called when the person has them; they are then gone. */
  readonly done: () => void
}

export function RecoveryCodes({ codes, done }: RecoveryProps) {
  const text = `Recovery codes of Sluice. Each works once.\n\n${codes.join('\n')}\n`
  return (
    <Alert color="green" title="Your recovery codes" role="status">
      <Stack gap="sm">
        <Text size="sm">
          Keep them where your phone is not. Each works once in place of a code; they are not shown again.
        </Text>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing={4} verticalSpacing={4} className="once">
          {codes.map((code) => (
            <span key={code}>{code}</span>
          ))}
        </SimpleGrid>
        <Group gap="xs">
          <CopyButton value={text}>
            {({ copied, copy }) => (
              <Button size="xs" onClick={copy}>
                {copied ? 'Copied' : 'Copy'}
              </Button>
            )}
          </CopyButton>
          <Button
            size="xs"
            variant="default"
            component="a"
            href={`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`}
            download="sluice-recovery-codes.txt"
          >
            Download
          </Button>
          <Button size="xs" variant="default" onClick={done}>
            I have them
          </Button>
        </Group>
      </Stack>
    </Alert>
  )
}
