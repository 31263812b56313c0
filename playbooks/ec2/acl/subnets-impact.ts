import type { Impact } from '../../../src/playbook/plan.ts'
import type { Reader } from '../../../src/playbook/playbook.ts'
import type { AclEntry } from './entries.ts'

/** Interfaces that open connections from any port from 1024 on, so that an answer may come back to port 3389. */
const WIDE_CLIENTS: Readonly<Record<string, string>> = {
  nat_gateway: 'a NAT gateway',
  lambda: 'a Lambda function',
  load_balancer: 'a load balancer',
  network_load_balancer: 'a load balancer',
}

/** What closing ports of a network ACL means to its subnets. `count` is the number of interfaces in them. */
export async function subnetsImpact(
  aws: Reader,
  subnets: readonly string[],
  closing: readonly AclEntry[],
): Promise<Impact> {
  if (subnets.length === 0) return { summary: 'no subnet has the network ACL', affected: [], count: 0 }
  const interfaces = await aws.list(
    'ec2',
    'DescribeNetworkInterfaces',
    { Filters: [{ Name: 'subnet-id', Values: [...subnets] }] },
    'NetworkInterfaces',
  )
  const inSubnet = (subnet: string) => interfaces.filter(({ SubnetId }) => SubnetId === subnet).length
  const clients = new Set(interfaces.flatMap(({ InterfaceType }) => WIDE_CLIENTS[InterfaceType ?? ''] ?? []))
  const deniesRdp = closing.some(({ action, from }) => action === 'deny' && from === 3389)
  const many = subnets.length === 1 ? 'subnet has' : 'subnets have'
  return {
    summary: `${subnets.length} ${many} the network ACL, with ${interfaces.length} network interfaces`,
    affected: subnets.slice(0, 50).map((id) => ({
      type: 'AWS::EC2::Subnet',
      id,
      detail: `${inSubnet(id)} network interfaces`,
    })),
    count: interfaces.length,
    cautions:
      deniesRdp && clients.size > 0
        ? [
            `${[...clients].sort().join(', ')} is in the subnets, and opens connections from port 3389 as from any other: their answers would be dropped`,
          ]
        : [],
  }
}
