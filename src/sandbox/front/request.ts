import type { IncomingHttpHeaders } from 'node:http'

/** How a service speaks: EC2 and STS take query strings, SSM and WAFv2 JSON, S3 plain HTTP. */
export type Protocol = 'ec2Query' | 'awsQuery' | 'awsJson' | 'rest'

/** An HTTP request as it came in. */
export interface RawRequest {
  method: string
  /** Path with query string. */
  path: string
  headers: IncomingHttpHeaders
  body: Buffer
}

/** A signed request to AWS, understood as an API call. */
export interface AwsRequest extends RawRequest {
  /** The name that the request is signed for: 'ec2', 'ssm', 'wafv2', 'sts', 's3' ... */
  service: string
  /** 'RevokeSecurityGroupIngress'; the method and path where nothing names it. */
  operation: string
  protocol: Protocol
  /** JSON bodies as they are; query strings flat, as sent: `{ 'Filter.1.Name': 'group-id', ... }`. */
  input: Record<string, unknown>
  dryRun: boolean
  accessKey: string
  /** Whose key that is. */
  account: string
  region: string
}

/** Operations that are named by method and path only, of those that the overlay or a fault is about. */
const ROUTES: Record<string, Record<string, string> | undefined> = {
  'access-analyzer': {
    'POST /policy/validation': 'ValidatePolicy',
    'POST /policy/check-no-public-access': 'CheckNoPublicAccess',
  },
  securityhub: { 'POST /findings': 'GetFindings', 'PATCH /findings/batchupdate': 'BatchUpdateFindings' },
}

const CREDENTIAL = /Credential=([^/,\s]+)\/\d+\/([^/,\s]+)\/([^/,\s]+)\/aws4_request/

/** The API call that a request carries, by its Signature Version 4; undefined for one that is not signed. */
export function understand(
  raw: RawRequest,
  accountOf: (accessKey: string) => string,
): AwsRequest | undefined {
  const [, accessKey, region, service] = CREDENTIAL.exec(raw.headers.authorization ?? '') ?? []
  if (!accessKey || !region || !service) return undefined
  const known = { ...raw, accessKey, account: accountOf(accessKey), region, service }
  const target = raw.headers['x-amz-target']
  if (typeof target === 'string') {
    const input = jsonObject(raw.body)
    return {
      ...known,
      protocol: 'awsJson',
      operation: target.split('.').at(-1)!,
      input,
      dryRun: input.DryRun === true,
    }
  }
  if (raw.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    const {
      Action: operation = '',
      Version,
      ...input
    } = Object.fromEntries(new URLSearchParams(raw.body.toString()))
    const protocol = service === 'ec2' ? 'ec2Query' : 'awsQuery'
    return { ...known, protocol, operation, input, dryRun: input.DryRun === 'true' }
  }
  const url = new URL(raw.path, 'http://sandbox')
  const route = `${raw.method} ${url.pathname}`
  const operation = url.searchParams.get('x-id') ?? ROUTES[service]?.[route] ?? route
  return { ...known, protocol: 'rest', operation, input: Object.fromEntries(url.searchParams), dryRun: false }
}

/** The values of a list in a flat query: `InstanceId.1`, `InstanceId.2` ... in their order. */
export function listOf(input: Record<string, unknown>, prefix: string): string[] {
  const values: string[] = []
  for (let n = 1; input[`${prefix}.${n}`] !== undefined; n++) values.push(String(input[`${prefix}.${n}`]))
  return values
}

/** The same request with another query. */
export function withQuery(request: AwsRequest, input: Record<string, string>): RawRequest {
  const version = new URLSearchParams(request.body.toString()).get('Version') ?? ''
  const body = Buffer.from(
    new URLSearchParams({ Action: request.operation, Version: version, ...input }).toString(),
  )
  return { ...request, body }
}

/** The same request with another JSON body. */
export function withJson(request: AwsRequest, input: unknown): RawRequest {
  return { ...request, body: Buffer.from(JSON.stringify(input)) }
}

function jsonObject(body: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body.toString() || '{}')
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {} // The emulator will refuse it in its own words.
  }
}
