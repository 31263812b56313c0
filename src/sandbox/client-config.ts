/** Where and as whom a sandbox is spoken to, in the words of the SDK's environment variables. */
export type SandboxEnvironment = {
  AWS_ENDPOINT_URL: string
  AWS_ACCESS_KEY_ID: string
  AWS_SECRET_ACCESS_KEY: string
  AWS_REGION: string
}

export interface ClientConfig {
  endpoint: string
  region: string
  credentials: { accessKeyId: string; secretAccessKey: string }
}

/** The same for a client of the SDK in this process. */
export function clientConfig(env: SandboxEnvironment): ClientConfig {
  return {
    endpoint: env.AWS_ENDPOINT_URL,
    region: env.AWS_REGION,
    credentials: { accessKeyId: env.AWS_ACCESS_KEY_ID, secretAccessKey: env.AWS_SECRET_ACCESS_KEY },
  }
}
