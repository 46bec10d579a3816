// One line of the audit; opened it shows what was asked, and what it was before and after.
import { Badge, Code, Text, UnstyledButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import type { AuditView } from '../../../client/index.ts'
import { When } from '../../parts/when.tsx'

const ways: Readonly<Record<AuditView['via'], string>> = {
  socket: 'at this machine',
  home_token: 'at this machine',
  session: 'signed in',
  token: 'with a token',
  none: 'not signed in',
}

export function AuditLine({ line }: { readonly line: AuditView }) {
  const [open, { toggle }] = useDisclosure()
  const { did, what, who, via, address, at, result } = line
  const parts = [
    ['Asked', line.asked],
    ['Before', line.before],
    ['After', line.after],
  ] as const
  const shown = parts.filter(([, value]) => value !== null && value !== undefined)
  const Icon = open ? IconChevronDown : IconChevronRight
  return (
    <li>
      <UnstyledButton
        className="line-about audit-line"
        onClick={toggle}
        aria-expanded={open}
        disabled={shown.length === 0}
      >
        {shown.length > 0 ? <Icon size={16} aria-hidden /> : <span />}
        <span>
          <Text span fw={600}>
            {did}
          </Text>{' '}
          {what !== null && <span className="code">{what}</span>}
          {result !== 'done' && (
            <>
              {' '}
              <Badge color="orange" variant="light" tt="none">
                refused: {result}
              </Badge>
            </>
          )}
          <Text size="sm" c="dimmed" component="span" display="block">
            {who} · {ways[via]}
            {address !== null && ` · ${address}`} · {line.action}
          </Text>
        </span>
      </UnstyledButton>
      <Text size="sm" c="dimmed">
        <When at={at} />
      </Text>
      {open && (
        <div className="audit-more">
          {shown.map(([label, value]) => (
            <div key={label}>
              <Text size="xs" c="dimmed" mb={4}>
                {label}
              </Text>
              <Code block tabIndex={0} aria-label={label}>
                {JSON.stringify(value, null, 2)}
              </Code>
            </div>
          ))}
        </div>
      )}
    </li>
  )
}
