/** A request as it came over HTTP, before anything of it is believed. */
export interface SlackRequest {
  method: string
  path: string
  /** By name, in whatever case. */
  headers: Record<string, string | undefined>
  body?: string | undefined
  isBase64Encoded?: boolean | undefined
}

/** What is answered. Without a body: an empty one. */
export interface SlackResponse {
  status: number
  /** Goes out as JSON. */
  body?: object
}

/** Larger than anything that Slack sends (bytes): its own limits add up to a quarter of this. */
export const MOST_BYTES = 256 * 1024

/**
 * The one value of a header. Undefined where it is missing, and where names that differ only in case say different
 * things: nobody could tell which of them the sender meant.
 */
export function headerOf({ headers }: SlackRequest, name: string): string | undefined {
  const values = Object.entries(headers)
    .filter(([key, value]) => value !== undefined && key.toLowerCase() === name)
    .map(([, value]) => value)
  return new Set(values).size === 1 ? values[0] : undefined
}

/** The bytes that were sent; undefined for more than are looked at. */
export function rawBody({ body = '', isBase64Encoded }: SlackRequest): Buffer | undefined {
  // Before it is copied: base64 is a third longer than what it says, and no text has fewer bytes than characters.
  if (body.length > MOST_BYTES * 2) return undefined
  const raw = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8')
  return raw.length > MOST_BYTES ? undefined : raw
}
