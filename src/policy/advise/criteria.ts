/** What a rule must have shown before more is let go, and what takes it back (`advise` of the policy file). */
export interface AdviseCriteria {
  /** From `rehearse` to `approve`. */
  approveAfter: { rehearsals: number; within: string }
  /** From `approve` to `auto`: at least so many rehearsals and approvals, at most so many undone and declined. */
  autoAfter: { rehearsals: number; approvals: number; undone: number; declined: number; within: string }
  /** At most so many in one mode: beyond any of them one mode back, and none forward. */
  backBeyond: {
    undone: number
    declined: number
    unverified: number
    rolledBack: number
    failed: number
    /** ISO 8601 duration, as of all. */
    within: string
  }
}

/** What holds where the policy says nothing. */
export const DEFAULT_CRITERIA: AdviseCriteria = {
  approveAfter: { rehearsals: 10, within: 'P30D' },
  autoAfter: { rehearsals: 20, approvals: 10, undone: 0, declined: 0, within: 'P30D' },
  backBeyond: { undone: 0, declined: 2, unverified: 2, rolledBack: 0, failed: 2, within: 'P30D' },
}

/** What a policy asks for. */
export const criteriaOf = ({ advise }: { advise?: AdviseCriteria }): AdviseCriteria =>
  advise ?? DEFAULT_CRITERIA
