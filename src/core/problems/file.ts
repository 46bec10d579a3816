// Problems of reading a file: its shape, its encoding, one record of it.
import { defineProblems } from '../problem.ts'

export const fileProblems = defineProblems({
  'file.empty': {
    class: 'halting',
    refetch: true,
    title: 'The file is empty',
    message: 'The file has no records.',
    advice: 'Check that the export finished; an empty file changes nothing.',
  },
  'file.compression_damaged': {
    class: 'halting',
    refetch: true,
    title: 'The compressed file is damaged',
    message: 'The {compression} file cannot be unpacked to its end: {detail}',
    advice: 'It was probably cut off on its way. Transfer or export it again.',
  },
  'file.inflated_too_large': {
    class: 'halting',
    title: 'The file unpacks to too much',
    message:
      'The file unpacks to more than {limit} bytes ({ratio} times its size so far), which looks like an attack or a mistake.',
    advice: 'If the file is right, unpack it yourself and import the parts.',
  },
  'file.encoding_unknown': {
    class: 'halting',
    refetch: true,
    title: 'The encoding is not known',
    message: 'There is no encoding "{encoding}" that Sluice can read.',
    advice:
      'Name one of utf-8, utf-16le, utf-16be, windows-1252, iso-8859-1, shift_jis, gb18030… with --encoding NAME.',
  },
  'file.dialect_invalid': {
    class: 'halting',
    title: 'The file settings do not fit together',
    message: 'The file cannot be read with these settings: {detail}',
    advice:
      'Correct --delimiter, --quote, --escape or --row-delimiter; leave them out to have them detected.',
  },
  'file.flag_invalid': {
    class: 'record',
    title: 'A file setting does not fit',
    message: '--{flag} {value} does not fit: {detail}',
    advice: 'Type sluice convert --help to see what --{flag} takes.',
    status: 400,
  },
  'file.header_broken': {
    class: 'halting',
    refetch: true,
    title: 'The header cannot be read',
    message: 'The header in line {line} cannot be read: {detail}',
    advice: 'Correct the first line of the file, or name the line the header is in with --skip-lines N.',
  },
  'read.field_count': {
    class: 'record',
    title: 'Wrong number of fields',
    message: 'The record has {found} fields, the header has {expected}.',
    advice: 'Correct the line in the error file; or fill up short and keep long records with --on-bad pad.',
  },
  'read.quote_text': {
    class: 'record',
    title: 'Text after a closing quote',
    message: 'There is text after the closing quote of a field.',
    advice: 'A quote inside a quoted field must be doubled. Correct the line in the error file.',
  },
  'read.quote_stray': {
    class: 'record',
    title: 'A quote in the middle of a field',
    message: 'There is a quote inside a field that does not begin with one.',
    advice:
      'Put the whole field in quotes and double the quote inside; or read quotes as plain text with --quote none.',
  },
  'read.quote_open': {
    class: 'record',
    title: 'A quote is never closed',
    message: 'A quoted field begins here and is never closed.',
    advice: 'Close or remove the quote in the error file; the records after it were read as usual.',
  },
  'read.encoding': {
    class: 'record',
    title: 'Bytes that are no text',
    message: 'The record has bytes that are not valid in {encoding}.',
    advice: 'If many records say this, the encoding is another one: name it with --encoding NAME.',
  },
  'read.nul': {
    class: 'record',
    title: 'A NUL character',
    message: 'The record has a NUL character (a zero byte), which no text may have.',
    advice:
      'Remove it in the error file. If many records say this, the encoding is another one: try --encoding utf-16le.',
  },
  'read.field_too_large': {
    class: 'record',
    title: 'A field is too large',
    message: 'A field has more than {limit} bytes.',
    advice: 'Shorten the value in the error file.',
  },
  'read.record_too_large': {
    class: 'record',
    title: 'The record is too large',
    message: 'The record has more than {limit} bytes.',
    advice: 'Shorten it at its source; only its beginning is in the error file.',
  },
  'read.too_many_columns': {
    class: 'record',
    title: 'Too many fields',
    message: 'The record has more than {limit} fields.',
    advice: 'Correct the line in the error file, or check the delimiter (--delimiter).',
  },
  'read.json_invalid': {
    class: 'record',
    title: 'Not valid JSON',
    message: 'The record is not valid JSON: {detail}',
    advice: 'Correct it in the error file.',
  },
  'read.json_not_object': {
    class: 'record',
    title: 'Not a JSON object',
    message: 'The record is a {found}, not an object with names and values.',
    advice: 'Each record must be written as {"name": "value", …}.',
  },
  'read.json_too_deep': {
    class: 'record',
    title: 'JSON nested too deeply',
    message: 'The record is nested more than {limit} levels deep.',
    advice: 'Flatten it at its source.',
  },
  'read.json_duplicate_key': {
    class: 'record',
    title: 'A name twice in one record',
    message: 'The record gives "{key}" twice, so it is open which value is meant.',
    advice: 'Leave one of the two in the error file.',
  },
  'read.json_cut': {
    class: 'record',
    title: 'The file ends too early',
    message: 'The list of records is not closed: the file was probably cut off.',
    advice: 'Export or transfer it again, and compare the number of records.',
  },
})
