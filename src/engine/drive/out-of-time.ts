/** An effect has come to the end of its invocation and not to its own: it is carried out anew in another. */
export class EndOfInvocation extends Error {
  constructor() {
    super('the invocation ends before the effect')
    this.name = 'EndOfInvocation'
  }
}

/** There was not enough time left to do anything: nothing was done. */
export class OutOfTime extends Error {
  constructor() {
    super('not enough time was left in this invocation')
    this.name = 'OutOfTime'
  }
}

/** The lease on the resource is over, or nearly: no change starts under it. */
export class LeaseOver extends Error {
  constructor() {
    super('the lease on the resource ran out before the change')
    this.name = 'LeaseOver'
  }
}
