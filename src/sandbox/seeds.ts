import { EC2Client } from '@aws-sdk/client-ec2'
import { S3Client } from '@aws-sdk/client-s3'
import { WAFV2Client } from '@aws-sdk/client-wafv2'
import { clientConfig, type SandboxEnvironment } from './client-config.ts'
import type { Control } from './control.ts'
import { plantInstances } from './seeds/instances.ts'
import { plantNetwork } from './seeds/network.ts'
import { plantBuckets } from './seeds/open-buckets.ts'
import { plantSecurityGroups } from './seeds/security-groups.ts'
import { plantSnapshots } from './seeds/snapshots.ts'
import { plantWebAcl } from './seeds/web-acl.ts'

/** Name → id of what was created. */
export type Seeds = Record<string, string>

export interface SeedClients {
  ec2: EC2Client
  s3: S3Client
  wafv2: WAFV2Client
}

/** Clients of the services that the seeds live in. */
function seedClients(env: SandboxEnvironment): SeedClients {
  const config = clientConfig(env)
  return {
    ec2: new EC2Client(config),
    // Names of buckets are no names of hosts here.
    s3: new S3Client({ ...config, forcePathStyle: true }),
    wafv2: new WAFV2Client(config),
  }
}

/**
 * Creates what the playbooks put right, and the traps beside it: what looks wrong and is not, what looks
 * right and is wrong. Ids are AWS ids; `*-arn` and `own-elastic-ip` are what they say.
 */
export async function plantSeeds(env: SandboxEnvironment, control: Control): Promise<Seeds> {
  const clients = seedClients(env)
  const network = await plantNetwork(clients.ec2)
  const [groups, snapshots, webAcl, buckets] = await Promise.all([
    plantSecurityGroups(clients.ec2, network),
    plantSnapshots(clients.ec2),
    plantWebAcl(clients.wafv2),
    plantBuckets(clients.s3),
  ])
  const instances = await plantInstances(clients.ec2, control, network, groups)
  for (const client of Object.values(clients)) client.destroy()
  return { ...network, ...groups, ...snapshots, ...webAcl, ...buckets, ...instances }
}
