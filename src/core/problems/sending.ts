// Problems of what programs send to the API: bulk bodies, resumable uploads, idempotency keys, and edits of what has changed.
import { defineProblems } from '../problem.ts'

export const sendingProblems = defineProblems({
  'bulk.encoding_unknown': {
    class: 'record',
    title: 'The content encoding is not known',
    message: 'The body is said to be packed with {encoding}, which is not read here.',
    advice: 'Send it plain, or packed with gzip or zstd and the header Content-Encoding: gzip or zstd.',
    status: 415,
  },
  'bulk.encoding_differs': {
    class: 'record',
    title: 'The body is not packed as it says',
    message: 'The header Content-Encoding says {encoding}, but the body begins like {found}.',
    advice:
      'Leave the header out, or send the body packed as it says. Packed bodies are also recognised without it.',
    status: 400,
  },
  'bulk.form': {
    class: 'record',
    title: 'The body is a form',
    message: 'The body is a form, with the file somewhere in it; this route takes the file alone.',
    advice: 'Send the file itself as the body, with curl: curl -X POST -T people.csv (not -F).',
    status: 415,
  },
  'bulk.other_format': {
    class: 'record',
    title: 'The body is something else',
    message: 'This route takes {wanted}, but the body looks like {found}.',
    advice: '{instead}',
    status: 422,
  },
  'bulk.no_records': {
    class: 'record',
    title: 'There is no record in the body',
    message: 'The body has a first line, but no record.',
    advice:
      'If the file has records, their line ends were lost on the way: send it with curl -X POST -T people.csv (-d takes line ends away). A file without header needs headers=NAME,NAME.',
    status: 422,
  },
  'bulk.header_missing': {
    class: 'record',
    title: 'The columns have no names',
    message: 'The first line looks like a record, not like the names of the columns: {line}',
    advice:
      'Name them with headers=customer_id,email,city; or say header_lines=1 where it is a header. If the line is longer than it should be, its line ends were lost on the way: send it with curl -X POST -T people.csv (-d takes line ends away).',
    status: 422,
  },
  'bulk.delimiter_absent': {
    class: 'record',
    title: 'The delimiter is not in the body',
    message:
      'delimiter={delimiter} was given, but the body does not separate its fields by it; they look separated by {found}.',
    advice: 'Leave delimiter out to have it recognised, or send delimiter={word}.',
    status: 422,
  },
  'bulk.headers_differ': {
    class: 'record',
    title: 'The number of columns differs',
    message: 'headers names {given} columns, but the records have {found}.',
    advice: 'Name every column once, in the order of the file, for example headers=customer_id,email,city.',
    status: 422,
  },
  'bulk.field_unknown': {
    class: 'record',
    title: 'There is no such field',
    message: '{parameter} names {field}, but the body has no such field; it has {fields}.',
    advice: 'Write the name as it stands in the body{hint}.',
    status: 422,
  },
  'bulk.parameter_invalid': {
    class: 'record',
    title: 'A parameter does not fit',
    message: '{parameter}={value} does not fit: {detail}.',
    advice: 'Write it like {example}.',
    status: 422,
  },
  'bulk.question_open': {
    class: 'record',
    title: 'A question is open',
    message: 'The body can be read in more than one way: {question}',
    advice: 'Answer it in the address: {parameters}.',
    status: 422,
  },
  'resumable.version': {
    class: 'record',
    title: 'Another version of the upload protocol',
    message: 'Resumable uploads speak tus {version}; the request says {given}.',
    advice: 'Send the header Tus-Resumable: {version}. Clients of tus 1.0 do so by themselves.',
    status: 412,
  },
  'resumable.header': {
    class: 'record',
    title: 'A header does not fit',
    message: 'The header {header} does not fit: {detail}.',
    advice: 'See docs/guides/send-records-by-http.md for what a resumable upload sends.',
    status: 400,
  },
  'resumable.type': {
    class: 'record',
    title: 'The content type does not fit',
    message: 'A part of a resumable upload comes as application/offset+octet-stream, not as {given}.',
    advice:
      'Send the header Content-Type: application/offset+octet-stream. Clients of tus 1.0 do so by themselves.',
    status: 415,
  },
  'resumable.too_large': {
    class: 'record',
    title: 'The upload is too large',
    message: 'The upload would have {bytes} bytes; at most {limit} are taken.',
    advice: 'Split the file, or pack it with gzip or zstd first.',
    status: 413,
  },
  'resumable.offset': {
    class: 'record',
    title: 'The part does not follow',
    message: 'The part begins at byte {given}, but {offset} bytes are here.',
    advice: 'Ask with HEAD how many bytes are here, and send from there on.',
    status: 409,
  },
  'resumable.checksum': {
    class: 'record',
    title: 'The checksum differs',
    message: 'The part that arrived has another checksum than Upload-Checksum says.',
    advice: 'It was damaged on the way and nothing was kept of it: send it again from the same offset.',
    status: 460,
  },
  'resumable.gone': {
    class: 'record',
    title: 'The upload has expired',
    message: 'The upload {id} was not finished in time.',
    advice: 'Begin a new one: unfinished uploads are kept for {hours} hours after the last byte.',
    status: 410,
  },
  'idempotency.mismatch': {
    class: 'record',
    title: 'The key belongs to another request',
    message: 'The Idempotency-Key {key} was used before, for a request that was not the same.',
    advice: 'Make a fresh key for every new request, and use one again only to repeat the same request.',
    status: 422,
  },
  'idempotency.in_progress': {
    class: 'transient',
    title: 'The same request is under way',
    message: 'A request with the Idempotency-Key {key} is being worked on.',
    advice: 'Wait a moment and send it again: you then get its answer.',
    status: 409,
  },
  'idempotency.shown_once': {
    class: 'record',
    title: 'It was made already',
    message:
      'This was made with the Idempotency-Key {key} before; its answer held a secret that is shown only once.',
    advice: 'If that answer was lost, remove what was made and make another, with a fresh key.',
    status: 409,
  },
  'edit.outdated': {
    class: 'record',
    title: 'It was changed meanwhile',
    message: 'Somebody changed the {noun} since you looked.',
    advice: 'Look at it again, then repeat your change.',
    status: 412,
  },
})
