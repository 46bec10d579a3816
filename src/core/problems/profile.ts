// Problems of identity and of writing profiles.
import { defineProblems } from '../problem.ts'

export const profileProblems = defineProblems({
  'identifier.none': {
    class: 'record',
    title: 'No usable identifier',
    message: 'The record has no usable identifier, so it belongs to nobody.',
    advice: 'Fill in a customer id or an e-mail address, and import the error file again.',
  },
  'identifier.too_many': {
    class: 'record',
    title: 'Too many values of one identifier kind',
    message: 'Joining these profiles would give one of them more than {limit} values of {kind}.',
    advice:
      'The value that links them is probably not personal (a shared inbox, a placeholder); remove it from the file.',
  },
  'identifier.conflict': {
    class: 'record',
    title: 'An identifier belongs to somebody else',
    message: 'The {kind} belongs to another profile, which has a different {higher}; it was left there.',
    advice:
      'Check which of the two people the {kind} belongs to; a shared one can be left out with --map COLUMN=-.',
  },
  'identifier.several': {
    class: 'record',
    title: 'The record matches several profiles',
    message: 'The identifiers of this record belong to {count} different profiles.',
    advice: 'Decide what should happen with --on-several merge, reject or highest.',
  },
  'as_of.future': {
    class: 'record',
    title: 'The timestamp lies in the future',
    message:
      'The record is dated {value}, more than a day ahead; it would win against every later correction.',
    advice: 'Correct the timestamp, or import without the timestamp column.',
  },
  'attribute.type_differs': {
    class: 'halting',
    title: 'The attribute has another type',
    message: 'The attribute {key} is {had}; this mapping wants it to be {type}.',
    advice: 'Map the column to another attribute, or keep the type: --map COLUMN={key}:{had}.',
  },
  'attribute.too_many': {
    class: 'halting',
    title: 'Too many attributes',
    message: 'The profile store would have more than {limit} attributes.',
    advice: 'Leave out columns you do not need: --map COLUMN=-.',
  },
  'check.gap': {
    class: 'record',
    title: 'The database refused a value',
    message: 'PostgreSQL refused a value that our check had accepted: {detail}',
    advice:
      'The record was set aside and nothing else was lost. Please report this: our check should have said so first.',
  },
  'write.conflict': {
    class: 'transient',
    waits: true,
    title: 'Other writers kept getting in first',
    message:
      'The batch was planned again {count} times because other writers kept changing the same profiles.',
    advice: 'Nothing to do: the run tries again by itself.',
  },
})
