import type { CredentialsProblem } from '../../aws/errors.ts'

/** For whoever only wants to see it work. */
const WITHOUT_ACCOUNT = 'Without an account: rectify demo (npm start in a checkout) or rectify sandbox'

/** Codes that AWS answers with, and what is then to be done. */
const BY_CODE: readonly [codes: readonly string[], advice: string][] = [
  [
    ['ExpiredToken', 'ExpiredTokenException', 'TokenRefreshRequired'],
    'the session of these credentials is over: SIGN_IN; AWS_SESSION_TOKEN in the environment goes before a profile',
  ],
  [
    ['RequestExpired', 'RequestInTheFuture', 'RequestTimeTooSkewed'],
    'the clock of this machine is wrong: set it (timedatectl set-ntp true)',
  ],
  [
    ['IncompleteSignature', 'InvalidSignatureException', 'SignatureDoesNotMatch'],
    'the secret key is not that of the access key, or the clock of this machine is wrong',
  ],
  [
    [
      'AuthFailure',
      'InvalidAccessKeyId',
      'InvalidClientTokenId',
      'InvalidToken',
      'UnrecognizedClientException',
    ],
    'AWS does not know this key: it was deleted or switched off, its session token is missing, or it is of another ' +
      'partition (China, GovCloud, European Sovereign Cloud: name one of its regions with --region)',
  ],
]

/**
 * What to do about credentials that are missing, wrong or expired, in one sentence or two.
 * @param profile whose credentials were asked for, where one is named
 */
export function credentialsAdvice(
  { code, message }: CredentialsProblem,
  profile: string | undefined,
): string {
  const ofProfile = ` --profile ${profile === undefined ? 'NAME' : quoted(profile)}`
  const signIn = `sign in again (aws sso login${profile ? ofProfile : ''}) or take new ones from where they came`
  const answered = BY_CODE.find(([codes]) => codes.includes(code))
  if (answered) return answered[1].replace('SIGN_IN', signIn)
  if (/\bSSO\b/.test(message)) return `run aws sso login${ofProfile}`
  if (/login\/cache|aws login/.test(message)) return `run aws login${ofProfile}`
  if (/multi-factor|MFA/.test(message))
    return `nobody can be asked for the code here: eval "$(aws configure export-credentials${ofProfile} --format env)"`
  if (profile === undefined)
    return (
      'name a profile with --profile or AWS_PROFILE (aws configure list-profiles lists them; aws sso login signs in), ' +
      `or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. ${WITHOUT_ACCOUNT}`
    )
  return (
    `there is no such profile, or what it refers to gives none: aws configure list-profiles lists them, ` +
    `aws sts get-caller-identity${ofProfile} tries it, aws sso login${ofProfile} signs in. ${WITHOUT_ACCOUNT}`
  )
}

function quoted(name: string): string {
  return /^[\w.@-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`
}
