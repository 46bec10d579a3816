// Problems of reading a source: folders, files that come and go, headers that changed.
import { defineProblems } from '../problem.ts'

export const sourceProblems = defineProblems({
  'source.given_by_hand': {
    class: 'halting',
    title: 'Nothing to read from',
    message: 'The job takes files that are given by hand, so there is nothing it could read by itself.',
    advice: 'Give it a file with sluice import FILE, or give the job a folder to read from.',
    status: 409,
  },
  'source.no_root': {
    class: 'halting',
    title: 'No folder is open to jobs',
    message: 'Jobs may read files only below a root that is named when the server starts, and none was.',
    advice:
      'Stop the server with sluice down, and start it with sluice up --root DIR; or set SLUICE_ROOT to the folder.',
    status: 409,
  },
  'source.root_unusable': {
    class: 'transient',
    title: 'The root cannot be read',
    message: 'The root {root} cannot be read: {detail}',
    advice: 'Check that the disk or share is there and that Sluice may read it.',
    status: 409,
  },
  'source.path_invalid': {
    class: 'halting',
    title: 'The path leads out of the root',
    message: 'The path {path} is not a path below the root.',
    advice:
      'Name the folder as it is called below the root, without .. and without a slash at the beginning.',
  },
  'source.pattern_invalid': {
    class: 'halting',
    title: 'The pattern of names does not work',
    message: 'The pattern {pattern} does not work: {detail}.',
    advice: 'Write it as customers_*.csv, or as customers_{date:YYYYMMDD}.csv.',
  },
  'source.folder_missing': {
    class: 'transient',
    title: 'The folder is not there',
    message: 'There is no folder {path} below the root {root}.',
    advice: 'Make the folder, correct its name in the job, or check that the share is connected.',
  },
  'source.unreadable': {
    class: 'transient',
    title: 'The file or folder cannot be read',
    message: '{path} cannot be read: {detail}',
    advice: 'Check that the user Sluice runs as may read it.',
  },
  'source.outside': {
    class: 'halting',
    title: 'The file lies outside of the root',
    message: '{path} is a link that leads outside of the root, so it is not read.',
    advice: 'Put the file itself into the folder, or start the server with a root that holds both.',
  },
  'source.of_others': {
    class: 'halting',
    title: 'The folder belongs to another namespace',
    message: '{path} lies in the folder of another namespace, so jobs of this one do not read it.',
    advice: 'Put the files elsewhere below the root, or set the job up in the namespace they are for.',
    status: 409,
  },
  'source.file_gone': {
    class: 'transient',
    title: 'The file is gone',
    message: 'The file {path} was there and is gone.',
    advice: 'Put it back; the run reads it when it tries again.',
  },
  'source.changed': {
    class: 'transient',
    title: 'The file changed while it was read',
    message: 'The file {path} changed while it was being read, so nothing of it was taken.',
    advice:
      'It is read again. If this keeps happening, write it under another name and rename it when it is whole, or use a marker.',
  },
  'source.no_file': {
    class: 'transient',
    title: 'No file there',
    message: 'In the folder {path} there is no file whose name fits {pattern}.',
    advice: 'Put a file there, or correct the folder or the pattern.',
    status: 409,
  },
  'source.no_new_file': {
    class: 'transient',
    title: 'No new file',
    message: 'There is no new file{detail}.',
    advice: 'No action required; the next run looks again. What lies there: sluice job source {job}.',
    status: 409,
  },
  'source.several_sheets': {
    class: 'halting',
    refetch: true,
    title: 'Several sheets or files inside',
    message: '{file} has several parts with content, and the job does not say which one: {names}.',
    advice: 'Name one in the source of the job (part), or deliver a file with one part only.',
  },
  'header.changed': {
    class: 'halting',
    refetch: true,
    title: 'The columns are not those of the mapping',
    message: 'The columns of {file} are not those the job was set up with: missing {gone}{new}.',
    advice:
      'Have the file delivered with its columns as before, or change the mapping of the job; then run it again.',
  },
})
