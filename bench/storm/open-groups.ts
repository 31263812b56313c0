import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateVpcCommand,
  EC2Client,
  type EC2ClientConfig,
} from '@aws-sdk/client-ec2'

/**
 * Makes security groups that are open to the world on a port, each with a second rule that is in order; their ids.
 * One after the other: moto answers 500 to one that is made while it looks through the others for its name.
 */
export async function plantOpenGroups(config: EC2ClientConfig, count: number, port = 22): Promise<string[]> {
  const ec2 = new EC2Client(config)
  const groups: string[] = []
  try {
    const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.30.0.0/16' }))
    const sources = [{ CidrIp: '0.0.0.0/0' }, { CidrIp: '10.0.0.0/8', Description: 'office' }]
    const IpPermissions = [{ IpProtocol: 'tcp', FromPort: port, ToPort: port, IpRanges: sources }]
    for (let number = 0; number < count; number++) {
      const name = { GroupName: `storm-${number}`, Description: 'of a benchmark' }
      const { GroupId } = await ec2.send(new CreateSecurityGroupCommand({ ...name, VpcId: Vpc!.VpcId! }))
      await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }))
      groups.push(GroupId!)
    }
    return groups
  } finally {
    ec2.destroy()
  }
}
