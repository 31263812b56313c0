import {
  AllocateAddressCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  type EC2Client,
} from '@aws-sdk/client-ec2'

/** Left to itself, the emulator gives addresses out of 127.0.0.0/8, which are refused for another reason. */
const OWN_ADDRESS = '44.201.17.93'

/** A network that is not the default one (there, a revoke of an absent rule is an error), and an address of our own. */
export async function plantNetwork(ec2: EC2Client) {
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.20.0.0/16' }))
  const vpc = Vpc!.VpcId!
  const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId: vpc, CidrBlock: '10.20.1.0/24' }))
  const address = await ec2.send(new AllocateAddressCommand({ Domain: 'vpc', Address: OWN_ADDRESS }))
  return {
    vpc,
    subnet: Subnet!.SubnetId!,
    'own-elastic-ip': address.PublicIp!,
    'own-elastic-ip-allocation': address.AllocationId!,
  }
}
