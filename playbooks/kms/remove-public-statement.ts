import { call } from '../../src/playbook/api.ts'
import {
  accessAnalyzer,
  cloudTrail,
  config,
  prowler,
  securityHub,
  wildcard,
} from '../../src/playbook/matchers.ts'
import { notApplicable, Unplannable } from '../../src/playbook/playbook.ts'
import { definePolicyEdit } from '../../src/playbook/policy-document/define-policy-edit.ts'
import { listed, type Statement } from '../../src/playbook/policy-document/policy-grammar.ts'
import { withoutPublic } from '../../src/playbook/policy-document/public-statements.ts'
import { allOf, read } from '../../src/playbook/setting/looks.ts'
import { kms } from '../services.ts'
import { describedKey, KEY, keyTags, notOwnKey } from './keys.ts'

/** The one policy that a key has. */
const PolicyName = 'default'

const policyOfKey = read(
  kms,
  'GetKeyPolicy',
  (KeyId) => ({ KeyId, PolicyName }),
  ({ Policy }) => {
    if (!Policy) throw new Unplannable('AWS does not say the policy of the key')
    return Policy
  },
)

/** Takes everybody out of a key's policy, as long as somebody is left who can manage the key. */
export const removePublicKeyStatement = definePolicyEdit({
  id: 'kms-remove-public-statement',
  title: 'Take everybody out of the policy of a key',
  about: {
    risk: 'Anybody with an account of AWS can use the key, as far as the statement goes: decrypt what was encrypted by it once he gets hold of the data, or have it deleted.',
    breaks:
      'Accounts that use the key by the star alone can no longer decrypt: shared snapshots, replicas and pipelines elsewhere stop. AWS does not say who used it by which statement: conditions on it, and denials that weigh against it, make a person look first. A key that nobody could manage afterwards is left as it is.',
  },
  implements: ['kms-public-policy'],
  ...KEY,
  property: 'KeyPolicy',
  answers: [
    config('KMS_KEY_POLICY_NO_PUBLIC_ACCESS'),
    securityHub('KMS.5'),
    prowler('kms_key_not_publicly_accessible'),
    accessAnalyzer('AWS::KMS::Key'),
    cloudTrail('kms:PutKeyPolicy'),
  ],
  suggestedMode: 'approve',
  look: allOf({ key: describedKey, policy: policyOfKey }),
  tags: keyTags,
  policyIn: ({ policy }) => policy,
  edit(document) {
    const edit = withoutPublic(document)
    if (edit.changes.length === 0 || edit.statements.some(letsManage)) return edit
    return notApplicable(
      'nobody who is named could manage the key without the public statements: name somebody first',
    )
  },
  // Without BypassPolicyLockoutSafetyCheck: KMS refuses a policy that would lock its writer out.
  put: (KeyId, Policy) => call('kms', 'PutKeyPolicy', { KeyId, PolicyName, Policy }),
  changes: [{ action: 'kms:PutKeyPolicy', resource: KEY.arn }],
  unless: ({ key }) => notOwnKey(key),
  effect: 'accounts that are not named can neither use the key nor decrypt what it has encrypted',
})

/** Whether a statement lets somebody write the policy again. */
function letsManage({ Effect, Principal, Action }: Statement): boolean {
  const isSomebody = typeof Principal === 'object' && Principal.AWS !== undefined
  const actions = listed(Action).map((each) => each.toLowerCase())
  return Effect === 'Allow' && isSomebody && actions.some((each) => wildcard(each, 'kms:putkeypolicy'))
}
