import { Unplannable } from '../../src/playbook/playbook.ts'
import { partsOf } from '../../src/playbook/resource/resource-form.ts'

/** Where the hosts of a partition end (endpoints of botocore, `partitions.json`). */
const SUFFIXES = new Map([
  ['aws', 'amazonaws.com'],
  ['aws-us-gov', 'amazonaws.com'],
  ['aws-cn', 'amazonaws.com.cn'],
  ['aws-eusc', 'amazonaws.eu'],
  ['aws-iso', 'c2s.ic.gov'],
  ['aws-iso-b', 'sc2s.sgov.gov'],
  ['aws-iso-e', 'cloud.adc-e.uk'],
  ['aws-iso-f', 'csp.hci.ic.gov'],
])

/**
 * The address by which the API knows the queue with an ARN (SQS developer guide, "Queue and message identifiers").
 * @throws Unplannable in a partition whose hosts are not known
 */
export function queueUrl(arn: string): string {
  const { partition, region, account, rest } = partsOf(arn)
  const suffix = SUFFIXES.get(partition)
  if (suffix === undefined)
    throw new Unplannable(`the address of ${arn} is not known in partition ${partition}`)
  return `https://sqs.${region}.${suffix}/${account}/${rest}`
}
