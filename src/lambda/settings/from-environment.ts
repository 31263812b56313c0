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
