import { SANDBOX_ACCOUNT, SANDBOX_REGION } from '../place.ts'
import { envelope, TIME } from './envelope.ts'

/** What is probed, by whom. */
export interface Probe {
  port: number
  attackers: string[]
  /** 32 hex digits. */
  finding: string
  sample?: boolean
}

/** https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_finding-types-ec2.html (Recon:EC2/PortProbeUnprotectedPort) */
export function portProbe(
  seeds: Record<string, string>,
  { port, attackers, finding, sample = false }: Probe,
) {
  const detector = '12abc34d567e8fa901bc2d34e56789f0'
  const account = `${SANDBOX_REGION}:${SANDBOX_ACCOUNT}`
  const instance = sample ? 'i-99999999' : seeds['web-server']
  return envelope('aws.guardduty', 'GuardDuty Finding', finding, {
    schemaVersion: '2.0',
    accountId: SANDBOX_ACCOUNT,
    region: SANDBOX_REGION,
    partition: 'aws',
    id: finding,
    arn: `arn:aws:guardduty:${account}:detector/${detector}/finding/${finding}`,
    type: 'Recon:EC2/PortProbeUnprotectedPort',
    resource: {
      resourceType: 'Instance',
      instanceDetails: probedInstance(seeds, instance, sample),
    },
    service: {
      serviceName: 'guardduty',
      detectorId: detector,
      action: probeAction(port, attackers),
      resourceRole: 'TARGET',
      additionalInfo: { threatListName: 'ProofPoint', ...(sample ? { sample: true } : {}) },
      evidence: null,
      eventFirstSeen: '2026-11-20T08:58:40.000Z',
      eventLastSeen: '2026-11-20T09:11:02.000Z',
      archived: false,
      count: 4,
    },
    severity: 2,
    createdAt: '2026-11-20T09:03:55.204Z',
    updatedAt: TIME,
    title: `${sample ? '[SAMPLE] ' : ''}An unprotected port on EC2 instance ${instance} is being probed.`,
    description: 'EC2 instance has an unprotected port which is being probed by a known malicious host.',
  })
}

function probedInstance(seeds: Record<string, string>, instance: string | undefined, sample: boolean) {
  return {
    instanceId: instance,
    instanceType: 't3.micro',
    instanceState: 'running',
    availabilityZone: `${SANDBOX_REGION}a`,
    launchTime: '2026-10-02T08:00:12.000Z',
    platform: null,
    productCodes: [],
    iamInstanceProfile: null,
    networkInterfaces: [
      {
        networkInterfaceId: sample ? 'eni-abcdef00' : seeds['web-server-interface'],
        privateIpAddress: '10.20.1.4',
        publicIp: sample ? '198.51.100.1' : seeds['own-elastic-ip'],
        ipv6Addresses: [],
        securityGroups: [
          {
            groupId: sample ? 'GeneratedFindingSecurityId' : seeds['web-ssh-open'],
            groupName: sample ? 'GeneratedFindingSecurityGroupName' : 'web-ssh-open',
          },
        ],
        subnetId: seeds.subnet,
        vpcId: seeds.vpc,
      },
    ],
    tags: [{ key: 'Name', value: 'web-server' }],
  }
}

function probeAction(port: number, attackers: string[]) {
  return {
    actionType: 'PORT_PROBE',
    portProbeAction: {
      blocked: false,
      portProbeDetails: attackers.map((address) => ({
        localPortDetails: { port, portName: port === 22 ? 'SSH' : 'HTTP' },
        localIpDetails: { ipAddressV4: '10.20.1.4' },
        remoteIpDetails: {
          ipAddressV4: address,
          organization: { asn: '0', asnOrg: 'example', isp: 'example', org: 'example' },
          country: { countryName: 'Nowhere' },
        },
      })),
    },
  }
}
