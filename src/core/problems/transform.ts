// Problems of steps, expressions and filters: what a mapping cannot mean, and what a record cannot give.
import { defineProblems } from '../problem.ts'

export const transformProblems = defineProblems({
  'record.filtered': {
    class: 'record',
    title: 'A filter left the record out',
    message: 'The filter "{by}" does not keep this record.',
    advice: 'If it should go in, change the filter "{by}" in the mapping and import the file again.',
  },
  'filter.failed': {
    class: 'record',
    title: 'A filter could not decide',
    message: 'The filter "{by}" could not decide about this record: {detail}.',
    advice:
      'Correct the record; or write the filter so that it has an answer for such records, or onError: skip beside it.',
  },
  'filter.name_twice': {
    class: 'halting',
    title: 'Two filters have one name',
    message: 'Two filters are called "{by}"; receipts could not tell them apart.',
    advice: 'Give one of them another name.',
  },
  'expression.invalid': {
    class: 'halting',
    title: 'An expression cannot be used',
    message: 'The expression {where} cannot be used: {detail} (at character {at}: {near}).',
    advice: 'Correct the expression; docs/transform.md lists what expressions may use.',
  },
  'expression.failed': {
    class: 'record',
    title: 'An expression has no answer',
    message: 'The expression of {column} has no answer for this record: {detail}.',
    advice: 'Correct the record, or write the expression so that it has an answer for such values.',
  },
  'expression.too_slow': {
    class: 'record',
    title: 'An expression takes too long',
    message: 'The expression of {column} was stopped at this record: it takes too long.',
    advice: 'Write it without loops inside loops, or shorten the text it reads.',
  },
  'expression.too_slow_often': {
    class: 'halting',
    title: 'An expression is too slow',
    message: 'An expression was stopped at {count} records, as it takes too long: {expression}',
    advice: 'Write it without loops inside loops, or shorten the text it reads; then import the file again.',
  },
  'step.lookup_missing': {
    class: 'record',
    title: 'Not in the lookup table',
    message: '{value} in {column} is not in the lookup table.',
    advice:
      'Add it to the table in the mapping, or say what becomes of other values: otherwise: keep, or otherwise: blank.',
  },
  'step.date': {
    class: 'record',
    title: 'Not written like the date pattern',
    message: '{value} in {column} is not a date written as {pattern}.',
    advice: 'Correct the value, or the pattern of the date step.',
  },
  'step.number': {
    class: 'record',
    title: 'Not written like the number format',
    message: '{value} in {column} is not a number with {decimal} before its decimals.',
    advice: 'Correct the value, or the signs of the number step.',
  },
  'step.too_slow': {
    class: 'record',
    title: 'A step takes too long',
    message: 'The {step} step of {column} was stopped at this record: its text is too long for the pattern.',
    advice: 'Use a simpler pattern, or shorten the text with a substring step before it.',
  },
  'step.pattern_invalid': {
    class: 'halting',
    title: 'A pattern cannot be used',
    message: 'The pattern {pattern} of column {column} cannot be used: {detail} (at character {at}).',
    advice: 'Correct the pattern; docs/transform.md lists what patterns may use.',
  },
  'step.date_pattern_invalid': {
    class: 'halting',
    title: 'A date pattern cannot be used',
    message: 'The date pattern {pattern} of column {column} cannot be used: {detail}.',
    advice: 'Write it like dd.MM.yyyy, MM/dd/yyyy or dd.MM.yyyy HH:mm.',
  },
  'step.number_signs': {
    class: 'halting',
    title: 'A number step is ambiguous',
    message: 'The number step of column {column} has {sign} for decimals and for thousands.',
    advice: 'Name two different signs, for example {decimal: ",", group: "."}.',
  },
  'step.column_missing': {
    class: 'halting',
    title: 'A step names a column that is not there',
    message: 'A step of {column} names the column "{named}", which the file does not have.{near}',
    advice: 'Correct the name in the mapping, or the header of the file.',
  },
  'step.list_target': {
    class: 'halting',
    title: 'A list for a single value',
    message: 'The split step of {column} gives a list, but its attribute holds a {type}.',
    advice: 'Say which part to take (take: 1 is the first), or make the attribute a list (type: text_list).',
  },
  'lookup.unusable': {
    class: 'halting',
    title: 'A lookup table cannot be used',
    message: 'The lookup table {file} cannot be used: {detail}.',
    advice:
      'A lookup table is a CSV file with a header and two columns: what stands in the cell, and what it becomes.',
    status: 400,
  },
  'mapping.computed_name': {
    class: 'halting',
    title: 'A computed column has the name of a column of the file',
    message: 'The computed column "{column}" has the name of a column of the file.',
    advice: 'Give it another name; its cell can still be read with copy: "{column}".',
  },
})
