// Problems of signing in, and of what somebody may not do.
import { defineProblems } from '../problem.ts'

export const accessProblems = defineProblems({
  'access.denied': {
    class: 'halting',
    title: 'Not allowed',
    message: 'This address answers only to its own pages and programs: {detail}',
    advice: 'Open Sluice at the address that sluice up printed, or the one named in SLUICE_URL.',
    status: 403,
  },
  'access.sign_in': {
    class: 'halting',
    title: 'Sign in first',
    message: 'This needs somebody who is signed in: {detail}.',
    advice:
      'Sign in, or send a token in the header Authorization: Bearer TOKEN (sluice token create makes one). On this machine the command line needs neither.',
    status: 401,
  },
  'access.refused': {
    class: 'halting',
    title: 'Not signed in',
    message: 'The e-mail address and the password do not fit together.',
    advice: 'Check both, or ask for a link to choose another password: sluice user reset EMAIL makes one.',
    status: 401,
  },
  'access.too_many_tries': {
    class: 'transient',
    title: 'Too many tries',
    message: 'There were too many tries to sign in.',
    advice:
      'Wait {minutes} minutes, or choose another password with a link: sluice user reset EMAIL makes one.',
    status: 429,
  },
  'access.too_many': {
    class: 'transient',
    title: 'Too many requests',
    message: 'More than {limit} requests came within a minute.',
    advice:
      'Wait {seconds} seconds; the headers RateLimit-Remaining and RateLimit-Reset say how many are left.',
    status: 429,
  },
  'access.no_right': {
    class: 'halting',
    title: 'Not allowed',
    message: 'That needs the right to {right}, which {who} does not have here.',
    advice:
      'Ask an owner or admin of the namespace; sluice member list shows them, docs/reference/access.md who may do what.',
    status: 403,
  },
  'access.no_password': {
    class: 'halting',
    title: 'No password here',
    message: 'You sign in at the identity provider and have no password here.',
    advice:
      'Change name, address, password and second factor there; or ask for a link to choose a password here: sluice user reset EMAIL makes one.',
    status: 409,
  },
  'access.half_over': {
    class: 'halting',
    title: 'Begin again',
    message: 'The time for the code is over, or the code was given already.',
    advice: 'Sign in with e-mail and password again.',
    status: 401,
  },
  'two_factor.wrong': {
    class: 'halting',
    title: 'The code is not right',
    message: 'The code does not fit, or was used already.',
    advice:
      'Wait for the next code of the app, and check that the clock of the phone is right; or take a recovery code. Without either, ask who looks after the installation: sluice user two-factor-off EMAIL.',
    status: 401,
  },
  'two_factor.on': {
    class: 'record',
    title: 'There is a second factor already',
    message: 'You sign in with a second factor already.',
    advice: 'Switch it off first to set up another app.',
    status: 409,
  },
  'two_factor.off': {
    class: 'record',
    title: 'There is no second factor',
    message: 'You sign in with the password alone.',
    advice: 'Set up a second factor first.',
    status: 409,
  },
  'access.people_only': {
    class: 'halting',
    title: 'Only for people',
    message: 'This is for somebody who signed in, not for a token.',
    advice: 'Sign in with e-mail and password.',
    status: 403,
  },
  'link.invalid': {
    class: 'halting',
    title: 'The link is not valid',
    message: 'This link was used already, has expired, or was replaced by a newer one.',
    advice:
      'Ask for a new one: sluice user link for the first admin, sluice user reset EMAIL for a password, sluice member add EMAIL ROLE to join.',
    status: 410,
  },
  'link.no_address': {
    class: 'halting',
    title: 'Nobody could open the link',
    message: 'A link needs an address that a browser can open, and this Sluice listens on none.',
    advice:
      'Type sluice down, then sluice up --port 7777; set SLUICE_URL where people reach it under another address.',
    status: 409,
  },
  'password.unfit': {
    class: 'halting',
    title: 'The password does not fit',
    message: 'The password {detail}.',
    advice: 'Take 12 characters or more; a few words in a row are fine.',
    status: 422,
  },
  'user.not_first': {
    class: 'halting',
    title: 'There is an admin already',
    message: 'A link for the first admin is only made while there are no users, and there is {email}.',
    advice:
      'Ask them to add you (sluice member add EMAIL ROLE), or type sluice user reset {email} for a new password.',
    status: 409,
  },
  'sign_on.off': {
    class: 'halting',
    title: 'Not set up',
    message: 'No identity provider is set up here.',
    advice: 'Sign in with e-mail and password. docs/operating/security.md says how a provider is set up.',
    status: 404,
  },
  'sign_on.unreachable': {
    class: 'transient',
    title: 'The identity provider does not answer',
    message: 'The identity provider cannot be reached, or does not answer as one.',
    advice:
      'Try again in a moment. The log of the server says what happened; SLUICE_OIDC_ISSUER names the provider, SLUICE_OUTBOUND_ALLOW networks that are not public.',
    status: 502,
  },
  'sign_on.failed': {
    class: 'halting',
    title: 'Not signed in',
    message: 'Signing in at the identity provider did not come to its end.',
    advice: 'Begin again from the page to sign in, in the same browser and within ten minutes.',
    status: 401,
  },
  'sign_on.unverified': {
    class: 'halting',
    title: 'The address is not verified',
    message: 'The identity provider does not say that the e-mail address was verified as yours.',
    advice: 'Verify it there and sign in again, or ask whoever looks after the provider.',
    status: 403,
  },
  'sign_on.domain': {
    class: 'halting',
    title: 'Not an address of here',
    message: 'Only people with certain addresses sign in here, and yours is none of them.',
    advice: 'Sign in with another account, or ask who looks after the installation.',
    status: 403,
  },
  'sign_on.unknown': {
    class: 'halting',
    title: 'No user here yet',
    message: 'The identity provider knows you, but you have no user here.',
    advice: 'Ask an owner or admin to add you: sluice member add EMAIL ROLE. Then sign in again.',
    status: 403,
  },
  'sign_on.switched_off': {
    class: 'halting',
    title: 'Switched off',
    message: 'Your user here is switched off.',
    advice: 'Ask who looks after the installation: sluice user enable EMAIL.',
    status: 403,
  },
  'sign_on.other_account': {
    class: 'halting',
    title: 'Another account of this address',
    message: 'Another account at the identity provider signs in here with your address.',
    advice:
      'Sign in with that account. If it is gone, ask who looks after the installation to switch your user off and on again: sluice user disable EMAIL, then sluice user enable EMAIL.',
    status: 403,
  },
  'user.email_taken': {
    class: 'record',
    title: 'The address is taken',
    message: 'There is a user with the address {email} already.',
    advice: 'Take another address; sluice user list shows who there is.',
    status: 409,
  },
  'user.email_by_admin': {
    class: 'halting',
    title: 'Somebody else must change it',
    message: 'Without mail nothing can show that an address is yours, so you cannot change it yourself.',
    advice: 'Ask who looks after the installation: sluice user email {email} {to}.',
    status: 403,
  },
  'user.last_admin': {
    class: 'halting',
    title: 'Somebody must look after Sluice',
    message: '{email} is the only admin of this installation.',
    advice: 'Make somebody else an admin first: sluice user admin EMAIL.',
    status: 409,
  },
  'member.last_owner': {
    class: 'halting',
    title: 'A namespace needs an owner',
    message: '{email} is the only owner of {namespace}.',
    advice: 'Make somebody else an owner first: sluice member role EMAIL owner.',
    status: 409,
  },
  'member.above': {
    class: 'halting',
    title: 'Only an owner can do that',
    message: 'Only an owner gives or takes the role of an owner.',
    advice: 'Ask an owner of the namespace; sluice member list shows who is one.',
    status: 403,
  },
  'member.there': {
    class: 'record',
    title: 'A member already',
    message: '{email} is a member of {namespace} already, as {role}.',
    advice: 'Type sluice member role {email} ROLE to give another role.',
    status: 409,
  },
  'member.not_shown': {
    class: 'halting',
    title: 'They have no user yet',
    message:
      '{email} has no user yet, and the link of an invitation is only shown to who looks after the installation.',
    advice:
      'Have it mailed to them (sluice member add {email} ROLE --mail), or ask who looks after the installation to invite them.',
    status: 403,
  },
  'token.rights': {
    class: 'halting',
    title: 'A token cannot have that right',
    message: 'A token of yours cannot have the right {right}.',
    advice: 'What you can give: {grantable}. docs/reference/access.md lists every right.',
    status: 422,
  },
  'token.name_taken': {
    class: 'record',
    title: 'The name is taken',
    message: 'There is a token named {name} already.',
    advice: 'Choose another name, or revoke that one first: sluice token revoke {name}.',
    status: 409,
  },
})
