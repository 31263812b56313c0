import { join } from 'node:path'
import type { SlackPolicy } from '../../approvals/receiver/receiver-ports.ts'
import { loadDeployedPolicy } from '../../policy/file/load.ts'
import { deployedCollection } from '../deployed-collection.ts'
import { ownFolder } from '../own-modules.ts'

/**
 * What the deployed policy says of Slack. Loaded when somebody pauses or resumes: it takes the heads of all
 * playbooks to read a policy, and no click needs it.
 * @throws where the policy cannot be used
 */
export async function slackPolicy(folder: string): Promise<SlackPolicy> {
  const { collection, wrong } = await deployedCollection()
  if (wrong !== undefined) throw new Error(wrong)
  const { policy } = await loadDeployedPolicy(join(folder, 'rectify.yaml'), collection.playbooks, ownFolder)
  return { ...policy.slack, ...(policy.people && { people: policy.people }) }
}
