// Raised by a stage whose run was stopped, or settled by somebody else, while a worker was at it.

export class RunMoved extends Error {
  constructor() {
    super('the run has moved on')
    this.name = 'RunMoved'
  }
}
