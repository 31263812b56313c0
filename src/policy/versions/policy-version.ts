import type { PolicyVersion } from '../../run/run.ts'

/** 'sha256:' + hex of a file. */
export function contentHash(bytes: Uint8Array | string): string {
  const { createHash } = process.getBuiltinModule('node:crypto')
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

/** For a person: `sha256:0a1b… (version 3sL4k of S3)`. */
export function versionText({ sha256, s3Version }: PolicyVersion): string {
  return s3Version === undefined ? sha256 : `${sha256} (version ${s3Version} of S3)`
}

const COMMENT = /^#/
/** What tells editors of the schema, and has to stand first for some. */
const MODELINE = /^#\s*yaml-language-server:/
const FOLLOWS = /^#\s*follows:\s*(sha256:[0-9a-f]{64})\s*$/

/** The hash of the version that a text says it follows: in its first line of comment, but for that of editors. */
export function followedBy(text: string): string | undefined {
  const first = text.split(/\r\n|\r|\n/).find((line) => COMMENT.test(line) && !MODELINE.test(line))
  return FOLLOWS.exec(first ?? '')?.[1]
}
