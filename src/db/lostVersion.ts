// Raised inside a transaction when a profile changed since it was planned from: roll back and plan again.

export class LostVersion extends Error {
  constructor(expected: number, found: number) {
    super(`planned from ${expected} profiles, ${found} still had the version`)
    this.name = 'LostVersion'
  }
}
