import { defineAdvice } from '../../src/playbook/advice/define-advice.ts'
import { inspector } from '../../src/playbook/matchers.ts'
import type { Target } from '../../src/playbook/playbook.ts'
import { partsOf } from '../../src/playbook/resource/resource-form.ts'
import { allOf, read } from '../../src/playbook/setting/looks.ts'
import { tagsIn } from '../../src/playbook/tags.ts'
import { ecr } from '../services.ts'
import { type ImageScan, scanIn, type VulnerablePackage } from './image-findings.ts'

const ARN = 'arn:{partition}:ecr:{region}:{account}:repository/{id}'
/** Packages that are told one by one. */
const MOST_TOLD = 10

/** `shop/web/sha256:…`: the repository, and the digest by which the image is the same for ever. */
const partsOfImage = (id: string) => {
  const at = id.lastIndexOf('/')
  return { repositoryName: id.slice(0, at), imageDigest: id.slice(at + 1) }
}

const repositoryOf = ({ resource }: Target) => resource.slice(0, resource.lastIndexOf('/'))

/** Says which packages of an image have a hole, and in which version it is mended. An image is never changed, only replaced. */
export const vulnerableImage = defineAdvice({
  id: 'ecr-vulnerable-image',
  title: 'Build an image anew without vulnerable packages',
  about: {
    risk: 'Each task and pod of the image runs packages whose holes are known and described: attackers look for them by their version.',
    breaks:
      'Nothing is changed: what is in an image never changes. Another one is built, tested and deployed by those whose program it is.',
  },
  implements: ['ecr-repository'],
  resource: 'AWS::ECR::ContainerImage',
  ids: {
    understood: /^[a-z0-9._/-]{2,256}\/sha256:[0-9a-f]{1,64}$/,
    forms: [
      [
        { letters: /[a-z0-9._/-]/, least: 2, most: 256 },
        '/sha256:',
        { letters: /[0-9a-f]/, least: 64, most: 64 },
      ],
    ],
    examples: [`shop/web/sha256:${'0a1b2c3d'.repeat(8)}`],
  },
  arn: ARN,
  tagsOf: 'the repository',
  answers: [inspector('PACKAGE_VULNERABILITY', 'inImage'), inspector('ECR Image Scan', 'inImage')],
  look: allOf({
    scan: read(
      ecr,
      'DescribeImageScanFindings',
      (id) => {
        const { repositoryName, imageDigest } = partsOfImage(id)
        return { repositoryName, imageId: { imageDigest }, maxResults: 1000 }
      },
      scanIn,
      { ScanNotFoundException: 'none' as const },
    ),
    tags: read(
      ecr,
      'ListTagsForResource',
      (_, target) => ({ resourceArn: repositoryOf(target) }),
      ({ tags }) => tagsIn(tags),
    ),
  }),
  // What Inspector found ECR asks of it in the name of the caller (ECR user guide, "Enhanced scanning").
  readsAlsoNeed: ['inspector2:ListFindings', 'inspector2:ListCoverage'],
  tags: ({ tags }) => tags,
  unless: ({ scan }) => {
    if (scan === 'none') return 'there is no scan of the image any more'
    const { packages, status, knowsFixes, isCut } = scan
    if (packages.length === 0)
      return isCut || !/^(COMPLETE|ACTIVE)$/.test(status)
        ? `nothing is known of the image: its scan is ${status}`
        : undefined
    const hasFix = packages.some(({ fixedIn }) => fixedIn !== undefined)
    return knowsFixes && !hasFix && !isCut ? `there is no fix yet of ${named(packages)}` : undefined
  },
  wrong: ({ scan }) => {
    if (scan === 'none') return undefined
    const { packages, tags, inUse, isCut } = scan
    const [worst] = packages
    if (worst === undefined) return undefined
    const called = tags.length > 0 ? ` (${tags.join(', ')})` : ''
    const run = inUse === undefined ? '' : `, which ${inUse} tasks or pods run`
    const count = `${isCut ? 'at least ' : ''}${packages.length}`
    return `the image${called}${run} has ${count} vulnerable ${packages.length === 1 ? 'package' : 'packages'}, ${worst.name} the worst (${worst.severity})`
  },
  todo: ({ scan }, { id, resource }) => {
    if (scan === 'none') return []
    const { repositoryName, imageDigest } = partsOfImage(id)
    const { region } = partsOf(resource)
    return [
      ...updates(scan),
      'build it anew from a base image that is new, too, and without the layers of before: docker build --pull --no-cache',
      `push it, and deploy it wherever ${imageDigest.slice(0, 19)}… runs: a tag that points to another image changes nothing that runs`,
      `when nothing runs it any more: aws ecr batch-delete-image --region ${region} --repository-name ${repositoryName} --image-ids imageDigest=${imageDigest}`,
    ]
  },
})

function updates({ packages }: ImageScan): string[] {
  const open = packages.filter(({ fixedIn }) => fixedIn === undefined)
  const mended = packages.filter(({ fixedIn }) => fixedIn !== undefined)
  const first = [...mended, ...open].slice(0, MOST_TOLD)
  const left = packages.length - first.length
  return [...first.map(update), ...(left > 0 ? [`and ${left} more, which Inspector and ECR list`] : [])]
}

function update({ name, version, manager, fixedIn, severity, ids }: VulnerablePackage): string {
  const [worst, ...others] = ids
  const which = `${worst}${others.length > 0 ? ` and ${others.length} more` : ''}, ${severity}`
  const where = manager === 'OS' ? 'of the system' : `among the program's own dependencies (${manager})`
  const to = fixedIn === undefined ? 'a version without the hole, if there is one' : fixedIn
  return `update ${name} ${version} to ${to}, ${where} (${which})`
}

function named(packages: readonly VulnerablePackage[]): string {
  const more = packages.length > MOST_TOLD ? ` and ${packages.length - MOST_TOLD} more` : ''
  return `${packages
    .slice(0, MOST_TOLD)
    .map(({ name }) => name)
    .join(', ')}${more}`
}
