// The setup of a job in a few words each.
import type { JobSetup } from '../../../client/index.ts'
import { spanText } from '../../../core/schedule/words.ts'

type Source = JobSetup['source']

/** `title`: what the connector is called. */
export function sourceText(source: Source, title: string): string {
  if (source.kind === 'folder') return folderPath(source)
  if (source.kind === 'profiles' && source.where.length > 0)
    return `Profiles where ${source.where.join(' and ')}`
  return title
}

/** `in/customers-*.csv` */
export function folderPath({ path, pattern }: Extract<Source, { kind: 'folder' }>): string {
  return path === '' || path === '.' ? pattern : `${path}/${pattern}`
}

/** `90 minutes` as people say it: 1 hour 30 minutes. */
export function minutesText(minutes: number): string {
  return spanText(minutes * 60)
}

/** `set_if_empty` → set if empty. */
export function words(name: string): string {
  return name.replaceAll('_', ' ')
}

/** When people are told. */
export const notifyWords: Readonly<Record<JobSetup['notify']['when'], string>> = {
  each_run: 'after every run',
  failures: 'when a run fails, is halted, held or ends midway',
  health: 'once when it gets into trouble, and once when it is well again',
}
