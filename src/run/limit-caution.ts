const LIMIT = 'and the limit affected is'

/** Why a person shall look before a run is carried out that affects more than `limits.affected` of the policy. */
export function limitCaution(count: number, affected: number): string {
  return `it affects ${count}, ${LIMIT} ${affected}`
}

/** Whether a caution of a plan is that one. */
export function isLimitCaution(caution: string): boolean {
  return caution.includes(`, ${LIMIT} `)
}
