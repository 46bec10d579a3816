// The profile store as a source: one JSON object a line and person, with the attributes and the identifiers.
import { profilesSchema, type ProfilesSource } from '../core/setup/source.ts'
import type { SourceFile } from '../core/sourceFile.ts'
import type { Connector } from './contract.ts'

const everybody: SourceFile = { path: 'profiles', name: 'profiles.jsonl', version: null, order: '' }

export const profiles: Connector<ProfilesSource> = {
  kind: 'profiles',
  title: 'The profile store',
  summary: 'Everybody, or those who meet the conditions, as they are when the run begins.',
  capabilities: { editableWhileActive: true, canSample: true, canArrive: false },
  options: profilesSchema,
  async check({ where }, io) {
    // A condition that cannot be is refused before the first person is read.
    const people = io.profiles(where)[Symbol.asyncIterator]()
    await people.next()
    await people.return?.()
  },
  find: () => Promise.resolve({ files: [everybody], passedOver: [] }),
  open: ({ where }, file, io) =>
    Promise.resolve({
      file,
      content: (signal) => io.profiles(where, signal),
      random: null,
      close: () => Promise.resolve(),
    }),
}
