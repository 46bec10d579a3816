// Advice for people at a browser, where the catalogue's own names flags or commands: the same advice without a terminal.
import type { ProblemCode } from '../problems.ts'

/** By code. A test holds that nothing of the catalogue that a browser may show is without advice there. */
export const adviceInApp = {
  // Files and how they are read.
  'file.encoding_unknown':
    'Choose other characters where it says how the file is read, or save the file as UTF-8 and give it again.',
  'file.dialect_invalid':
    'Correct what stands between the columns or around the values, or leave it out to have it detected.',
  'file.header_broken': 'Correct the first line of the file, or say how many lines stand above the header.',
  'read.field_count': 'Correct the line in the error file.',
  'read.quote_stray': 'Put the whole field in quotes and double the quote inside.',
  'read.encoding':
    'If many records say this, the encoding is another one: choose other characters and import the file again.',
  'read.nul':
    'Remove it in the error file. If many records say this, the encoding is another one: choose other characters and import the file again.',
  'read.too_many_columns': 'Correct the line in the error file, or check what stands between the columns.',
  'read.cell_error': 'Correct the formula in the spreadsheet, or the value in the error file.',
  'read.cell_uncalculated': 'Open the file in a spreadsheet program, save it and import it again.',
  'container.part_open': 'Choose the sheet or file that is meant.',
  'container.too_many_entries': 'Unpack it and import the files you need.',
  // Mappings and values.
  'mapping.no_identifier': 'Choose a column that tells people apart: a customer id, or an e-mail address.',
  'mapping.column_missing': 'Correct the header of the file, or leave the column out of the mapping.',
  'mapping.duplicate_key': 'Give one of the two another name, or leave it out.',
  'mapping.several_as_of': 'Keep one of them.',
  'mapping.too_many_attributes': 'Leave out columns you do not need.',
  'mapping.time_zone_unknown': 'Use a name such as Europe/Berlin or America/New_York.',
  'mapping.country_unknown': 'Use its two letters, such as DE, FR or US.',
  'mapping.flag_invalid': 'Choose another value.',
  'mapping.file_invalid': 'Correct the line that is named.',
  'mapping.misled':
    'Import again with the column as text, or as it should be; or release the run, and those records go to the error file.',
  'value.blank': 'Fill it in, or allow the column to be empty in the mapping.',
  'value.too_large': 'Shorten it, or let the mapping leave such values out.',
  'text.nul': 'Export the file again without it, or let the mapping leave such values out.',
  'text.broken': 'Export the file again, or let the mapping leave such values out.',
  'email.invalid': 'Correct it (like ada@example.com), or let the mapping leave such values out.',
  'phone.invalid': 'Write it with + and country code, or let the mapping leave such values out.',
  'phone.no_country': 'Say in the mapping which country such numbers belong to.',
  'country.unknown': 'Use its two letters (DE) or its name, or keep the column as text.',
  'integer.invalid':
    'Correct it; if the column holds fractions, make it a number with decimals; if , or . separates thousands, say so in the mapping.',
  'integer.too_large': 'If it is an id, keep the column as text.',
  'number.invalid': 'Correct it; if the comma is the decimal sign, say so in the mapping.',
  'date.invalid': 'Write dates as 2024-01-31, or say in the mapping in which order they are written.',
  'date.ambiguous': 'Say in the mapping in which order dates are written.',
  'timestamp.invalid':
    'Write it as 2024-01-31T15:30:00Z, or say in the mapping in which order dates are written.',
  'list.invalid': 'Separate the values, and name the sign between them in the mapping.',
  'list.objects': 'Send the values alone, or keep the column as JSON.',
  'json.invalid': 'Correct it, or keep the column as text.',
  'blueshift.limit':
    'Correct it, or import without the limits of Blueshift: Sluice itself has no such limit.',
  'identifier.conflict':
    'Check which of the two people it belongs to; a column that people share can be left out of the mapping.',
  'identifier.several':
    'Decide what should happen with such records: merge the people, reject the record, or go by the strongest identifier.',
  'attribute.type_differs': 'Map the column to another attribute, or keep the type it has.',
  'attribute.too_many': 'Leave out columns you do not need.',
  // Runs, and what holds them.
  'law.broken':
    'Nothing was hidden: the check on the page of the run names the first wrong record. Please report it.',
  'run.purged': 'Nothing is wrong. How long records are kept stands in the settings, under Retention.',
  'breaker.rejects':
    'The causes stand on the page of the run. Correct the file or the mapping, or release the run.',
  'breaker.deletes':
    'The page of the run says who. If the file is whole and they are to go, release the run. If not, drop it.',
  'breaker.rows': 'Check whether the export is whole. If it is, release the run; otherwise drop it.',
  'breaker.columns': 'Ask for a whole export, or change the mapping of the job; and drop this run.',
  'breaker.retyped':
    'Examples stand on the page of the run. Correct the export or the mapping, or release the run.',
  'breaker.moved': 'Look again at what it would do, and release it once more if it is right.',
  limit_reached:
    'Raise the quota in the settings or wait for the next month, then resume the run. What was imported stays.',
  'mirror.unreadable':
    'Correct those lines and import the file again; everything else of it went in. The page of the run shows them.',
  'run.no_download': 'The page of the run says what became of it.',
  'run.process_resume':
    'Nothing needs to be done for a job that is switched on: its next processing run takes them.',
  'import.unfinished': 'Resume the earlier run, or stop it and import the file anew.',
  // Looking for things.
  not_found: 'Check how it is written. It may have been archived or removed, or be in another namespace.',
  'profile.gone': 'Its history says what it was; or look for the person by an identifier.',
  'search.too_short': 'Type more of it, or look in one run only.',
  'filter.invalid':
    'Write it as attribute, operator, value, such as city=Wien. The page Attributes lists them.',
  // Jobs and schedules.
  'job.changed': 'Look at it as it is now, then repeat your change.',
  'job.no_mapping': 'Have its source read, so that a mapping is proposed.',
  'job.question_open': 'Answer it in the mapping of the job.',
  'job.no_file': 'Give it a file.',
  'job.file_not_taken': 'Import the file by itself.',
  'job.setup_invalid': 'Correct it and try again.',
  'jobfile.invalid': 'Correct the line that is named.',
  'jobfile.no_job': 'A job file begins with the line job: and its name.',
  'schedule.never':
    'A day that no month has, or an end before the first time, cannot be: change one of the two.',
  'schedule.cron': 'Write minute, hour, day of the month, month and weekday, such as "30 6 * * MON-FRI".',
  'schedule.none': 'Give the job a schedule.',
  'schedule.no_such_day':
    'To run on the last day of every month instead, choose the last day in the schedule of the job.',
  'schedule.missed':
    'Keep the server up. To have one run for all that were missed, choose that in the schedule of the job.',
  'schedule.missed_while_off':
    'To have one run for all of them when it is resumed, choose that in the schedule of the job.',
  'schedule.quiet':
    'Nothing needs to be done. To run it all the same, choose Retry now on the page of the run; the hours are set with the schedule of the job.',
  'schedule.overlap': 'Let the job run less often, or look at its runs: each says what took how long.',
  'threshold.outside':
    'Look at what the job did in that time, and at its runs. If the number is as it should be, set other limits with the rules of the job.',
  'after.unknown': 'Name a job that is there, or make that job first.',
  'source.given_by_hand': 'Give it a file, or give the job a folder to read from.',
  'source.no_root':
    'Ask who looks after the installation to name the folder below which jobs may read files.',
  'blob.unusable': 'Ask who looks after the installation to look at the folder.',
  // Records, retries and corrections.
  'record.refused_outside': 'Correct what it says and retry the record.',
  'record.processing_under_way': 'Wait until it is over, then try once more.',
  'record.job_off': 'Switch the job on first.',
  'retry.nothing': 'Choose the records first.',
  'corrections.none':
    'Take the error file of the run again and correct that one. If it is no error file, rename its columns _run and _record.',
  'corrections.undone':
    'Import the original file again, and correct the error file of that run; or undo the undo first.',
  'corrections.columns_missing': 'Put them back, or take the error file again.',
  // Undo.
  'undo.processed': 'Undo the runs that processed them. What still waits can be skipped on the page Records.',
  'undo.active': 'Wait until it is over, or stop it first.',
  'undo.done': 'Nothing to do. To have it back, undo the undo.',
  'undo.nothing': 'The page of the run says what it did.',
  'undo.under_way': 'Wait until it is over.',
  'undo.of_redo': 'Undo the import itself again.',
  'undo.delivered': 'Undo that run first if the profile is to go as well.',
  'undo.value_newer': 'Undo that run first if its values are to go as well.',
  'undo.value_unclear': 'Undo that run first if its values are to go as well.',
  'undo.merge_used': 'Undo that run first, then this one.',
  'undo.gone_later': 'Undo that run first, then this one.',
  'undo.identifier_used': 'Undo that run first, then this one.',
  'undo.identifier_taken': 'Look up who has it, and correct it with a new import.',
  // Settings and secrets.
  'settings.invalid': 'Correct it; nothing was changed.',
  'secret.name_invalid': 'Choose another, for example crm-password.',
  'secret.empty': 'Type its value.',
  'secret.missing': 'Store it in the settings, under Secrets.',
  'secret.damaged': 'Store it again in the settings, under Secrets.',
  'webhook.gone': 'Remove it, or add it again with another address.',
  'webhook.exists': 'Take another name, or remove that one first.',
  'namespace.permanent': 'To drop it for good its name is typed once more. Nothing brings it back.',
  'namespace.first': 'Make another one for what comes and goes.',
  'namespace.name_taken': 'Choose another name.',
  // People and rights.
  'access.denied': 'Open Sluice at the address that was given to you.',
  'access.sign_in': 'Sign in.',
  'access.refused': 'Check both, or ask for a link to choose another password.',
  'access.too_many_tries': 'Wait a while, or choose another password with a link.',
  'access.no_right': 'Ask an owner or admin of the namespace; the settings show them under Members.',
  'access.no_password':
    'Change name, address, password and second factor there; or ask for a link to choose a password here.',
  'two_factor.wrong':
    'Wait for the next code of the app, and check that the clock of the phone is right; or take a recovery code. Without either, ask who looks after the installation.',
  'link.invalid': 'Ask whoever sent it for a new one.',
  'link.no_address':
    'Ask who looks after the installation to set the address at which people reach Sluice (SLUICE_URL).',
  'user.not_first': 'Ask them to add you, or to make a link for a new password.',
  'user.email_taken': 'Take another address.',
  'user.email_by_admin': 'Ask who looks after the installation.',
  'user.last_admin': 'Make somebody else an admin first.',
  'sign_on.unknown': 'Ask an owner or admin to add you, then sign in again.',
  'sign_on.switched_off': 'Ask who looks after the installation.',
  'sign_on.other_account':
    'Sign in with that account. If it is gone, ask who looks after the installation to switch your user off and on again.',
  'member.last_owner': 'Make somebody else an owner first.',
  'member.above': 'Ask an owner of the namespace; the settings show them under Members.',
  'member.there': 'Give them another role in the settings, under Members.',
  'member.not_shown': 'Have it mailed to them, or ask who looks after the installation to invite them.',
  'token.name_taken': 'Choose another name, or revoke that one first.',
  'approval.every_run': 'Look at what it would do. Somebody else releases it, or drops it.',
  'approval.own_request':
    'Ask somebody else with the right to approve; the settings show owners, admins and approvers under Members.',
  'approval.open': 'Have it approved first, or take it back.',
  'approval.over': 'Ask for the change again if it is still wanted.',
  'approval.by_import':
    'Ask for the change of the job, and import when it is approved; or give the import another name.',
} as const satisfies Partial<Record<ProblemCode, string>>
