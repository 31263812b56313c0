import type { Finding } from '../../src/findings/finding.ts'
import { defineAdvice } from '../../src/playbook/advice/define-advice.ts'
import { config, guardDuty, prowler, securityHub, trustedAdvisor } from '../../src/playbook/matchers.ts'
import { onAll, read } from '../../src/playbook/setting/looks.ts'
import { ofTheAccount } from '../../src/playbook/setting/of-the-account.ts'
import { iam } from '../services.ts'

const summary = onAll(
  read(
    iam,
    'GetAccountSummary',
    () => ({}),
    ({ SummaryMap: { AccountMFAEnabled, AccountAccessKeysPresent } = {} }) => ({
      hasMfa: AccountMFAEnabled === 1,
      keys: AccountAccessKeysPresent ?? 0,
    }),
  ),
)

const SHORT_TERM = 'Policy:IAMUser/ShortTermRootCredentialUsage'

/**
 * Says what to do about a root user without MFA or with access keys: only it can change that. That it was used no look
 * shows: where GuardDuty says so, somebody has to find out who it was.
 */
export const rootAccount = defineAdvice({
  id: 'iam-root-account',
  title: 'Secure the root user',
  about: {
    risk: 'Whoever gets at the root user owns the account: no policy limits it, and it can close the account.',
    breaks:
      'Nothing is changed: programs that still use keys of the root user fail once a person deletes them.',
  },
  implements: ['root-account'],
  ...ofTheAccount('arn:{partition}:iam::{account}:root-user/{id}'),
  answers: [
    config('ROOT_ACCOUNT_MFA_ENABLED', 'ROOT_ACCOUNT_HARDWARE_MFA_ENABLED', 'IAM_ROOT_ACCESS_KEY_CHECK'),
    securityHub('IAM.4', 'IAM.6', 'IAM.9'),
    // MFA on root account.
    trustedAdvisor('7DAFEmoDos'),
    prowler('iam_root_mfa_enabled', 'iam_root_hardware_mfa_enabled', 'iam_no_root_access_key'),
    guardDuty('Policy:IAMUser/RootCredentialUsage', SHORT_TERM),
  ],
  look: summary,
  wrong: ({ hasMfa, keys }, _, { findings }) => {
    const faults = [
      ...(hasMfa ? [] : ['has no MFA']),
      ...(keys > 0 ? ['has access keys'] : []),
      ...usesIn(findings).map(({ type, observedAt }) =>
        type === SHORT_TERM
          ? `was used by a session that a central account had opened (${observedAt})`
          : `was used (${observedAt})`,
      ),
    ]
    return faults.length > 0 ? `the root user ${faults.join(' and ')}` : undefined
  },
  todo: ({ hasMfa, keys }, _, { findings }) => [
    ...usesIn(findings).flatMap(({ type, observedAt }) => whoWasIt(type === SHORT_TERM, observedAt)),
    ...(hasMfa ? [] : ['sign in as the root user and add an MFA device under "Security credentials"']),
    ...(keys > 0
      ? [
          'find what uses the keys: aws iam generate-credential-report, then aws iam get-credential-report, row <root_account>',
          'delete them under "Security credentials" of the root user',
        ]
      : []),
    'for a member account: aws iam enable-organizations-root-credentials-management in the management account takes its root credentials away for good',
  ],
})

/** The last of each kind. */
function usesIn(findings: readonly Finding[]): Finding[] {
  const uses = findings.filter(({ source }) => source === 'guardduty')
  return [...new Map(uses.map((each) => [each.type, each])).values()]
}

const lookedUp = (attribute: string, since: string) =>
  `aws cloudtrail lookup-events --region us-east-1 --lookup-attributes ${attribute} --start-time ${since.slice(0, 10)}`

function whoWasIt(isShortTerm: boolean, observedAt: string): string[] {
  if (isShortTerm) {
    return [
      `see who opened the session, in the management account or the one that root access is delegated to: ${lookedUp('AttributeKey=EventName,AttributeValue=AssumeRoot', observedAt)}`,
      'if none of you did: take the right to call sts:AssumeRoot from whoever it was, and look at what else that person changed',
    ]
  }
  return [
    `see what it did, and from where: ${lookedUp('AttributeKey=Username,AttributeValue=root', observedAt)}`,
    'if none of you did: change the password of the root user and its e-mail account, delete its keys, and open a case with AWS Support',
  ]
}
