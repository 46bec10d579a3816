// Problems of mapping and checking: a value that does not fit, a column that is not there.
import { defineProblems } from '../problem.ts'

export const mappingProblems = defineProblems({
  'mapping.no_identifier': {
    class: 'halting',
    title: 'No column is mapped to an identifier',
    message: 'No column of this file is mapped to an identifier (a customer id or an e-mail address).',
    advice: 'Name one: --map COLUMN=@customer_id or --map COLUMN=@email.',
  },
  'mapping.column_missing': {
    class: 'halting',
    refetch: true,
    title: 'A mapped column is missing',
    message: 'The file lacks columns that the mapping names: {columns}.{near}',
    advice: 'Correct the header of the file, or leave the column out with --map COLUMN=-.',
  },
  'mapping.duplicate_key': {
    class: 'halting',
    title: 'Two columns are mapped to one attribute',
    message: 'The columns {first} and {second} are both mapped to the attribute {key}.',
    advice:
      'Give one of them another name, e.g. --map "{second}={key}_2", or leave it out with --map "{second}=-".',
  },
  'mapping.kind_unknown': {
    class: 'halting',
    title: 'Unknown kind of identifier',
    message: 'The column {column} is mapped to @{kind}, which is no kind of identifier.',
    advice: 'Use one of: {kinds}.',
  },
  'mapping.several_as_of': {
    class: 'halting',
    title: 'Two columns say when a record was true',
    message: 'The columns {first} and {second} are both mapped to the time of the record.',
    advice: 'Keep one: --as-of "{first}".',
  },
  'mapping.too_many_attributes': {
    class: 'halting',
    title: 'Too many attributes',
    message: 'The mapping names {count} attributes; a profile has room for {limit}.',
    advice: 'Leave columns out with --map COLUMN=-.',
  },
  'mapping.time_zone_unknown': {
    class: 'halting',
    title: 'Unknown time zone',
    message: 'The time zone {zone} of column {column} is not known.',
    advice: 'Use a name such as Europe/Berlin or America/New_York: --time-zone "{column}=Europe/Berlin".',
  },
  'mapping.country_unknown': {
    class: 'halting',
    title: 'Unknown country',
    message: 'The country {country} of column {column} is not known.',
    advice: 'Use its two letters, such as DE, FR or US: --country DE.',
  },
  'mapping.flag_invalid': {
    class: 'halting',
    title: 'A flag does not fit',
    message: '{flag} {value} does not fit: {detail}',
    advice: 'Type it like this: {example}',
    status: 400,
  },
  'mapping.file_invalid': {
    class: 'halting',
    title: 'The mapping file does not fit',
    message: 'The mapping file does not fit at line {line}, column {at}: {detail}',
    advice: 'Correct line {line}. sluice inspect FILE prints a mapping that fits, to start from.',
    status: 400,
  },
  'value.blank': {
    class: 'record',
    title: 'A required value is missing',
    message: 'The column {column} is empty, and this import says it must not be.',
    advice: 'Fill it in, or allow it to be empty with --blank "{column}=ignore".',
  },
  'value.too_large': {
    class: 'record',
    title: 'A value is too large',
    message: 'The value "{value}" in column {column} is too large to keep.',
    advice: 'Shorten it, or leave such values out with --on-bad-value "{column}=blank".',
  },
  'text.nul': {
    class: 'record',
    title: 'A text holds a zero byte',
    message: 'The text in column {column} holds a zero byte (U+0000), which no database text can keep.',
    advice:
      'Export the file again without it, or leave such values out with --on-bad-value "{column}=blank".',
  },
  'text.broken': {
    class: 'record',
    title: 'A text holds half a character',
    message:
      'The text in column {column} holds half of a character (a lone surrogate), so it cannot be written.',
    advice: 'Export the file again, or leave such values out with --on-bad-value "{column}=blank".',
  },
  'email.invalid': {
    class: 'record',
    title: 'Not an e-mail address',
    message: '"{value}" in column {column} is not an e-mail address.',
    advice:
      'Correct it (like ada@example.com), or leave such values out with --on-bad-value "{column}=blank".',
  },
  'phone.invalid': {
    class: 'record',
    title: 'Not a phone number',
    message: '"{value}" in column {column} is not a complete phone number.',
    advice:
      'Write it with + and country code, or leave such values out with --on-bad-value "{column}=blank".',
  },
  'phone.no_country': {
    class: 'record',
    title: 'A phone number without country code',
    message: 'The phone number "{value}" in column {column} has no country code.',
    advice: 'Say which country such numbers belong to, e.g. --country DE.',
  },
  'country.unknown': {
    class: 'record',
    title: 'Not a country',
    message: '"{value}" in column {column} is not a country we know.',
    advice: 'Use its two letters (DE) or its name, or keep the column as it is: --map "{column}=KEY:text".',
  },
  'integer.invalid': {
    class: 'record',
    title: 'Not a whole number',
    message: '"{value}" in column {column} is not a whole number.',
    advice:
      'Correct it; if the column holds fractions, type --map "{column}=KEY:number"; if , or . separates thousands, say so with --decimal.',
  },
  'integer.too_large': {
    class: 'record',
    title: 'A whole number is too large',
    message: 'The number "{value}" in column {column} has more digits than a whole number can keep (19).',
    advice: 'If it is an id, keep it as text: --map "{column}=KEY:text".',
  },
  'number.invalid': {
    class: 'record',
    title: 'Not a number',
    message: '"{value}" in column {column} is not a number.',
    advice: 'Correct it; if the comma is the decimal sign, type --decimal "{column}=,".',
  },
  'number.scientific': {
    class: 'record',
    title: 'A whole number in scientific notation',
    message: '"{value}" in column {column} was probably cut by a spreadsheet; its last digits are lost.',
    advice: 'Export the column again as text; nothing can bring the digits back.',
  },
  'boolean.invalid': {
    class: 'record',
    title: 'Neither yes nor no',
    message: '"{value}" in column {column} means neither yes nor no.',
    advice: 'Use true or false, or name your words under trueWords and falseWords in the mapping file.',
  },
  'date.invalid': {
    class: 'record',
    title: 'Not a date',
    message: '"{value}" in column {column} is not a date{order}.',
    advice: 'Write dates as 2024-01-31, or say in which order they are written: --date-order "{column}=dmy".',
  },
  'date.ambiguous': {
    class: 'record',
    title: 'A date that can be read two ways',
    message: '"{value}" in column {column} can be read as two different dates.',
    advice:
      'Say in which order dates are written: --date-order "{column}=dmy" or --date-order "{column}=mdy".',
  },
  'timestamp.invalid': {
    class: 'record',
    title: 'Not a date with time',
    message: '"{value}" in column {column} is not a date with time{order}.',
    advice:
      'Write it as 2024-01-31T15:30:00Z, or say in which order dates are written: --date-order "{column}=dmy".',
  },
  'list.invalid': {
    class: 'record',
    title: 'Not a list',
    message: '"{value}" in column {column} is not a list of texts.',
    advice: 'Separate the values, and name the sign between them: --separator "{column}=;".',
  },
  'list.objects': {
    class: 'record',
    title: 'Objects inside a list',
    message: 'The list in column {column} holds objects; a list has texts, numbers, true and false only.',
    advice: 'Send the values alone, or keep the column as JSON: --map "{column}=KEY:json".',
  },
  'json.invalid': {
    class: 'record',
    title: 'Not JSON',
    message: '"{value}" in column {column} is not JSON: {detail}.',
    advice: 'Correct it, or keep the column as text: --map "{column}=KEY:text".',
  },
  'identifier.too_long': {
    class: 'record',
    title: 'An identifier is too long',
    message: 'The {kind} "{value}" in column {column} is longer than {limit} bytes.',
    advice: 'Check that the right column is mapped to this identifier.',
  },
  'identifier.junk': {
    class: 'record',
    title: 'A placeholder instead of an identifier',
    message: '"{value}" in column {column} is a placeholder many people share, so it was not used as {kind}.',
    advice: 'Leave the cell empty when it is not known.',
  },
  'blueshift.limit': {
    class: 'record',
    title: 'A limit of Blueshift is broken',
    message: '"{value}" in column {column} breaks a limit of Blueshift: {rule}.',
    advice: 'Correct it, or import without --checks blueshift: Sluice itself has no such limit.',
  },
})
