/** S3 as far as playbooks use it: none does yet. */
export { S3Client as Client } from '@aws-sdk/client-s3'
