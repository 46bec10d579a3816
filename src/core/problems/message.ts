// Problems of telling people: mail, webhooks, addresses that may not be spoken to.
import { defineProblems } from '../problem.ts'

export const messageProblems = defineProblems({
  'mail.not_set_up': {
    class: 'halting',
    title: 'Mail is not set up',
    message: 'This Sluice has no mail server to send with.',
    advice:
      'Set SLUICE_SMTP_URL (smtp://user:password@host:587) and SLUICE_MAIL_FROM, and start the server again: what waits is sent then.',
  },
  'mail.refused': {
    class: 'transient',
    title: 'The mail server refused the message',
    message: 'The mail to {to} was not accepted: {detail}',
    advice: 'Check the address and SLUICE_SMTP_URL; it is tried again by itself, for more than a day.',
  },
  'webhook.refused': {
    class: 'transient',
    title: 'The webhook was not accepted',
    message: 'The webhook {name} was not accepted: {detail}',
    advice: 'Check that its address answers with 2xx; it is tried again by itself, for more than a day.',
  },
  'webhook.gone': {
    class: 'halting',
    title: 'The webhook is gone',
    message: 'The address of the webhook {name} answered that it is gone for good (410).',
    advice: 'Remove it with sluice webhook remove {name}, or add it again with another address.',
  },
  'webhook.exists': {
    class: 'halting',
    title: 'There is such a webhook already',
    message: 'There is a webhook {name} already.',
    advice: 'Take another name, or remove that one first: sluice webhook remove {name}.',
    status: 409,
  },
  'address.refused': {
    class: 'halting',
    title: 'This address may not be spoken to',
    message: 'Sluice does not connect to {host}: it is not a public address.',
    advice:
      'If it is yours and meant to be reached, name its network in SLUICE_OUTBOUND_ALLOW, for example 10.0.0.0/8, and start the server again.',
  },
})
