// Problems of the machine: folders, the embedded PostgreSQL, the server process.
import { defineProblems } from '../problem.ts'

export const hostProblems = defineProblems({
  'config.invalid': {
    class: 'halting',
    title: 'A setting does not fit',
    message: 'The setting {name} does not fit: {detail}',
    advice: 'Correct or unset the environment variable {name}, then try again.',
  },
  'root.unusable': {
    class: 'halting',
    title: 'The root is no folder',
    message: 'The root {root} is not a folder that can be read.',
    advice: 'Make it first, or name another one: sluice up --root DIR.',
    status: 409,
  },
  'root.too_wide': {
    class: 'halting',
    title: 'The root holds what Sluice keeps for itself',
    message:
      'Jobs may not read below {root}: {home}, where Sluice keeps its own data, lies there or around it.',
    advice: 'Name a folder that holds only what is to be imported, such as --root /srv/incoming.',
    status: 409,
  },
  'home.not_writable': {
    class: 'halting',
    title: 'The data folder cannot be used',
    message: 'The data folder {path} cannot be used: {detail}',
    advice: 'Make it yours, or choose another folder with SLUICE_HOME=/path/to/folder.',
    status: 503,
  },
  'postgres.binaries_missing': {
    class: 'halting',
    title: 'PostgreSQL is not installed here',
    message: 'The PostgreSQL that comes with Sluice is missing for this machine ({platform}).',
    advice: 'Type npm ci in the Sluice folder, or use a PostgreSQL of your own with SLUICE_DATABASE_URL.',
    status: 503,
  },
  'postgres.no_account': {
    class: 'halting',
    title: 'PostgreSQL needs a user of its own',
    message: 'PostgreSQL never runs as root, and the system user "sluice" could not be made: {detail}',
    advice: 'Add it with useradd --system sluice, or run Sluice as an ordinary user.',
    status: 503,
  },
  'postgres.not_started': {
    class: 'transient',
    waits: true,
    title: 'PostgreSQL did not start',
    message: 'The embedded PostgreSQL did not start: {detail}',
    advice: 'Type sluice doctor to see why.',
    status: 503,
  },
  'postgres.not_stopped': {
    class: 'transient',
    title: 'PostgreSQL did not stop',
    message: 'The embedded PostgreSQL (process {pid}) was told to stop and is still running.',
    advice: 'Wait a moment and type sluice down again.',
    status: 503,
  },
  'postgres.data_version': {
    class: 'halting',
    title: 'The data was written by another PostgreSQL',
    message: 'The data in {path} was written by PostgreSQL {found}; this Sluice brings {expected}.',
    advice:
      'Use the Sluice version that wrote it, or choose another folder with SLUICE_HOME=/path/to/folder.',
    status: 503,
  },
  'postgres.socket_folder': {
    class: 'halting',
    title: 'The socket folder is not safe',
    message: 'The socket folder {path} is not safe to use: {detail}',
    advice: 'Remove that folder, then try again.',
    status: 503,
  },
  'postgres.too_old': {
    class: 'halting',
    title: 'The PostgreSQL is too old',
    message: 'The database is PostgreSQL {version}; Sluice needs {needed} or newer.',
    advice: 'Upgrade it, or unset SLUICE_DATABASE_URL to use the PostgreSQL that comes with Sluice.',
    status: 503,
  },
  'postgres.unreachable': {
    class: 'transient',
    waits: true,
    title: 'The database cannot be reached',
    message: 'The database of SLUICE_DATABASE_URL cannot be reached: {detail}',
    advice: 'Check the address, user and password in SLUICE_DATABASE_URL; sluice doctor tries them again.',
    status: 503,
  },
  'blob.missing': {
    class: 'halting',
    title: 'A stored file is gone',
    message: 'The stored file {key} is not in the blob store any more.',
    advice: 'Bring it back from a backup, or import the original file again.',
    status: 410,
  },
  'blob.unusable': {
    class: 'transient',
    waits: true,
    title: 'The file store cannot be used',
    message: 'The file store cannot be used: {detail}',
    advice: 'Type sluice doctor to see what is wrong with the folder.',
    status: 503,
  },
  'landing.damaged': {
    class: 'halting',
    title: 'The landed file is damaged',
    message: 'The stored copy of the input is damaged: {detail}',
    advice: 'Check the disk, then import the original file again.',
  },
})
