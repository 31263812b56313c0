/** Settings in the environment of a function; one that is missing or wrong is thrown by its name. */
type Environment = NodeJS.ProcessEnv

export function required(env: Environment, name: string): string {
  const value = env[name]
  if (!value) throw new Error(`${name} is not set: deploy this function with template.yaml`)
  return value
}

export function numberIn(env: Environment, name: string, otherwise: number): number {
  const value = Number(env[name] ?? otherwise)
  if (!(value >= 0)) throw new Error(`${name} is not a number: ${env[name]}`)
  return value
}

/** Days that a closed run is kept. */
export const retentionDays = (env: Environment): number => numberIn(env, 'RECTIFY_RUN_RETENTION_DAYS', 90)

/** Slack's Web API, with a slash at its end; undefined: Slack's own. */
export function slackApi({ RECTIFY_SLACK_API_URL: url }: Environment): string | undefined {
  if (!url) return undefined
  if (!URL.canParse(url)) throw new Error(`RECTIFY_SLACK_API_URL is no address: ${url}`)
  return url.endsWith('/') ? url : `${url}/`
}

/** Where the policy lies in S3. */
export interface PolicyPlace {
  bucket: string
  key: string
  /** Account whose bucket it has to be: that of the stack. */
  owner: string
}

/** Undefined: the policy lies beside the bundle. */
export function policyPlace(env: Environment): { policyPlace?: PolicyPlace } {
  const { RECTIFY_POLICY_BUCKET: bucket } = env
  if (!bucket) return {}
  const [, , , , owner] = required(env, 'RECTIFY_READ_ROLE_ARN').split(':')
  if (!owner) throw new Error('RECTIFY_READ_ROLE_ARN names no account')
  return { policyPlace: { bucket, key: required(env, 'RECTIFY_POLICY_KEY'), owner } }
}
