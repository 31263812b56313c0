import { defineAdvice } from '../../src/playbook/advice/define-advice.ts'
import { trustedAdvisor } from '../../src/playbook/matchers.ts'
import { Unplannable } from '../../src/playbook/playbook.ts'
import { onAll, read } from '../../src/playbook/setting/looks.ts'
import { ofTheAccount } from '../../src/playbook/setting/of-the-account.ts'
import { iam } from '../services.ts'

/** Says what an account without IAM users needs today: no users, as the check has it, but roles for people. */
export const iamUse = defineAdvice({
  id: 'iam-use',
  title: 'Let people in by roles',
  about: {
    risk: 'An account without any user may be one in which everybody works as the root user. It may as well be one in which people come by roles, as they should: the check is older than IAM Identity Center and cannot tell.',
    breaks: 'Nothing is changed.',
  },
  implements: ['iam-use'],
  ...ofTheAccount('arn:{partition}:iam::{account}:people/{id}'),
  // IAM use.
  answers: [trustedAdvisor('zXCkfM1nI3')],
  look: onAll(
    read(
      iam,
      'GetAccountSummary',
      () => ({}),
      ({ SummaryMap: { Users } = {} }) => {
        if (Users === undefined) throw new Unplannable('AWS does not say how many users the account has')
        return { users: Users }
      },
    ),
  ),
  wrong: ({ users }) =>
    users > 0 ? undefined : 'the account has no IAM users: nobody can tell from that how people come in',
  todo: () => [
    'make no user for the sake of the check: let people in by IAM Identity Center, with roles that end by themselves',
    'see whether it is set up: aws sso-admin list-instances, in the region and account of the organisation where it is',
    'see who works here: aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=ConsoleLogin --region us-east-1; sign-ins as "Root" are what the check is about',
    'where people come by roles: exclude the item in Trusted Advisor, which does not know of them',
  ],
})
