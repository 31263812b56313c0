import {
  AssociateAddressCommand,
  DescribeInstancesCommand,
  type EC2Client,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2'
import type { Control, ManagedInstance } from '../control.ts'

const MISSING_PATCHES: ManagedInstance = {
  ping: 'Online',
  platform: 'Linux',
  patching: 'succeeds',
  patches: { installed: 41, missing: 3, failed: 0, pendingReboot: 0 },
}

/** Which instances there are, and how Systems Manager sees them. */
const INSTANCES: Record<string, { group: string; managed?: ManagedInstance }> = {
  'web-server': { group: 'web-ssh-open' },
  'patch-me': { group: 'closed', managed: MISSING_PATCHES },
  'patch-fails': { group: 'closed', managed: { ...MISSING_PATCHES, patching: 'fails' } },
  'patch-needs-reboot': { group: 'closed', managed: { ...MISSING_PATCHES, patching: 'needsReboot' } },
  'patch-offline': { group: 'closed', managed: { ...MISSING_PATCHES, ping: 'ConnectionLost' } },
}

/** Running instances: one that wears the open group and our elastic address, and several that need patches. */
export async function plantInstances(
  ec2: EC2Client,
  control: Control,
  network: { subnet: string; 'own-elastic-ip-allocation': string },
  groups: Record<string, string>,
) {
  const seeds: Record<string, string> = {}
  for (const [name, { group, managed }] of Object.entries(INSTANCES)) {
    const { Instances } = await ec2.send(
      new RunInstancesCommand({
        ImageId: 'ami-0c55b159cbfafe1f0',
        InstanceType: 't3.micro',
        MinCount: 1,
        MaxCount: 1,
        SubnetId: network.subnet,
        SecurityGroupIds: [groups[group]!],
        TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: name }] }],
      }),
    )
    const id = Instances![0]!.InstanceId!
    seeds[name] = id
    if (managed) control.instances.set(id, { ...managed, scanned: lastNight(control.now()) })
  }
  const web = seeds['web-server']!
  await ec2.send(
    new AssociateAddressCommand({ InstanceId: web, AllocationId: network['own-elastic-ip-allocation'] }),
  )
  const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [web] }))
  seeds['web-server-interface'] = Reservations![0]!.Instances![0]!.NetworkInterfaces![0]!.NetworkInterfaceId!
  return seeds
}

function lastNight(now: number): NonNullable<ManagedInstance['scanned']> {
  const start = now - 8 * 3_600_000
  return { operation: 'Scan', start, end: start + 60_000, rebootOption: 'NoReboot' }
}
