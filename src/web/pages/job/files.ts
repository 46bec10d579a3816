// A job as files: YAML and JSON of its setup, and the template of its input.
import { getJobTemplate, type JobDetail } from '../../../client/index.ts'
import type { JobFile } from '../../../core/jobFile.ts'

/** The readers and writers of job files; loaded when they are first needed. */
export const loadJobFiles = () => import('../../../core/jobFile.ts')

/** The job as a file says it. */
export async function fileOf({ job, kind, state, setup, definition }: JobDetail): Promise<JobFile> {
  const { activeInFile, jobFileOf } = await loadJobFiles()
  return jobFileOf(job, activeInFile(kind, state), setup, definition)
}

/** As `sluice job export` writes it. */
export async function yamlOf(job: JobDetail): Promise<string> {
  const { jobsToYaml } = await loadJobFiles()
  return jobsToYaml([await fileOf(job)])
}

/** The same as JSON, which is read back like YAML. */
export async function jsonOf(job: JobDetail): Promise<string> {
  const { plainJob } = await loadJobFiles()
  return `${JSON.stringify(plainJob(await fileOf(job)), null, 2)}\n`
}

/** A file with the header of the job's files and an example row (BS-D04). */
export async function templateOf(namespace: string, job: JobDetail): Promise<string> {
  const { data } = await getJobTemplate({ path: { namespace, job: job.id }, parseAs: 'blob' })
  return data.text()
}

/** Gives a text to the viewer as a file of this name. */
export function download(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'application/octet-stream' }))
  const link = document.createElement('a')
  link.href = address
  // Slashes would become folders.
  link.download = name.replaceAll(/[/\\]/g, '-')
  link.click()
  URL.revokeObjectURL(address)
}
