import { gunzipSync } from 'node:zlib'

/** The runs that are packed in the page of a report, as its script finds them. */
export function unpacked(page: string): string {
  const [, packed = ''] = /id="packed">([^<]*)</.exec(page) ?? []
  return gunzipSync(Buffer.from(packed, 'base64')).toString()
}
