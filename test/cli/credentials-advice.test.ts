import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { CredentialsProblem } from '../../src/aws/errors.ts'
import { failureOf } from '../../src/cli/program/failure.ts'
import { StoreError } from '../../src/store/store-error.ts'
import { rectify } from '../support/program-without-aws.ts'

const folder = mkdtempSync(join(tmpdir(), 'rectify-credentials-'))
afterAll(() => rmSync(folder, { recursive: true }))

const SSO = 'sso_account_id = 123456789012\nsso_role_name = Ops'
writeFileSync(
  join(folder, 'config'),
  `[profile sso]
sso_session = corp
${SSO}
[sso-session corp]
sso_region = eu-west-1
sso_start_url = https://corp.awsapps.com/start
[profile old-sso]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-west-1
${SSO}
[profile login]
login_session = arn:aws:iam::123456789012:user/me
[profile code]
role_arn = arn:aws:iam::123456789012:role/Ops
source_profile = keys
mfa_serial = arn:aws:iam::123456789012:mfa/me
[profile keys]
aws_access_key_id = AKIA
aws_secret_access_key = s
`,
)

/** What the program says without usable credentials, about a resource and about a deployment. */
async function said(profile?: string): Promise<string[]> {
  const env = { AWS_CONFIG_FILE: join(folder, 'config'), AWS_REGION: 'eu-west-1' }
  const of = profile === undefined ? [] : ['--profile', profile]
  const plan = ['plan', '--playbook', 'ec2-close-open-ingress', '--resource', 'sg-0123456789abcdef0']
  const ran = await Promise.all(
    [plan, ['runs', '--stack', 'prod']].map((command) =>
      rectify([...command, ...of, '--json'], { cwd: folder, env }),
    ),
  )
  return ran.map(({ status, document }) => {
    const { error } = document() as { error: { kind: string; message: string } }
    expect([status, error.kind]).toEqual([2, 'credentials'])
    return error.message
  })
}

describe('without usable credentials every command says what to do', () => {
  test.each<[string, string | undefined, RegExp[]]>([
    ['no credentials', undefined, [/AWS_PROFILE/, /aws sso login/, /AWS_ACCESS_KEY_ID/, /npm start/]],
    ['a profile that is not there', 'nope', [/profile "nope"/, /aws configure list-profiles/, /npm start/]],
    ['an SSO session that is over', 'sso', [/; run aws sso login --profile sso$/]],
    ['one of the older kind', 'old-sso', [/; run aws sso login --profile old-sso$/]],
    ['a login that is over', 'login', [/; run aws login --profile login$/]],
    ['a role that wants a code', 'code', [/aws configure export-credentials --profile code --format env/]],
  ])('%s', async (_what, profile, wanted) => {
    for (const message of await said(profile)) for (const pattern of wanted) expect(message).toMatch(pattern)
  })
})

describe('what AWS says to the credentials', () => {
  const told = (code: string, profile?: string) => {
    const facts = { kind: 'final', code, action: 'ec2:DescribeSecurityGroups' } as const
    return failureOf(new CredentialsProblem(facts, 'no.'), profile).message
  }

  test.each([
    ['ExpiredToken', /session of these credentials is over: sign in again \(aws sso login --profile ops\)/],
    ['InvalidClientTokenId', /AWS does not know this key.*another partition.*--region/],
    ['AuthFailure', /AWS does not know this key/],
    ['SignatureDoesNotMatch', /secret key is not that of the access key/],
    ['RequestTimeTooSkewed', /clock of this machine is wrong/],
  ])('%s comes with what to do', (code, wanted) => {
    expect(told(code, 'ops')).toMatch(wanted)
    expect(told(code, 'ops')).toMatch(/^ec2:DescribeSecurityGroups: no \(profile "ops"\); /)
  })

  test('is advice that can be copied, whatever the profile is called', () => {
    expect(told('ExpiredToken', "my 'ops'")).toContain(`--profile 'my '\\''ops'\\'''`)
  })

  test('is told as such also where the run table said it', () => {
    const cause = Object.assign(new Error('over'), { name: 'ExpiredTokenException' })
    const failure = failureOf(new StoreError('unusable', 'cannot use table runs', { cause }))
    expect(failure).toMatchObject({ kind: 'credentials', message: expect.stringContaining('sign in again') })
  })
})
