import { join } from 'node:path'
import type { SlackPolicy } from '../../approvals/receiver/receiver-ports.ts'
import { systemClock } from '../../engine/system.ts'
import { loadDeployedPolicy } from '../../policy/file/load.ts'
import type { LoadedPolicy } from '../../policy/rules.ts'
import type { Connection } from '../../store/dynamodb/connection.ts'
import { deployedCollection } from '../deployed-collection.ts'
import { ownFolder } from '../own-modules.ts'
import type { SlackFunctionSettings } from '../settings/slack-settings.ts'

/**
 * What gives what the deployed policy says of Slack. Loaded when somebody pauses or resumes: it takes the heads of all
 * playbooks to read a policy, and no click needs it. It rejects where the policy cannot be used.
 */
export async function slackPolicy(
  { folder, policyPlace }: Pick<SlackFunctionSettings, 'folder' | 'policyPlace'>,
  table: () => Connection,
): Promise<() => Promise<SlackPolicy>> {
  const { collection, wrong } = await deployedCollection()
  const { playbooks } = collection
  const inForce = policyPlace
    ? (await import('../policy/from-s3.ts')).policyFromS3(policyPlace, {
        table: table(),
        clock: systemClock,
        playbooks,
      })
    : () => loadDeployedPolicy(join(folder, 'rectify.yaml'), playbooks, ownFolder)
  return async () => {
    if (wrong !== undefined) throw new Error(wrong)
    return saidOfSlack(await inForce())
  }
}

function saidOfSlack(loaded: LoadedPolicy): SlackPolicy {
  if (loaded.kind === 'none') return {}
  const { slack, people } = loaded.policy
  return { ...slack, ...(people && { people }) }
}
