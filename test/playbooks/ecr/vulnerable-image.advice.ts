import { vulnerableImage } from '../../../playbooks/ecr/vulnerable-image.ts'
import type { AdviceTable } from '../advice-table.ts'
import { absent } from '../setting-table.ts'

const DIGEST = `sha256:${'0a1b2c3d'.repeat(8)}`
const REPOSITORY = 'arn:aws:ecr:eu-west-1:123456789012:repository/shop/web'
const ARN = `${REPOSITORY}/${DIGEST}`
const BUILT = ['docker build --pull --no-cache', `wherever ${DIGEST.slice(0, 19)}… runs`]
const DELETED = `batch-delete-image --region eu-west-1 --repository-name shop/web --image-ids imageDigest=${DIGEST}`

const hole = (vulnerabilityId: string, severity: string, packages: object, more: object = {}) => ({
  severity,
  status: 'ACTIVE',
  packageVulnerabilityDetails: { vulnerabilityId, vulnerablePackages: [packages] },
  ...more,
})
const openssl = { name: 'openssl', version: '1.1.1k', release: '9.el8', packageManager: 'OS' }
const lodash = { name: 'lodash', version: '4.17.20', packageManager: 'NPM', fixedInVersion: '4.17.21' }
const zlib = { name: 'zlib', version: '1.2.11', packageManager: 'OS', fixedInVersion: 'NotAvailable' }
const image = { imageTags: ['latest', '1.4'], inUseCount: 3 }
const running = { resources: [{ details: { awsEcrContainerImage: image } }] }
const many = Array.from({ length: 12 }, (_, index) =>
  hole(`CVE-${index}`, 'LOW', { ...lodash, name: `package-${index}` }),
)

export const table: AdviceTable = {
  playbook: vulnerableImage,
  finding: {
    source: 'inspector',
    type: 'PACKAGE_VULNERABILITY',
    id: ARN,
    evidence: { packages: [{ name: 'openssl', manager: 'OS', fixAvailable: 'YES' }] },
  },
  id: `shop/web/${DIGEST}`,
  rows: [
    {
      // Two holes of one package are mended by the newer version; what is suppressed is nobody's work.
      live: {
        enhancedFindings: [
          hole('CVE-1', 'LOW', lodash, running),
          hole('CVE-2', 'HIGH', { ...openssl, fixedInVersion: '1.1.1k-12.el8' }),
          hole('CVE-3', 'CRITICAL', { ...openssl, fixedInVersion: '1.1.1k-9.el8_6' }),
          hole('CVE-4', 'HIGH', zlib),
          hole('CVE-5', 'CRITICAL', { ...openssl, name: 'glibc' }, { status: 'SUPPRESSED' }),
        ],
      },
      leads: {
        outcome: 'notified',
        reason:
          'the image (latest, 1.4), which 3 tasks or pods run has 3 vulnerable packages, openssl the worst (CRITICAL)',
        todo: [
          'update openssl 1.1.1k-9.el8 to 1.1.1k-12.el8, of the system (CVE-2 and 1 more, CRITICAL)',
          "update lodash 4.17.20 to 4.17.21, among the program's own dependencies (NPM) (CVE-1, LOW)",
          'update zlib 1.2.11 to a version without the hole, if there is one, of the system (CVE-4, HIGH)',
          'docker build --pull --no-cache',
          ...BUILT.slice(1),
          DELETED,
        ],
      },
    },
    {
      live: { enhancedFindings: many },
      leads: {
        outcome: 'notified',
        reason: 'the image has 12 vulnerable packages',
        todo: [...Array(10).fill('update package-'), 'and 2 more', ...BUILT, DELETED],
      },
    },
    {
      // The basic scan does not say in which version a hole is mended.
      live: {
        findings: [
          {
            name: 'CVE-6',
            severity: 'HIGH',
            attributes: [
              { key: 'package_name', value: 'curl' },
              { key: 'package_version', value: '7.61.1' },
            ],
          },
        ],
      },
      finding: { source: 'inspector', type: 'ECR Image Scan', id: ARN },
      leads: {
        outcome: 'notified',
        reason: 'has 1 vulnerable package, curl the worst (HIGH)',
        todo: ['update curl 7.61.1 to a version without the hole', ...BUILT, DELETED],
      },
    },
    {
      live: {
        enhancedFindings: [hole('CVE-7', 'HIGH', openssl, { fixAvailable: 'YES' })],
        nextToken: 'more',
      },
      leads: {
        outcome: 'notified',
        reason: 'has at least 1 vulnerable package',
        todo: ['update openssl 1.1.1k-9.el8 to the newest', ...BUILT, DELETED],
      },
    },
    {
      live: { enhancedFindings: [hole('CVE-4', 'HIGH', zlib), hole('CVE-4', 'HIGH', openssl)] },
      leads: { outcome: 'notApplicable', reason: 'there is no fix yet of zlib, openssl' },
    },
    {
      live: { enhancedFindings: [hole('CVE-5', 'HIGH', openssl, { status: 'CLOSED' })] },
      leads: { outcome: 'alreadyCompliant', reason: 'a person has put it right' },
    },
    { live: { findings: [] }, leads: { outcome: 'alreadyCompliant', reason: 'a person has put it right' } },
    {
      live: { status: 'SCAN_ELIGIBILITY_EXPIRED' },
      leads: {
        outcome: 'notApplicable',
        reason: 'nothing is known of the image: its scan is SCAN_ELIGIBILITY_EXPIRED',
      },
    },
    {
      live: { enhancedFindings: [], nextToken: 'more' },
      leads: { outcome: 'notApplicable', reason: 'nothing is known of the image' },
    },
    {
      live: { isScanned: false },
      leads: { outcome: 'notApplicable', reason: 'there is no scan of the image any more' },
    },
  ],
  aws: (image) => ({
    ecr: {
      DescribeImageScanFindings: ({ repositoryName, imageId }) => {
        const { status = 'ACTIVE', nextToken, isScanned, ...imageScanFindings } = image.more
        const asked = `${repositoryName}/${(imageId as { imageDigest: string }).imageDigest}`
        if (!image.isThere || asked !== `shop/web/${DIGEST}`)
          throw absent('ecr:DescribeImageScanFindings', 'ImageNotFoundException')
        if (isScanned === false) throw absent('ecr:DescribeImageScanFindings', 'ScanNotFoundException')
        return { imageScanStatus: { status }, imageScanFindings, nextToken }
      },
      ListTagsForResource: ({ resourceArn }) => {
        if (resourceArn !== REPOSITORY) throw absent('ecr:ListTagsForResource', 'InvalidParameterException')
        return { tags: image.tags }
      },
    },
  }),
}
