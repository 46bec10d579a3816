// Changing the settings of a namespace: only what is there can be set, and what is not set keeps its default.
import { failure } from './problems.ts'
import { namespaceSettingsSchema, type NamespaceSettings } from './namespaceSettings.ts'

/** Settings as they are kept or asked for: only those that somebody chose. */
export type ChosenSettings = Readonly<Record<string, unknown>>

/** What holds where nobody chose anything. */
export const defaultSettings: NamespaceSettings = namespaceSettingsSchema.parse({})

/** Settings by name, nested ones with a dot: `retention.jobs`. */
export function flatSettings(settings: ChosenSettings): Map<string, unknown> {
  return new Map(leaves(settings, ''))
}

function* leaves(part: ChosenSettings, prefix: string): Generator<[string, unknown]> {
  for (const [name, value] of Object.entries(part))
    if (isPart(value)) yield* leaves(value, `${prefix}${name}.`)
    else yield [prefix + name, value]
}

function isPart(value: unknown): value is ChosenSettings {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const names = [...flatSettings(defaultSettings).keys()]

/** What was chosen, with a change laid over it. Throws `settings.unknown` and `settings.invalid`. */
export function changeSettings(chosen: ChosenSettings, change: ChosenSettings): ChosenSettings {
  for (const name of flatSettings(change).keys())
    if (!names.includes(name)) throw failure('settings.unknown', { name, names: names.join(', ') })
  const merged = layOver(chosen, change)
  const { error } = namespaceSettingsSchema.safeParse(merged)
  if (error === undefined) return merged
  const [issue] = error.issues
  throw failure('settings.invalid', { name: issue!.path.join('.'), detail: issue!.message })
}

/** `above` laid over `below`, nested parts one by one. */
export function layOver(below: ChosenSettings, above: ChosenSettings): ChosenSettings {
  const result: Record<string, unknown> = { ...below }
  for (const [name, value] of Object.entries(above)) {
    const before = result[name]
    result[name] = isPart(value) ? layOver(isPart(before) ? before : {}, value) : value
  }
  return result
}

const factors: Readonly<Record<string, number>> = { k: 1_000, M: 1_000_000 }

/**
 * What a person typed as the value of a setting: a number (also 10M, 250k), yes or no, a list with commas where the
 * setting is one, `none` for no limit, else a text. Whether it fits is for the settings themselves to say.
 */
export function settingValue(name: string, text: string): unknown {
  const usual = flatSettings(defaultSettings).get(name)
  const isList = Array.isArray(usual)
  const trimmed = text.trim()
  // Where a text is expected, `none` is one.
  if (typeof usual === 'string') return trimmed
  if (isList) return trimmed === '' || trimmed === 'none' ? [] : trimmed.split(',').map((one) => one.trim())
  if (trimmed === 'none' || trimmed === 'null') return null
  if (trimmed === 'yes' || trimmed === 'true') return true
  if (trimmed === 'no' || trimmed === 'false') return false
  const [, digits, factor = ''] = /^(\d+)([kM]?)$/.exec(trimmed.replaceAll(/[,_](?=\d{3})/g, '')) ?? []
  return digits === undefined ? trimmed : Number(digits) * (factors[factor] ?? 1)
}

/** `retention.jobs` and 30 → {retention: {jobs: 30}}. */
export function nestedSetting(name: string, value: unknown): ChosenSettings {
  return name
    .split('.')
    .toReversed()
    .reduce<unknown>((inner, part) => ({ [part]: inner }), value) as ChosenSettings
}
