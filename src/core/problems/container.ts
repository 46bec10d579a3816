// Problems of files that hold others: workbooks, archives, tables in columns.
import { defineProblems } from '../problem.ts'

const tooMuch = 'If the file is right, save the part you need as a CSV file and import that.'

export const containerProblems = defineProblems({
  'read.cell_error': {
    class: 'record',
    title: 'A cell shows an error',
    message: 'The cell shows the error {value} instead of a value.',
    advice:
      'Correct the formula in the spreadsheet, or the value in the error file; or take such cells as empty with --on-bad pad.',
  },
  'read.cell_uncalculated': {
    class: 'record',
    title: 'A formula without its value',
    message: 'The cell has a formula that was never calculated, so its value is not in the file.',
    advice:
      'Open the file in a spreadsheet program, save it and import it again; or take such cells as empty with --on-bad pad.',
  },
  'read.row_not_list': {
    class: 'record',
    title: 'Not a row of cells',
    message: 'The line is not a JSON list of cells, as the lines around it are.',
    advice: 'Write it as ["value", "value", …] in the error file.',
  },
  'container.damaged': {
    class: 'halting',
    refetch: true,
    title: 'The file is damaged',
    message: 'The {kind} file cannot be read: {detail}',
    advice:
      'It was probably cut off on its way, or saved by a program with a fault. Export or transfer it again.',
  },
  'container.encrypted': {
    class: 'halting',
    title: 'The file is protected by a password',
    message: '{name} is protected by a password, so it cannot be read.',
    advice: 'Open it with its password, save it without one, and import that.',
  },
  'container.old_excel': {
    class: 'halting',
    title: 'An old Excel file',
    message: 'The file is an old Excel workbook (.xls), which cannot be read.',
    advice: 'Open it and save it as an Excel workbook (.xlsx) or as CSV UTF-8, and import that.',
  },
  'container.not_supported': {
    class: 'halting',
    title: 'A kind of file that cannot be read',
    message: 'The file is {what}, which cannot be read.',
    advice: 'Save or export it as an Excel workbook (.xlsx), as CSV or as JSON, and import that.',
  },
  'container.nothing_inside': {
    class: 'halting',
    title: 'Nothing to import inside',
    message: 'The {kind} file has {found}, so there is nothing to import.',
    advice: 'Check that the export finished.',
  },
  'container.part_open': {
    class: 'halting',
    title: 'Several sheets',
    message: '{file} has several sheets with content: {names}.',
    advice: 'Say which one with --sheet NAME, several with --sheet NAME --sheet NAME.',
    status: 400,
  },
  'container.whole': {
    class: 'halting',
    title: 'A part must be chosen',
    message: 'The upload {upload} is a file with others inside, which are imported one by one.',
    advice: 'Post the name of one of its parts to /uploads/{upload}/parts, and import the upload it answers.',
    status: 409,
  },
  'container.part_missing': {
    class: 'halting',
    title: 'No such sheet or file inside',
    message: 'There is no {noun} {wanted} in {file}; there is: {names}.',
    advice: 'Name one of those, as it is written there.',
    status: 404,
  },
  'container.nested': {
    class: 'halting',
    title: 'An archive inside an archive',
    message: '{name} is an archive inside an archive, which is not opened.',
    advice: 'Unpack the outer archive and import what is inside.',
  },
  'container.too_many_entries': {
    class: 'halting',
    title: 'The archive has too many files',
    message: 'The archive has {count} files; at most {limit} are read.',
    advice: 'Unpack it and import the files you need: sluice import "folder/*.csv".',
  },
  'container.bomb': {
    class: 'halting',
    title: 'The file is built like an attack',
    message: 'The {kind} file is not read, because {detail}.',
    advice: tooMuch,
  },
  'container.too_large': {
    class: 'halting',
    title: 'Too large to be read this way',
    message: 'The {kind} file has {what} of {found} bytes; at most {limit} are read.',
    advice: tooMuch,
  },
  'container.out_of_memory': {
    class: 'halting',
    title: 'The file needs too much memory',
    message: 'Unpacking the {kind} file needs more memory than there is for it.',
    advice: tooMuch,
  },
})
