import { loadConfig } from '@smithy/core/config'
import { partitionOf } from '../findings/region.ts'

/** Where STS answers in each partition when nothing names a region; credentials are known in one partition only. */
const REGIONS: Readonly<Record<string, string>> = {
  aws: 'us-east-1',
  'aws-cn': 'cn-north-1',
  'aws-us-gov': 'us-gov-west-1',
  'aws-eusc': 'eusc-de-east-1',
  'aws-iso': 'us-iso-east-1',
  'aws-iso-b': 'us-isob-east-1',
  'aws-iso-e': 'eu-isoe-west-1',
  'aws-iso-f': 'us-isof-south-1',
}

/**
 * The region in which STS is asked where neither options, environment nor profile name one: of the partition of the
 * credentials as far as these tell it (their role, their SSO), else of what the command is about, else the commercial one.
 * @param about a region of the findings or runs
 */
export async function stsRegion({
  profile,
  about = '',
}: {
  profile?: string
  about?: string
}): Promise<string> {
  const partition = (await partitionOfCredentials(profile)) ?? partitionOf(about)
  return regionIn(partition)
}

/** A region of the partition, to ask what is the same in all of them; of the commercial one where it is not known. */
export function regionIn(partition: string): string {
  return REGIONS[partition] ?? REGIONS.aws!
}

/** The partition in which the configured role or SSO directory lives; undefined where no configuration tells. */
async function partitionOfCredentials(profile: string | undefined): Promise<string | undefined> {
  const found = loadConfig<string>(
    {
      environmentVariableSelector: ({ AWS_ROLE_ARN }) => AWS_ROLE_ARN && partitionOf('', AWS_ROLE_ARN),
      configFileSelector: ({ role_arn, sso_region, sso_session }, file) => {
        const ssoRegion = sso_region ?? file?.[`sso-session.${sso_session}`]?.sso_region
        if (role_arn) return partitionOf('', role_arn)
        return ssoRegion && partitionOf(ssoRegion)
      },
      default: '',
    },
    profile === undefined ? {} : { profile },
  )
  return (await found()) || undefined
}
