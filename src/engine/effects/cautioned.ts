import type { Run } from '../../run/run.ts'

/** Stands in the reason of a ruling that a plan's cautions alone have made stricter. */
export const ALL_THE_SAME = 'a person is asked all the same'

/** Whether a person is asked about a run only because of its plan's cautions. */
export function isCautioned({ ruling, reason }: Pick<Run, 'ruling' | 'reason'>): boolean {
  return (ruling?.reason ?? reason).includes(`; ${ALL_THE_SAME}: `)
}
