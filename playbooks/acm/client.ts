/** What the playbooks use of the client. Written by `npm run generate`: a bundle carries nothing else of it. */
export {
  ACMClient as Client,
  DescribeCertificateCommand,
  ListTagsForCertificateCommand,
} from '@aws-sdk/client-acm'
