// A text as a QR code, drawn dark on white whatever the colours of the page.
import { qrModules } from '../../../core/qrCode.ts'

interface QrProps {
  readonly text: string
  readonly label: string
}

const quiet = 4

export function QrCode({ text, label }: QrProps) {
  const modules = qrModules(text)
  const side = modules.length + 2 * quiet
  const path = modules
    .flatMap((line, y) => line.map((dark, x) => (dark ? `M${x + quiet} ${y + quiet}h1v1h-1z` : '')))
    .join('')
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${side} ${side}`}
      width={200}
      height={200}
      shapeRendering="crispEdges"
    >
      <rect width={side} height={side} rx={2} fill="#ffffff" />
      <path d={path} fill="#000000" />
    </svg>
  )
}
