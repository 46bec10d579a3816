// Writes an invented customer file of any size: the same flags give the same bytes, on every machine.
// Plain JavaScript, so that it runs with any Node. `node examples/generate.mjs --help` lists the flags.
import { closeSync, openSync, realpathSync, writeSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

/**
 * @typedef {object} Settings
 * @property {number} rows how many records
 * @property {number} from index of the first record; a file of parts is made by raising it
 * @property {'new' | 'updated'} kind `updated` is the same people with another city, country, lifetime value, sometimes name
 * @property {number} bad share of records that must be rejected, 0 to 1
 * @property {number} duplicates share of records that repeat the person of an earlier one, 0 to 1
 * @property {boolean} asOf adds a column `updated_at`; in `updated` half of the records are older than in `new`
 * @property {number} seed another seed is another set of people
 */

/** @type {Settings} */
export const defaults = { rows: 100_000, from: 0, kind: 'new', bad: 0, duplicates: 0, asOf: false, seed: 1 }

const columns =
  'customer_id,email,first_name,last_name,phone,city,country,signup_date,lifetime_value,opt_in,tags,notes'

// Invented people; the second word is what an address makes of the name.
const firstNames = (
  'Ada Anouk Aylin Bela Björn:bjorn Carla Cosima Dario Élise:elise Emre Fenna Gero Hanna Ilse Ines Jonas Jürgen:jurgen ' +
  'Kaja Lea Leon Lucía:lucia Malte Mara Mila Nuria Ole Oskar Pia Quirin Renée:renee Rosa Sören:soren Tilda Ulla Vera ' +
  'Wim Xenia Yara Zoë:zoe Zeno'
)
  .split(' ')
  .map(shownAndPlain)
const lastNames = (
  'Amberlund Ballestro Brükenau:brukenau Castelmor Dornfeld Eskelby Fahrenkamp Güldenhof:guldenhof Hollerbek Ivarstad ' +
  "Jessenow Krähwinkel:krahwinkel Lindquarth Møllenby:mollenby Nordhaven O'Tarrin:otarrin Pellegrand Quastorf " +
  'Rosenthorn Sandermeer Thurnwald Übersee:ubersee Valdorne Weidenau Ximbrook Yarrowby Zellerstein Ça-Brune:cabrune'
)
  .split(' ')
  .map(shownAndPlain)
const domains = ['example.com', 'example.org', 'example.net']

// Cities with the numbers that regulators keep for films and books.
const places = [
  ['Berlin', 'DE', '+493023125', 3],
  ['Frankfurt am Main', 'DE', '+496990009', 3],
  ['München', 'DE', '+498999998', 3],
  ['Köln', 'DE', '+492214710', 3],
  ['Hamburg', 'DE', '+494066969', 3],
  ['Paris', 'FR', '+33199001', 3],
  ['Nîmes', 'FR', '+33465711', 3],
  ['London', 'GB', '+4420794601', 2],
  ['Manchester', 'GB', '+4416149601', 2],
  ['New York', 'US', '+121255501', 2],
  ['Chicago', 'US', '+131255501', 2],
  ['San Francisco', 'US', '+141555501', 2],
  ['Sydney', 'AU', '+61255501', 3],
  ['Göteborg', 'SE', '+463174012', 2],
  ['Stockholm', 'SE', '+468465004', 2],
]
const tags = [
  'newsletter',
  'vip',
  'web',
  'store',
  'app',
  '"web,app"',
  '"newsletter,vip"',
  '"store,web,vip"',
  '',
  '',
]
const notes = [
  '"Called, will come back"',
  'prefers e-mail',
  '"said ""maybe next year"""',
  '"moved house\nwrite to the new address"',
  'asked for the catalogue',
  'size 42',
  'birthday voucher sent',
  '"likes tea; dislikes coffee"',
]

const dayMs = 86_400_000
const firstDay = Date.UTC(2016, 0, 1)
const days = Array.from({ length: 3650 }, (_, day) =>
  new Date(firstDay + day * dayMs).toISOString().slice(0, 10),
)

function shownAndPlain(/** @type {string} */ word) {
  const [shown = '', plain = shown.toLowerCase()] = word.split(':')
  return { shown, plain }
}

/** A well-mixed 32-bit number for a record and a purpose: no state, so any slice of a file can be made alone. */
function mix(/** @type {number} */ index, /** @type {number} */ purpose) {
  let x = Math.imul(index + 0x9e3779b9, 0x85ebca6b) ^ Math.imul(purpose + 1, 0xc2b2ae35)
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d)
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b)
  return (x ^ (x >>> 16)) >>> 0
}

function chosen(/** @type {number} */ index, /** @type {number} */ purpose, /** @type {number} */ share) {
  return share > 0 && mix(index, purpose) < share * 2 ** 32
}

/** Whether the record at this index is one of the bad ones. */
export function isBad(/** @type {number} */ index, settings = defaults) {
  return chosen(index, 31 + settings.seed * 100, settings.bad)
}

/** Whose record this is: mostly its own, for duplicates that of one a little earlier. */
function personOf(/** @type {number} */ index, /** @type {Settings} */ settings) {
  let person = index
  while (person > 0 && chosen(person, 41 + settings.seed * 100, settings.duplicates))
    person -= 1 + (mix(person, 43) % Math.min(person, 2000))
  return person
}

/** One record as CSV text without its line end. */
export function line(/** @type {number} */ index, settings = defaults) {
  const person = personOf(index, settings)
  const of = (/** @type {number} */ purpose) => mix(person, purpose + settings.seed * 100)
  const updated = settings.kind === 'updated'
  const first = firstNames[of(1) % firstNames.length]
  const name = updated && of(2) % 20 === 0 ? of(3) + 1 : of(3)
  const last = lastNames[name % lastNames.length]
  const home = of(4) % places.length
  const place = places[updated ? (home + 1 + (of(5) % (places.length - 1))) % places.length : home]
  const [, , prefix, digits] = places[home]
  const number = String(of(6) % 10 ** digits).padStart(digits, '0')
  const cents = (of(7) % 250_000) + (updated ? 1 + (of(8) % 9_999) : 0)
  const cells = [
    `C${String(person + 1).padStart(8, '0')}`,
    `${first.plain}.${lastNames[of(3) % lastNames.length].plain}.${person + 1}@${domains[of(9) % 3]}`,
    first.shown,
    last.shown,
    of(10) % 8 === 0 ? '' : prefix + number,
    place[0],
    place[1],
    days[of(11) % days.length],
    `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`,
    of(12) % 3 === 0 ? 'false' : 'true',
    tags[of(13) % tags.length],
    of(14) % 10 === 0 ? notes[of(15) % notes.length] : '',
  ]
  if (settings.asOf) cells.push(asOf(of(16), updated, of(17) % 2 === 0))
  if (isBad(index, settings)) spoil(cells, mix(index, 51) % 10)
  return cells.join(',')
}

/** `new` is stamped in 2026; in `updated` half are stamped a year later, half a year earlier (those lose). */
function asOf(/** @type {number} */ random, /** @type {boolean} */ updated, /** @type {boolean} */ later) {
  const year = updated ? (later ? '2026-04' : '2024-04') : '2025-04'
  const two = (/** @type {number} */ n) => String(n).padStart(2, '0')
  return `${year}-${two(1 + (random % 28))}T${two((random >>> 8) % 24)}:${two((random >>> 16) % 60)}:00Z`
}

/** Makes a record one that must be rejected, in the ways files of real life are wrong. */
function spoil(/** @type {string[]} */ cells, /** @type {number} */ way) {
  if (way < 4) cells[1] = cells[1].replace('@', way % 2 === 0 ? ' at ' : '@@')
  else if (way < 6) cells[7] = way === 4 ? '2024-02-31' : 'yesterday'
  else if (way < 8) cells[8] = way === 6 ? 'n/a?' : '12.3.4'
  else if (way === 8) cells.pop()
  else cells.push('one', 'too many')
}

/** The file in pieces of about 1 MB of text. */
export function* pieces(/** @type {Partial<Settings>} */ given = {}) {
  const settings = { ...defaults, ...given }
  let text = settings.asOf ? `${columns},updated_at\n` : `${columns}\n`
  for (let index = settings.from; index < settings.from + settings.rows; index++) {
    text += line(index, settings) + '\n'
    if (text.length > 1_000_000) {
      yield text
      text = ''
    }
  }
  yield text
}

/** How many records of the file are bad. */
export function countBad(/** @type {Partial<Settings>} */ given = {}) {
  const settings = { ...defaults, ...given }
  let bad = 0
  for (let index = settings.from; index < settings.from + settings.rows; index++)
    bad += Number(isBad(index, settings))
  return bad
}

/** How many different people have a record in the file, good or bad. */
export function countPeople(/** @type {Partial<Settings>} */ given = {}) {
  const settings = { ...defaults, ...given }
  let people = 0
  for (let index = settings.from; index < settings.from + settings.rows; index++)
    people += Number(personOf(index, settings) === index)
  return people
}

/** Writes the file; returns what is in it. */
export function generate(/** @type {string} */ path, /** @type {Partial<Settings>} */ given = {}) {
  const file = openSync(path, 'w')
  let bytes = 0
  for (const piece of pieces(given)) {
    const buffer = Buffer.from(piece)
    for (let done = 0; done < buffer.length;) done += writeSync(file, buffer, done)
    bytes += buffer.length
  }
  closeSync(file)
  return { rows: given.rows ?? defaults.rows, bad: countBad(given), people: countPeople(given), bytes }
}

const help = `node examples/generate.mjs [flags]: an invented customer file as CSV
  --rows N          how many records (100000)
  --from N          index of the first record (0); for a file in parts
  --kind KIND       new, or updated: the same people with other values (new)
  --bad SHARE       share of records that must be rejected, 0 to 1 (0)
  --duplicates SHARE  share of records that repeat an earlier person, 0 to 1 (0)
  --as-of           adds a column updated_at
  --seed N          another seed, another set of people (1)
  --out FILE        where to write; then prints {rows, bad, people, bytes} as JSON (default: standard output)`

/** A closed pipe (`| head`) is no error. */
function toStandardOutput(/** @type {Partial<Settings>} */ settings) {
  process.stdout.on('error', () => process.exit(0))
  const rest = pieces(settings)
  const more = () => {
    for (let next = rest.next(); !next.done; next = rest.next())
      if (!process.stdout.write(next.value)) {
        process.stdout.once('drain', more)
        return
      }
  }
  more()
}

/** Reads a count or share as typed; 1_000_000 is a number too. */
function numeric(/** @type {string | undefined} */ typed, /** @type {number} */ otherwise) {
  if (typed === undefined) return otherwise
  const value = Number(typed.replaceAll('_', ''))
  if (Number.isFinite(value) && value >= 0) return value
  process.stderr.write(`${typed} is not a number\n`)
  return process.exit(2)
}

function main() {
  const text = /** @type {const} */ ({ type: 'string' })
  const flag = /** @type {const} */ ({ type: 'boolean' })
  const numbers = { rows: text, from: text, bad: text, duplicates: text, seed: text }
  const { values } = parseArgs({ options: { ...numbers, kind: text, 'as-of': flag, out: text, help: flag } })
  if (values.help) {
    process.stdout.write(`${help}\n`)
    return
  }
  /** @type {Settings} */
  const settings = {
    rows: numeric(values.rows, defaults.rows),
    from: numeric(values.from, defaults.from),
    kind: values.kind === 'updated' ? 'updated' : 'new',
    bad: numeric(values.bad, defaults.bad),
    duplicates: numeric(values.duplicates, defaults.duplicates),
    asOf: values['as-of'] ?? false,
    seed: numeric(values.seed, defaults.seed),
  }
  if (values.out === undefined) toStandardOutput(settings)
  else process.stdout.write(`${JSON.stringify(generate(values.out, settings))}\n`)
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) main()
