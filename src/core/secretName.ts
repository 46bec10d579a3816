// How secrets are called: jobs, webhooks and job files name them, and only name them.

export const secretNameForm = /^[a-z0-9][a-z0-9._-]{0,59}$/

/** A private key fits; a file does not. */
export const secretBytesMax = 64 << 10
