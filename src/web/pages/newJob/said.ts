// Parts of a job in a few words.
import type { Mapping, WritePolicy } from '../../../core/mapping.ts'
import type { Notify } from '../../../core/setup/policies.ts'
import type { Source } from '../../../core/setup/source.ts'
import { noun } from '../../lib/numbers.ts'

/** `The files *.csv in in/crm`. */
export function sourceText(source: Source): string {
  switch (source.kind) {
    case 'upload':
      return 'The file you gave'
    case 'profiles':
      return source.where.length === 0 ? 'All profiles' : `Profiles where ${source.where.join(' and ')}`
    case 'folder': {
      const place = source.path === '' ? 'the root folder' : source.path
      const files = `${source.take === 'newest' ? 'The newest file' : 'The files'} ${source.pattern} in ${place}`
      return source.onArrival ? `${files}, as soon as one arrives` : files
    }
  }
}

/** `12 attributes, 2 identifiers, 3 left out`. */
export function columnsText({ columns, filters = [] }: Mapping): string {
  if (columns.length === 0) return 'Not looked at yet'
  const of = (to: string): number => columns.filter(({ target }) => target.to === to).length
  const parts = [
    noun(of('attribute'), 'attribute'),
    noun(of('identifier'), 'identifier'),
    ...(of('as_of') > 0 ? ['the time of each record'] : []),
    ...(of('ignore') > 0 ? [`${of('ignore')} left out`] : []),
    ...(filters.length > 0 ? [noun(filters.length, 'filter')] : []),
  ]
  return parts.join(', ')
}

const modes: Readonly<Record<WritePolicy['mode'], string>> = {
  upsert: 'New people are made and those there are updated; nobody is deleted.',
  create_only: 'New people are made; those there are stay as they are.',
  update_only: 'Known people are updated; nobody new is made.',
  mirror: 'People are made and updated, and who is missing from the file is deleted.',
  delete: 'Everybody in the file is deleted.',
}

/** What the write mode means, as a sentence. */
export function modeText(mode: WritePolicy['mode']): string {
  return modes[mode]
}

const whens = { health: 'when it begins to fail', failures: 'of failures', each_run: 'of every run' } as const

/** Whom it tells of what. */
export function toldText({ emails, webhooks, when }: Notify): string {
  const all = [...emails, ...webhooks]
  return all.length === 0 ? 'Nobody' : `${all.join(', ')} ${whens[when]}`
}
