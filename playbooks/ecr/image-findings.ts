import type {
  DescribeImageScanFindingsResponse,
  EnhancedImageScanFinding,
  ImageScanFinding,
} from '@aws-sdk/client-ecr'

/** A package of an image in which there is a hole. */
export interface VulnerablePackage {
  name: string
  version: string
  /** Who brought it: `OS`, `NPM`, `PYTHON` ... */
  manager: string
  /** The version without the hole; absent: there is none, or the scan does not say. */
  fixedIn?: string
  severity: string
  /** Ids of its vulnerabilities. */
  ids: string[]
}

/** What a scan found in an image. */
export interface ImageScan {
  status: string
  /** Worst first. */
  packages: VulnerablePackage[]
  /** Whether the scan says of each whether there is a fix: that of Inspector does, the basic one does not. */
  knowsFixes: boolean
  /** Whether there is more than was read. */
  isCut: boolean
  /** Tags that point to the image. */
  tags: string[]
  /** How many tasks and pods run it, where Inspector counts that. */
  inUse?: number
}

const SEVERITIES = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'INFORMATIONAL', 'UNDEFINED', 'UNTRIAGED']
const rank = (severity: string): number =>
  (SEVERITIES.indexOf(severity) + SEVERITIES.length) % SEVERITIES.length

/** The answer of DescribeImageScanFindings, of either kind of scan; what a person has suppressed or Inspector closed is left out. */
export function scanIn({
  imageScanStatus,
  imageScanFindings,
  nextToken,
}: DescribeImageScanFindingsResponse): ImageScan {
  const { enhancedFindings: enhanced, findings: basic = [] } = imageScanFindings ?? {}
  const image = enhanced?.flatMap(({ resources = [] }) => resources)[0]?.details?.awsEcrContainerImage
  const found = enhanced ? enhanced.flatMap(ofInspector) : basic.map(ofBasicScan)
  return {
    status: imageScanStatus?.status ?? 'not known',
    packages: merged(found).toSorted((a, b) => rank(a.severity) - rank(b.severity)),
    knowsFixes: enhanced !== undefined,
    isCut: Boolean(nextToken),
    tags: image?.imageTags ?? [],
    ...(image?.inUseCount !== undefined && { inUse: image.inUseCount }),
  }
}

function ofInspector(finding: EnhancedImageScanFinding): VulnerablePackage[] {
  const {
    packageVulnerabilityDetails: details,
    severity = 'UNDEFINED',
    status = 'ACTIVE',
    fixAvailable,
  } = finding
  if (status !== 'ACTIVE') return []
  return (details?.vulnerablePackages ?? []).map((each) => {
    const fixedIn = fixOf(each.fixedInVersion, fixAvailable)
    return {
      name: each.name ?? 'a package without a name',
      version: [each.version, each.release].filter(Boolean).join('-'),
      manager: each.packageManager ?? 'UNKNOWN',
      ...(fixedIn !== undefined && { fixedIn }),
      severity,
      ids: [details?.vulnerabilityId ?? 'a vulnerability'],
    }
  })
}

/** Inspector writes that there is no fix in the place of the version. */
function fixOf(version: string | undefined, available: string | undefined): string | undefined {
  if (version && !/^not ?available$/i.test(version)) return version
  return available === 'YES' ? 'the newest' : undefined
}

function ofBasicScan({
  name = 'a vulnerability',
  severity = 'UNDEFINED',
  attributes = [],
}: ImageScanFinding): VulnerablePackage {
  const said = (wanted: string) => attributes.find(({ key }) => key === wanted)?.value
  return {
    name: said('package_name') ?? 'a package without a name',
    version: said('package_version') ?? '',
    manager: 'OS',
    severity,
    ids: [name],
  }
}

/** A package with several holes is updated once, to the version in which the last of them is mended. */
function merged(found: readonly VulnerablePackage[]): VulnerablePackage[] {
  const packages = new Map<string, VulnerablePackage>()
  for (const each of found) {
    const key = `${each.manager} ${each.name} ${each.version}`
    const known = packages.get(key)
    if (!known) packages.set(key, { ...each })
    else packages.set(key, both(known, each))
  }
  return [...packages.values()]
}

function both(a: VulnerablePackage, b: VulnerablePackage): VulnerablePackage {
  const fixes = [a.fixedIn, b.fixedIn].filter((each) => each !== undefined)
  const highest = fixes.toSorted((one, other) => one.localeCompare(other, 'en', { numeric: true })).at(-1)
  return {
    ...a,
    ...(highest !== undefined && { fixedIn: highest }),
    severity: rank(a.severity) <= rank(b.severity) ? a.severity : b.severity,
    ids: [...new Set([...a.ids, ...b.ids])],
  }
}
