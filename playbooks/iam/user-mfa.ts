import { defineAdvice } from '../../src/playbook/advice/define-advice.ts'
import { isGone } from '../../src/playbook/aws-error.ts'
import { config, prowler, securityHub } from '../../src/playbook/matchers.ts'
import { type Reader, Unplannable } from '../../src/playbook/playbook.ts'
import { partsOf } from '../../src/playbook/resource/resource-form.ts'
import { allOf, listed, read } from '../../src/playbook/setting/looks.ts'
import { tagsIn } from '../../src/playbook/tags.ts'
import { iam } from '../services.ts'
import { idOfUser, USER, USER_READS, userName, usersNamed } from './users.ts'

const byName = (id: string) => ({ UserName: userName(id) })
const noPassword = { hasPassword: false }

/** Says what to do about a user who signs in by a password alone: the device is in a person's hand. */
export const userMfa = defineAdvice({
  id: 'iam-user-mfa',
  title: 'Give a console user a second factor',
  about: {
    risk: 'A password that is guessed, reused or phished opens the console with all the rights of the user: nothing else is asked for.',
    breaks:
      'Nothing is changed: only the person can set up the device. A policy that denies all without MFA is not attached, because it would stop programs that use keys of the same user.',
  },
  implements: ['iam-user-mfa'],
  ...USER,
  answers: [
    config('IAM_USER_MFA_ENABLED', 'MFA_ENABLED_FOR_IAM_CONSOLE_ACCESS'),
    securityHub('IAM.5', 'IAM.19'),
    prowler('iam_user_mfa_enabled_console_access'),
  ],
  targets: (finding, _, aws) => usersNamed(finding, aws, signsInByPasswordAlone),
  targetReads: USER_READS,
  look: allOf({
    user: read(iam, 'GetUser', byName, ({ User }) => {
      if (!User?.Arn) throw new Unplannable('AWS does not say the ARN of the user')
      return { arn: User.Arn, tags: tagsIn(User.Tags), lastSignIn: User.PasswordLastUsed }
    }),
    // IAM answers that there is no such entity where the user has no password.
    console: read(iam, 'GetLoginProfile', byName, () => ({ hasPassword: true }), {
      NoSuchEntity: noPassword,
      NoSuchEntityException: noPassword,
    }),
    devices: listed(iam, 'ListMFADevices', 'MFADevices', byName, (all) => all.length),
  }),
  readsOn: { 'iam:ListMFADevices': [USER.arn] },
  tags: ({ user }) => user.tags,
  unless: ({ user: { arn }, console: { hasPassword } }, { id }) => {
    if (idOfUser(arn) !== id) return `"${id}" is another id of ${idOfUser(arn)}: name it so`
    return hasPassword
      ? undefined
      : 'the user has no password for the console; MFA is asked for where one signs in'
  },
  wrong: ({ devices, user: { lastSignIn } }) => {
    if (devices > 0) return undefined
    const last = lastSignIn
      ? `last on ${new Date(lastSignIn).toISOString().slice(0, 10)}`
      : 'as far as IAM knows never'
    return `the user signs in by a password alone (${last})`
  },
  todo: (_, { id, resource }) => {
    const name = userName(id)
    const { partition, account } = partsOf(resource)
    const serial = `arn:${partition}:iam::${account}:mfa/${name}`
    return [
      `ask ${name} to add a device under "Security credentials" of the console: a passkey or security key if possible`,
      `or for an app: aws iam create-virtual-mfa-device --virtual-mfa-device-name ${name} --bootstrap-method QRCodePNG --outfile ${name}.png`,
      `and with two codes of it: aws iam enable-mfa-device --user-name ${name} --serial-number ${serial} --authentication-code1 CODE --authentication-code2 NEXT_CODE`,
      `where nobody needs the console: aws iam delete-login-profile --user-name ${name}`,
      'people are better off with IAM Identity Center, which asks all of them for MFA at one place',
    ]
  },
})

async function signsInByPasswordAlone(aws: Reader, UserName: string): Promise<boolean> {
  const devices = await aws.list('iam', 'ListMFADevices', { UserName }, 'MFADevices')
  if (devices.length > 0) return false
  try {
    await aws.read('iam', 'GetLoginProfile', { UserName })
    return true
  } catch (error) {
    if (isGone(error)) return false
    throw error
  }
}
