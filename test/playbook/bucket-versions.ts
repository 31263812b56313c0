import { s3 } from '../../playbooks/s3/service.ts'
import { config } from '../../src/playbook/matchers.ts'
import { nameIds } from '../../src/playbook/resource/resource-form.ts'
import { read } from '../../src/playbook/setting/looks.ts'
import { tagsIn } from '../../src/playbook/tags.ts'
import { fakeReader } from '../support/reader.ts'

export const of = (Bucket: string) => ({ Bucket })
const versioning = read(s3, 'GetBucketVersioning', of, ({ Status }) => ({ Status: Status ?? 'none' }))
/** The parts of a setting about the versions of a bucket. */
export const common = {
  id: 's3-keep-versions',
  title: 'Keep versions',
  implements: ['s3-versioning'],
  resource: 'AWS::S3::Bucket',
  ids: nameIds(/[a-z0-9.-]/, 63, ['my-bucket']),
  arn: 'arn:{partition}:s3:::{id}',
  tagsOf: 'the bucket',
  answers: [config('S3_BUCKET_VERSIONING_ENABLED')],
  suggestedMode: 'approve' as const,
  look: versioning,
  tags: read(s3, 'GetBucketTagging', of, ({ TagSet }) => tagsIn(TagSet), { NoSuchTagSet: {} }),
  values: (seen: { Status: string }) => seen,
  effect: 'old versions cost money',
}

/** Whose bucket it is. */
export const PLACE = {
  partition: 'aws',
  region: 'eu-central-1',
  account: '111122223333',
}

/** A bucket whose versions are suspended. */
export function bucket(tagging: () => unknown) {
  return fakeReader({
    's3:GetBucketVersioning': () => ({ Status: 'Suspended' }),
    's3:GetBucketTagging': tagging,
  })
}
