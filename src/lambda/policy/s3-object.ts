import {
  GetBucketVersioningCommand,
  GetObjectCommand,
  type GetObjectCommandOutput,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3'
import { contentHash } from '../../policy/versions/policy-version.ts'
import { prompt } from '../../queue/prompt.ts'
import { endingWithInvocation } from '../invoked.ts'
import type { PolicyPlace } from '../settings/from-environment.ts'

/** A version of the object as it was read. */
export interface ReadVersion {
  /** `null` where the bucket keeps no versions. */
  s3Version: string
  etag: string
  /** Absent: it has more bytes than a policy may have. */
  bytes?: Uint8Array
  /** Of its bytes; of its ETag where they were not read. */
  sha256: string
}

/** The object in S3 that holds the policy. */
export interface PolicyObject {
  /** Whether the newest version is that of the ETag. */
  isUnchanged(etag: string): Promise<boolean>
  newest(): Promise<ReadVersion>
  /** @returns undefined where there is no such version any more */
  version(s3Version: string): Promise<ReadVersion | undefined>
  isVersioned(): Promise<boolean>
}

/** No policy has as many bytes: what has is not read. */
export const MOST_POLICY_BYTES = 2_000_000

export function policyObject({ bucket, key, owner }: PolicyPlace, client = policyClient()): PolicyObject {
  const where = { Bucket: bucket, Key: key, ExpectedBucketOwner: owner }
  return {
    async isUnchanged(etag) {
      try {
        const { Body } = await client.send(new GetObjectCommand({ ...where, IfNoneMatch: etag }))
        // Asked for in time: it is read again, once it is known what is in force.
        leave(Body)
        return false
      } catch (error) {
        if (statusOf(error) === 304) return true
        throw error
      }
    },
    newest: async () => readVersion(await client.send(new GetObjectCommand(where))),
    async version(VersionId) {
      try {
        return await readVersion(await client.send(new GetObjectCommand({ ...where, VersionId })))
      } catch (error) {
        if (error instanceof S3ServiceException && GONE.includes(error.name)) return undefined
        throw error
      }
    },
    async isVersioned() {
      const { Bucket, ExpectedBucketOwner } = where
      const asked = new GetBucketVersioningCommand({
        Bucket,
        ...(ExpectedBucketOwner && { ExpectedBucketOwner }),
      })
      return (await client.send(asked)).Status === 'Enabled'
    },
  }
}

const GONE = ['NoSuchVersion', 'NoSuchKey']

function policyClient(): S3Client {
  // Emulators have no host name per bucket.
  const options = { ...prompt(), ...(process.env.AWS_ENDPOINT_URL && { forcePathStyle: true }) }
  return endingWithInvocation(new S3Client(options))
}

const statusOf = (error: unknown) =>
  error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined

async function readVersion({
  VersionId = 'null',
  ETag = '',
  ContentLength = 0,
  Body,
}: GetObjectCommandOutput): Promise<ReadVersion> {
  const read = { s3Version: VersionId, etag: ETag }
  if (ContentLength > MOST_POLICY_BYTES) {
    leave(Body)
    return { ...read, sha256: contentHash(ETag) }
  }
  const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array()
  return { ...read, bytes, sha256: contentHash(bytes) }
}

/** Ends an answer that is not read. */
function leave(body: GetObjectCommandOutput['Body']): void {
  ;(body as { destroy?: () => void } | undefined)?.destroy?.()
}
