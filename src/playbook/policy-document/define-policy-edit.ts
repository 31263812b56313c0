import type { Finding } from '../../findings/finding.ts'
import type { ApiCall } from '../api.ts'
import type { Json } from '../json.ts'
import { isNotApplicable, type NotApplicable, type Playbook, type Target } from '../playbook.ts'
import { defineSetting } from '../setting/define-setting.ts'
import type { Asked } from '../setting/looks.ts'
import type { SettingDefinition, SettingState } from '../setting/setting.ts'
import type { Edit } from './edit.ts'
import { EMPTY_POLICY, type PolicyDocument, readPolicy, withStatements } from './policy-grammar.ts'
import { withoutPublic } from './public-statements.ts'
import { samePolicyOrNone } from './same-policy.ts'

/** A document as a person reads it; the text as AWS gave it, so that an undo brings back just that. */
export type PolicyValues = { policy: Json; text?: string }

type OfSetting = 'values' | 'should' | 'same' | 'told' | 'set' | 'unset' | 'changes'

/** A policy document of a resource that should say something else. `S` what a look gives. */
export interface PolicyEditDefinition<S, P> extends Omit<SettingDefinition<S, PolicyValues, P>, OfSetting> {
  /** Its text; null: there is none. */
  policyIn: (seen: S) => string | null
  /** What becomes of it. Default: everybody is taken out. Where there is none, it is asked of an empty one. */
  edit?: (document: PolicyDocument, seen: S, asked: WhatIsAsked<P>) => Edit | NotApplicable
  /** What is said where the edit changes nothing. Default: that nobody is let in without being named. */
  already?: string
  put: (id: string, text: string, target: Target) => ApiCall
  /** Where a document without statements cannot be: takes it away, which an undo of the first one needs as well. */
  drop?: (id: string, target: Target) => ApiCall
  changes: NonNullable<SettingDefinition<S, PolicyValues, P>['changes']>
}

/** What a policy is edited by beside what it is. */
export type WhatIsAsked<P> = Pick<Asked<P>, 'parameters'> & { findings: readonly Finding[] }

/** No statement is public, as AWS means it. */
const NOBODY = 'no statement of the policy lets everybody in'

/** A setting whose value is a policy document: what offends is taken out or added, and all else stays as it is. */
export function definePolicyEdit<S, P = Record<string, never>>(
  definition: PolicyEditDefinition<S, P>,
): Playbook<P, SettingState<PolicyValues>> {
  const { policyIn, edit = withoutPublic, already = NOBODY, put, drop, cautions, ...common } = definition
  const documentIn = (seen: S): PolicyDocument => {
    const text = policyIn(seen)
    return text === null ? EMPTY_POLICY : readPolicy(text)
  }
  const edited = (seen: S, asked: WhatIsAsked<P>): Edit | NotApplicable => edit(documentIn(seen), seen, asked)
  const values = (seen: S): PolicyValues | null => {
    const text = policyIn(seen)
    return text === null ? null : { policy: asJson(readPolicy(text)), text }
  }
  return defineSetting<S, PolicyValues, P>({
    ...common,
    values,
    should(parameters, seen, findings) {
      const made = edited(seen, { parameters, findings })
      if (isNotApplicable(made)) return made
      if (made.changes.length === 0) return values(seen)
      if (made.statements.length === 0) return null
      return { policy: asJson(withStatements(documentIn(seen), made.statements)) }
    },
    same: (a, b) => samePolicyOrNone(documentOf(a), documentOf(b)),
    told: { change: (seen, asked) => wordsOf(edited(seen, asked)), already },
    set: (id, { policy, text }, target) => put(id, text ?? JSON.stringify(policy), target),
    ...(drop && { unset: drop }),
    cautions: (seen, asked, wanted) => {
      const made = edited(seen, asked)
      if (isNotApplicable(made) || made.changes.length === 0) return []
      return [...made.cautions, ...(cautions?.(seen, asked, wanted) ?? [])]
    },
  })
}

const wordsOf = (made: Edit | NotApplicable): string =>
  isNotApplicable(made) ? '' : `${made.changes.join(', ')} in the policy`

/** What was read from JSON and written to it again. */
const asJson = (document: PolicyDocument) => document as unknown as Json

const documentOf = (values: Json): Json => (values as PolicyValues | null)?.policy ?? null
