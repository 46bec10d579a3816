// Which browser and device a session is from, in words, from what the browser says of itself. Pure.

// The order matters: every browser names those it wants to be taken for.
const browsers: readonly (readonly [RegExp, string])[] = [
  [/\bEdgA?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/\b(Chrome|CriOS|HeadlessChrome)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
  [/^curl\//, 'curl'],
]

const devices: readonly (readonly [RegExp, string])[] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'Mac'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
]

/** `Firefox on Linux`; what cannot be told is left out; null: it said nothing. Only for people to recognise a session by. */
export function browserName(userAgent: string | null): string | null {
  if (userAgent === null || userAgent.trim() === '') return null
  const browser = browsers.find(([sign]) => sign.test(userAgent))?.[1]
  const device = devices.find(([sign]) => sign.test(userAgent))?.[1]
  if (browser === undefined && device === undefined) return userAgent.slice(0, 40)
  return [browser ?? 'A browser', ...(device === undefined ? [] : [`on ${device}`])].join(' ')
}
