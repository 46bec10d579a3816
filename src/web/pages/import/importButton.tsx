// Chooses files to import, for those who do not drag.
import { ActionIcon, Button, FileButton } from '@mantine/core'
import { IconFileUpload } from '@tabler/icons-react'
import { useMay } from '../../lib/place.ts'
import { useUploads } from './uploads.tsx'

interface ImportButtonProps {
  readonly label?: string
  readonly size?: 'xs' | 'sm' | 'md'
  readonly variant?: 'filled' | 'light' | 'default'
}

/** For the frame of every page, beside whose main button it must not shout; on a phone only its sign. */
export function SmallImportButton() {
  const { send } = useUploads()
  const may = useMay('import')
  return (
    <>
      <span className="wide">
        <ImportButton variant="light" />
      </span>
      {may && (
        <FileButton onChange={(files) => send(files)} multiple>
          {(props) => (
            <ActionIcon {...props} size="lg" variant="light" hiddenFrom="xs" aria-label="Import a file">
              <IconFileUpload size={19} />
            </ActionIcon>
          )}
        </FileButton>
      )}
    </>
  )
}

/** Not shown to who may not import. */
export function ImportButton({
  label = 'Import a file',
  size = 'sm',
  variant = 'filled',
}: ImportButtonProps) {
  const { send } = useUploads()
  if (!useMay('import')) return null
  return (
    <FileButton onChange={(files) => send(files)} multiple>
      {(props) => (
        <Button
          {...props}
          size={size}
          variant={variant}
          leftSection={<IconFileUpload size={18} aria-hidden />}
        >
          {label}
        </Button>
      )}
    </FileButton>
  )
}
