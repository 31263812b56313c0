import { CreateBucketCommand, type S3Client } from '@aws-sdk/client-s3'
import { SANDBOX_ACCOUNT } from '../place.ts'

/** Two buckets of which nothing blocks public access. */
export async function plantBuckets(s3: S3Client) {
  const bucket = async (name: string) => {
    const Bucket = `shop-${name}-${SANDBOX_ACCOUNT}`
    await s3.send(new CreateBucketCommand({ Bucket }))
    return Bucket
  }
  return { 'exports-bucket': await bucket('exports'), 'reports-bucket': await bucket('reports') }
}
