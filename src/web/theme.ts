// How Sluice looks: one colour, system fonts, and contrasts that everybody can read (WCAG AA).
import { createTheme, type CSSVariablesResolver } from '@mantine/core'

export const theme = createTheme({
  primaryColor: 'cyan',
  primaryShade: { light: 9, dark: 9 },
  autoContrast: true,
  luminanceThreshold: 0.3,
  defaultRadius: 'md',
  cursorType: 'pointer',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Ubuntu, Cantarell, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  headings: { fontWeight: '650', sizes: { h1: { fontSize: '1.6rem' }, h2: { fontSize: '1.15rem' } } },
  components: {
    // Not for the mouse alone: keyboards focus, and fingers touch.
    Tooltip: { defaultProps: { events: { hover: true, focus: true, touch: true } } },
    Modal: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
    // A second banner of the page, it would be otherwise.
    ModalHeader: { defaultProps: { role: 'presentation' } },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
    Drawer: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
    DrawerHeader: { defaultProps: { role: 'presentation' } },
  },
})

// Under the pointer a button becomes darker: lighter, its text could not be read.
const darker = {
  '--mantine-color-cyan-filled-hover': '#095c6b',
  '--mantine-primary-color-filled-hover': '#095c6b',
}

/** Greys that Mantine makes too pale for small text. */
export const colours: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    ...darker,
    '--mantine-color-dimmed': '#5c636a',
    '--mantine-color-placeholder': '#6b7278',
    '--mantine-color-error': '#c92a2a',
    // Text on the pale ground of badges and alerts.
    '--mantine-color-orange-light-color': '#9a3d00',
    '--mantine-color-green-light-color': '#1f6b2d',
    '--mantine-color-teal-light-color': '#06694d',
    '--mantine-color-red-light-color': '#b02020',
    '--mantine-color-blue-light-color': '#155a9c',
    '--mantine-color-cyan-light-color': '#095c6b',
    '--mantine-color-yellow-light-color': '#7a4b00',
    '--mantine-color-gray-light-color': '#495057',
  },
  dark: { ...darker, '--mantine-color-dimmed': '#a6acb3', '--mantine-color-placeholder': '#90969d' },
})
