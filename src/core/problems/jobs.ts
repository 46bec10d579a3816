// Problems of jobs as people set them up: moves that are not possible, samples, job files, secrets.
import { defineProblems } from '../problem.ts'

export const jobProblems = defineProblems({
  'job.move_illegal': {
    class: 'record',
    title: 'The job cannot do that now',
    message: 'The job {job} is {state}, so it cannot {move}: {why}.',
    advice: 'What can be done with it now: {moves}. Type sluice job show "{job}" to see it.',
    status: 409,
  },
  'job.name_taken': {
    class: 'record',
    title: 'There is a job of this name',
    message: 'There is a job {job} already ({state}).',
    advice:
      'Choose another name. To give a file to that job as it is set up, type sluice job run "{job}" --file FILE.',
    status: 409,
  },
  'job.changed': {
    class: 'record',
    title: 'The job was changed meanwhile',
    message: 'The job {job} was changed by somebody else: it is at version {version} now.',
    advice: 'Look at it again with sluice job show "{job}", then repeat your change.',
    status: 412,
  },
  'job.no_mapping': {
    class: 'halting',
    title: 'The job has no mapping yet',
    message: 'The job {job} does not say yet what the columns of its files become.',
    advice:
      'Type sluice job sample "{job}" to have a mapping proposed from its source, or sluice job edit "{job}" --mapping FILE.',
  },
  'job.question_open': {
    class: 'halting',
    title: 'A question about the sample is open',
    message: 'The sample of the job {job} leaves a question open: {question}',
    advice: 'Answer it with sluice job edit "{job}" {flag}.',
  },
  'job.no_file': {
    class: 'halting',
    title: 'The job needs a file',
    message: 'The job {job} takes files that are given by hand, and none was given.',
    advice: 'Type the command again with --file FILE.',
  },
  'job.file_not_taken': {
    class: 'halting',
    title: 'The job fetches its files itself',
    message: 'The job {job} reads its own source ({source}), so it takes no file.',
    advice: 'Leave --file out, or import the file by itself with sluice import FILE.',
    status: 400,
  },
  'job.setup_invalid': {
    class: 'halting',
    title: 'The setup does not fit',
    message: 'The setup does not fit: {detail}',
    advice:
      'Correct it and try again; sluice job create --help and docs/guides/jobs-as-files.md say what there is.',
    status: 400,
  },
  'job.paused': {
    class: 'halting',
    title: 'The job was paused',
    message: 'The job was paused before the run began.',
    advice: 'Resume the job when it should run again; its next run comes with its schedule.',
  },
  'threshold.outside': {
    class: 'transient',
    title: 'A number outside its limits',
    message: '{found} {counter} {when}, {limit}.',
    advice:
      'Look at what the job did in that time (sluice job activity "{job}" --by {per}) and at its runs. If the number is as it should be, set other limits with sluice job edit "{job}" --threshold {counter}/{per}=100..5000, or none.',
  },
  'sample.failed': {
    class: 'halting',
    title: 'The sample was not understood',
    message: 'The sample {file} could not be used; change the {what}: {detail}',
    advice: '{how}',
  },
  'sample.interrupted': {
    class: 'transient',
    title: 'Sampling was cut off',
    message: 'The server ended while the sample was being read.',
    advice: 'Sample again; nothing else was changed.',
    status: 503,
  },
  'jobfile.invalid': {
    class: 'halting',
    title: 'The job file does not fit',
    message: '{file} does not fit at line {line}, column {at}: {detail}',
    advice: 'Correct line {line}. sluice job export JOB prints a job file that fits, to start from.',
    status: 400,
  },
  'jobfile.no_job': {
    class: 'halting',
    title: 'No job in the file',
    message: '{file} holds no job.',
    advice: 'A job file begins with job: NAME; sluice job export JOB prints one, to start from.',
    status: 400,
  },
  'jobfile.twice': {
    class: 'halting',
    title: 'A job stands there twice',
    message: 'The job {job} stands in {first} and again in {second}.',
    advice: 'Keep one of them.',
    status: 400,
  },
  'secret.name_invalid': {
    class: 'halting',
    title: 'Not a name for a secret',
    message:
      '{name} is no name for a secret: small letters, digits, dots, dashes and underscores, at most 60.',
    advice: 'Choose another, for example sluice secret set crm-password.',
    status: 400,
  },
  'secret.empty': {
    class: 'halting',
    title: 'The secret is empty',
    message: 'Nothing was given as the secret {name}, or more than {limit} bytes.',
    advice: 'Give it on standard input: sluice secret set {name} < FILE, or type it when asked.',
    status: 400,
  },
  'secret.missing': {
    class: 'halting',
    title: 'A secret is missing',
    message: 'There is no secret named {name}.',
    advice: 'Store it with sluice secret set {name}.',
    status: 404,
  },
  'secret.key_missing': {
    class: 'halting',
    title: 'The key of the secrets is not here',
    message: 'The secret {name} was sealed with the key {key}, which is not here.',
    advice:
      'Bring back the file secrets.key of the data folder, or give the earlier key with SLUICE_KEY_BEFORE; else store the secret again.',
    status: 503,
  },
  'secret.damaged': {
    class: 'halting',
    title: 'A secret cannot be opened',
    message:
      'The secret {name} cannot be opened: it was changed in the database, or belongs to another place.',
    advice: 'Store it again with sluice secret set {name}.',
    status: 503,
  },
  'secret.key_invalid': {
    class: 'halting',
    title: 'The key for secrets does not fit',
    message: 'The key in {place} is no key: {detail}',
    advice: 'Make one with openssl rand -base64 32.',
    status: 503,
  },
  'secret.key_fixed': {
    class: 'halting',
    title: 'The key is given from outside',
    message:
      'The key comes from SLUICE_KEY, so it is not replaced by itself, and all secrets use it already.',
    advice:
      'Start Sluice with the new key in SLUICE_KEY and the earlier one in SLUICE_KEY_BEFORE, then rotate.',
    status: 409,
  },
})
