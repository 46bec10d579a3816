// How many streams may be open at once, and how they are looked after.

/** How many streams there may be, and how they are looked after. */
export interface StreamLimits {
  /** Streams of one caller. */
  readonly perCaller: number
  /** Streams of this server process. */
  readonly all: number
  /** Seconds between two comments that keep a connection alive. */
  readonly beatSeconds: number
  /** Seconds after which it is looked anew whether a caller still may. */
  readonly checkSeconds: number
  /** Seconds after which a reader that takes nothing is given up. */
  readonly stuckSeconds: number
}

export const streamLimits: StreamLimits = {
  perCaller: 20,
  all: 2_000,
  beatSeconds: 15,
  checkSeconds: 60,
  stuckSeconds: 60,
}
