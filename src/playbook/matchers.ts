import type { Finding, Source } from '../findings/finding.ts'

/** Which findings a playbook answers. Plain data, so that the catalogue and the docs can list it. */
export interface Matcher {
  source: Source
  /** Finding types; `*` stands for any run of characters. */
  types: string[]
  /** Which of them: only those of which this is known to hold. */
  only?: Condition
}

/** What a finding may have to say beside its type, in words for the docs. */
export const CONDITIONS = {
  public: 'open to everybody',
  fixable: 'packages of the operating system that have a fix',
  throughGroups: 'through a security group',
  inImage: 'of an image in ECR',
} as const
export type Condition = keyof typeof CONDITIONS

/** AWS Config rules by SourceIdentifier, or `item:AWS::EC2::SecurityGroup` for item changes of a resource type. */
export const config = (...types: string[]): Matcher => ({ source: 'config', types })
/** GuardDuty finding types, `Recon:EC2/PortProbe*`. */
export const guardDuty = (...types: string[]): Matcher => ({ source: 'guardduty', types })
/** Controls of Security Hub by the id that they have under every standard, `EC2.13`. */
export const securityHub = (...types: string[]): Matcher => ({ source: 'securityhub', types })
/** Security checks of Trusted Advisor by id, `HCP4007jGY`. */
export const trustedAdvisor = (...types: string[]): Matcher => ({ source: 'trustedadvisor', types })
/** Checks of Prowler, `ec2_ebs_public_snapshot`. */
export const prowler = (...types: string[]): Matcher => ({ source: 'prowler', types })
/** Macie finding types, `Policy:IAMUser/S3BucketPublic`. */
export const macie = (...types: string[]): Matcher => ({ source: 'macie', types })
/** Calls that CloudTrail tells of, `ec2:AuthorizeSecurityGroupIngress`. */
export const cloudTrail = (...types: string[]): Matcher => ({ source: 'cloudtrail', types })
/** Amazon Inspector, of all findings of a type those of which the condition holds. */
export const inspector = (type: string, only: Condition): Matcher => ({
  source: 'inspector',
  types: [type],
  only,
})
/** IAM Access Analyzer: resources of a type that everybody has access to. What is shared with somebody may be meant so. */
export const accessAnalyzer = (resourceType: string): Matcher => ({
  source: 'accessanalyzer',
  types: [`ExternalAccess:${resourceType}`],
  only: 'public',
})
/** IAM Access Analyzer: resources of a type that anybody outside has access to, everybody or somebody. */
export const externalAccess = (resourceType: string): Matcher => ({
  source: 'accessanalyzer',
  types: [`ExternalAccess:${resourceType}`],
})

/** Whether a finding is among those that a matcher names. */
export function matches(matcher: Matcher, finding: Finding): boolean {
  return matchesType(matcher, finding) && (matcher.only === undefined || HOLDS[matcher.only](finding))
}

/** Whether findings of that source and type may be: which of them are, the matcher's condition says of each. */
export function matchesType({ source, types }: Matcher, finding: Pick<Finding, 'source' | 'type'>): boolean {
  return finding.source === source && types.some((type) => wildcard(type, finding.type))
}

const HOLDS: Record<Condition, (finding: Finding) => boolean> = {
  public: ({ evidence }) => evidence.isPublic === true,
  // What a program brought along (npm, pip, jars) no patch baseline of Systems Manager knows.
  fixable: ({ resources, evidence: { packages = [] } }) =>
    resources.some(({ type }) => type === 'AWS::EC2::Instance') &&
    packages.some(({ manager, fixAvailable }) => manager === 'OS' && /^(YES|PARTIAL)$/.test(fixAvailable)),
  inImage: ({ resources }) => resources.some(({ type }) => type === 'AWS::ECR::ContainerImage'),
  throughGroups: ({ evidence: { groups = [], ports = [] } }) => groups.length > 0 && ports.length > 0,
}

/** Whether a text matches a pattern in which `*` stands for any run of characters. Case matters. */
export function wildcard(pattern: string, text: string): boolean {
  return wildcardTest(pattern)(text)
}

/** The same for a pattern that many texts are compared with. */
export function wildcardTest(pattern: string): (text: string) => boolean {
  if (!pattern.includes('*')) return (text) => pattern === text
  let form: RegExp | undefined
  return (text) => {
    form ??= new RegExp(`^${pattern.split('*').map(escaped).join('[\\s\\S]*')}$`)
    return form.test(text)
  }
}

/** Text as a regular expression that matches just it. */
export function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
