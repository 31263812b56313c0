import type { AnyPlaybook } from './playbook.ts'

/** One IAM action on one resource: an ARN pattern with {partition} {region} {account} {id}, or `*`. */
export interface Permission {
  action: string
  resource: string
}

/** What the steps of a playbook need of IAM, and their undo. */
export function writePermissions({
  writes,
  writesAlsoNeed = [],
}: Pick<AnyPlaybook, 'writes' | 'writesAlsoNeed'>): Permission[] {
  return [...writes, ...writesAlsoNeed]
}

/** What the looks of a playbook need of IAM. */
export function readPermissions({
  reads,
  readsAlsoNeed = [],
  readsOn = {},
}: Pick<AnyPlaybook, 'reads' | 'readsAlsoNeed' | 'readsOn'>): Permission[] {
  return [...reads, ...readsAlsoNeed].flatMap((action) =>
    (readsOn[action] ?? ['*']).map((resource) => ({ action, resource })),
  )
}
