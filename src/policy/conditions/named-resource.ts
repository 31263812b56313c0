import { wildcardTest } from '../../playbook/matchers.ts'
import { spellingsOf } from '../../playbook/resource/resource-form.ts'
import { namePattern } from '../resource-patterns.ts'
import type { Subject } from '../rules.ts'

/** Whether something holds; 'unread': that takes what was not read. */
export type Verdict = boolean | 'unread'

/** A resource under all names by which a pattern may mean it. */
export interface NamedResource {
  arn: string
  account: string
  spellings: readonly string[]
  name?: string | null
}

export function named({ resource, account }: Pick<Subject, 'resource' | 'account'>): NamedResource {
  const { arn, name } = resource
  return { arn, account, spellings: spellingsOf(resource, account), ...(name !== undefined && { name }) }
}

/** Tells whether a pattern means a resource: by id or ARN, with the account or without; `name:` by its own name. */
export function resourceTest(pattern: string): (about: NamedResource) => Verdict {
  const wanted = namePattern(pattern)
  if (wanted === undefined) {
    const isMeant = wildcardTest(pattern)
    return ({ spellings }) => spellings.some(isMeant)
  }
  const isCalled = wildcardTest(wanted)
  return ({ name }) => {
    if (name === undefined) return 'unread'
    return name !== null && isCalled(name)
  }
}
