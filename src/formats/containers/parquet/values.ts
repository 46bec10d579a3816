// The text of a value of a Parquet column: exact, as the column's type means it.
import type { SchemaElement } from 'hyparquet'
import { expanded } from '../xlsx/cellText.ts'

/** What a raw value of a column says; null: nothing. */
export type ValueText = (raw: unknown) => string | null

export interface ValueKind {
  readonly text: ValueText
  /** In JSON it stands without quotes. */
  readonly literal: boolean
}

const julianEpoch = 2_440_588n
const dayNanos = 86_400_000_000_000n

/** How raw values of a column become text, by its physical, converted and logical type. */
export function valueKind(element: SchemaElement): ValueKind {
  const logical = element.logical_type
  const converted = element.converted_type
  if (converted === 'DECIMAL' || logical?.type === 'DECIMAL') {
    const scale = element.scale ?? (logical?.type === 'DECIMAL' ? logical.scale : 0)
    return { text: (raw) => decimalText(integerOf(raw), scale), literal: true }
  }
  switch (element.type) {
    case 'BOOLEAN':
      return { text: String, literal: true }
    case 'INT32':
    case 'INT64':
      return integerKind(element)
    case 'INT96':
      return text((raw) =>
        momentText((integerOf(raw) >> 64n) - julianEpoch, integerOf(raw) & ((1n << 64n) - 1n), 9, true),
      )
    case 'FLOAT':
      return { text: (raw) => floatText(raw as number, true), literal: true }
    case 'DOUBLE':
      return { text: (raw) => floatText(raw as number, false), literal: true }
    default:
      return bytesKind(element)
  }
}

function text(read: ValueText): ValueKind {
  return { text: read, literal: false }
}

function integerKind({ type, converted_type: converted, logical_type: logical }: SchemaElement): ValueKind {
  if (converted === 'DATE' || logical?.type === 'DATE') return text((raw) => dayText(Number(raw)))
  const stamp = logical?.type === 'TIMESTAMP' ? digitsOf(logical.unit) : unitOf(converted, 'TIMESTAMP')
  if (stamp !== null) {
    const utc = logical?.type === 'TIMESTAMP' ? logical.isAdjustedToUTC : true
    const perDay = dayNanos / 10n ** BigInt(9 - stamp)
    return text((raw) => {
      const value = integerOf(raw)
      const days = floorDiv(value, perDay)
      return momentText(days, value - days * perDay, stamp, utc)
    })
  }
  const time = logical?.type === 'TIME' ? digitsOf(logical.unit) : unitOf(converted, 'TIME')
  if (time !== null) return text((raw) => timeText(integerOf(raw), time))
  const unsigned =
    converted?.startsWith('UINT') === true || (logical?.type === 'INTEGER' && !logical.isSigned)
  if (!unsigned) return { text: String, literal: true }
  return { text: (raw) => String(BigInt.asUintN(type === 'INT32' ? 32 : 64, integerOf(raw))), literal: true }
}

function digitsOf(unit: 'MILLIS' | 'MICROS' | 'NANOS'): number {
  return { MILLIS: 3, MICROS: 6, NANOS: 9 }[unit]
}

function unitOf(converted: string | undefined, what: 'TIMESTAMP' | 'TIME'): number | null {
  if (converted === `${what}_MILLIS`) return 3
  return converted === `${what}_MICROS` ? 6 : null
}

function bytesKind({
  converted_type: converted,
  logical_type: logical,
  type_length: length,
}: SchemaElement): ValueKind {
  if (logical?.type === 'UUID') return text((raw) => uuidText(raw as Uint8Array))
  if (logical?.type === 'FLOAT16' && length === 2)
    return { text: (raw) => floatText(halfFloat(raw as Uint8Array), true), literal: true }
  const binary = converted === 'BSON' || converted === 'INTERVAL'
  return text((raw) => (binary ? base64(raw as Uint8Array) : bytesText(raw as Uint8Array)))
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Columns of bytes that nobody marked as text hold text as a rule; what is none is kept as `base64:…`. */
function bytesText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch {
    return base64(bytes)
  }
}

function base64(bytes: Uint8Array): string {
  return `base64:${Buffer.from(bytes).toString('base64')}`
}

function uuidText(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

/** Bytes are a signed number, the highest first. */
function integerOf(raw: unknown): bigint {
  if (typeof raw === 'bigint') return raw
  if (typeof raw === 'number') return BigInt(raw)
  const bytes = raw as Uint8Array
  if (bytes.length === 0) return 0n
  return BigInt.asIntN(bytes.length * 8, BigInt(`0x${Buffer.from(bytes).toString('hex')}`))
}

/** 12345 with scale 2 → 123.45; zeros at the end stay, as the column's type has them. */
function decimalText(value: bigint, scale: number): string {
  if (scale <= 0) return String(value * 10n ** BigInt(-scale))
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0')
  return `${value < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

/** NaN is how tables of numbers say "nothing". */
function floatText(value: number, single: boolean): string | null {
  if (Number.isNaN(value)) return null
  if (!Number.isFinite(value)) return String(value)
  return expanded(String(single ? shortest(value) : value))
}

/** The number with the fewest digits that is this one in single precision: 0.1, not 0.10000000149011612. */
function shortest(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const rounded = Number(value.toPrecision(digits))
    if (Math.fround(rounded) === value) return rounded
  }
  return value
}

function halfFloat([low = 0, high = 0]: Uint8Array): number {
  const exponent = (high >> 2) & 0x1f
  const fraction = ((high & 3) << 8) | low
  const sign = high & 0x80 ? -1 : 1
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15))
}

function floorDiv(value: bigint, by: bigint): bigint {
  const whole = value / by
  return value % by < 0n ? whole - 1n : whole
}

/** Days since 1970-01-01; outside the years a calendar has, the number itself. */
function dayText(days: number): string {
  return Math.abs(days) <= 100_000_000
    ? new Date(days * 86_400_000).toISOString().split('T')[0]!
    : String(days)
}

function momentText(days: bigint, rest: bigint, digits: number, utc: boolean): string {
  return `${dayText(Number(days))}T${timeText(rest, digits)}${utc ? 'Z' : ''}`
}

/** A time of day, counted in seconds divided `digits` times by ten; a fraction only where there is one. */
function timeText(value: bigint, digits: number): string {
  const unit = 10n ** BigInt(digits)
  const seconds = Number(value / unit)
  const two = (n: number): string => String(Math.floor(n)).padStart(2, '0')
  const whole = `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`
  const part = String(value % unit)
    .padStart(digits, '0')
    .replace(/0+$/, '')
  return part === '' ? whole : `${whole}.${part}`
}
