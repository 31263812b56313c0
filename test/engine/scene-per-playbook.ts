import { clearDefaultGroup } from '../../playbooks/ec2/clear-default-group.ts'
import { closeOpenIngress } from '../../playbooks/ec2/close-open-ingress.ts'
import { denyOpenAdminNacl } from '../../playbooks/ec2/deny-open-admin-nacl.ts'
import { unsharePublicSnapshot } from '../../playbooks/ec2/unshare-public-snapshot.ts'
import { alignGroup } from '../../playbooks/elb/align-group.ts'
import { patchInstance } from '../../playbooks/ssm/patch-instance.ts'
import { blockAttackerIp } from '../../playbooks/wafv2/block-attacker-ip.ts'
import type { Finding } from '../../src/findings/finding.ts'
import type { AnyPlaybook } from '../../src/playbook/playbook.ts'
import { attack, finding, publicSnapshot, sshOpen, unpatched, type World } from './simulated-world.ts'

/** What AWS holds that a run could change. */
export interface Live {
  rules: Record<string, unknown>
  /** Ingress entries per network ACL. */
  acls: Record<string, unknown[]>
  shares: Record<string, unknown[]>
  sets: Record<string, { addresses: string[]; description: string | undefined }>
  commands: number
}

export function live({ aws }: World): Live {
  return structuredClone({
    rules: Object.fromEntries(aws.groups.rules),
    acls: Object.fromEntries([...aws.acls.acls.keys()].map((id) => [id, aws.acls.ingress(id)])),
    shares: Object.fromEntries(aws.ec2.permissions),
    sets: Object.fromEntries(
      aws.wafv2.sets.map(({ Name, Addresses, Description }) => [
        Name,
        { addresses: Addresses, description: Description },
      ]),
    ),
    commands: aws.ssm.commands.length,
  })
}

/** One playbook with something to put right, among things that must stay as they are. */
export interface Scene {
  name: string
  playbook: AnyPlaybook
  /** IAM action of the one change. */
  change: string
  /** Whether its steps belong together: one that fails ends the run `rolledBack`. */
  isTogether?: true
  /** The reads of a look, without which there is no plan. */
  required: string[]
  /** The reads without which it is not known what to look at. */
  targeting?: string[]
  /** The read that gives the tags, where the plan could do without it. */
  tags?: string
  /** Fills AWS and gives the finding. */
  arrange(world: World): Finding
  /** What AWS holds once it is put right. */
  wanted(before: Live): Live
}

export const BALANCER = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/web/1'

const openGroup: Scene = {
  name: 'an open group',
  playbook: closeOpenIngress,
  change: 'ec2:RevokeSecurityGroupIngress',
  required: ['ec2:DescribeSecurityGroupRules', 'ec2:DescribeNetworkInterfaces'],
  tags: 'ec2:DescribeSecurityGroups',
  arrange(world) {
    world.aws.groups.add('sg-0web', [
      { id: 'sgr-v4', from: 22, cidr: '0.0.0.0/0', description: 'anywhere', tags: { team: 'web' } },
      { id: 'sgr-v6', from: 22, cidr6: '::/0' },
      { id: 'sgr-office', from: 22, cidr: '10.0.0.0/8', description: 'office' },
      { id: 'sgr-https', from: 443, cidr: '0.0.0.0/0' },
    ])
    world.aws.groups.add('sg-0other', [{ id: 'sgr-other', from: 22, cidr: '0.0.0.0/0' }])
    return sshOpen(world, 'sg-0web')
  },
  wanted({ rules: { 'sgr-v4': _, 'sgr-v6': __, ...rules }, ...before }) {
    return { ...before, rules }
  },
}

const sharedSnapshot: Scene = {
  name: 'a public snapshot',
  playbook: unsharePublicSnapshot,
  change: 'ec2:ModifySnapshotAttribute',
  required: ['ec2:DescribeSnapshotAttribute'],
  tags: 'ec2:DescribeSnapshots',
  arrange(world) {
    world.aws.ec2.addSnapshot('snap-0web', [{ Group: 'all' }, { UserId: '111122223333' }])
    world.aws.ec2.addSnapshot('snap-0other', [{ Group: 'all' }])
    return publicSnapshot(world, 'snap-0web')
  },
  wanted: (before) => ({
    ...before,
    shares: { ...before.shares, 'snap-0web': [{ UserId: '111122223333' }] },
  }),
}

const attacker: Scene = {
  name: 'an attacker',
  playbook: blockAttackerIp,
  change: 'wafv2:UpdateIPSet',
  targeting: ['wafv2:ListIPSets'],
  required: [
    'wafv2:GetIPSet',
    'wafv2:ListWebACLs',
    'wafv2:GetWebACL',
    'ec2:DescribeAddresses',
    'ec2:DescribeNetworkInterfaces',
  ],
  arrange(world) {
    const set = world.aws.wafv2.addSet('rectify-block-v4', ['45.9.148.1/32'], { Description: 'ours' })
    world.aws.wafv2.addSet('rectify-block-v6', ['2a0b:7280::/32'])
    world.aws.wafv2.addBlockingAcl('web', set, [BALANCER])
    return attack(world, ['45.155.205.10'])
  },
  wanted(before) {
    const set = before.sets['rectify-block-v4']!
    const addresses = [...set.addresses, '45.155.205.10/32']
    return { ...before, sets: { ...before.sets, 'rectify-block-v4': { ...set, addresses } } }
  },
}

const missingPatches: Scene = {
  name: 'an unpatched instance',
  playbook: patchInstance,
  change: 'ssm:SendCommand',
  required: [
    'ec2:DescribeInstances',
    'ssm:DescribeInstanceInformation',
    'ssm:DescribeInstancePatchStates',
    'ssm:ListCommands',
  ],
  arrange(world) {
    for (const id of ['i-00000web', 'i-000other']) {
      world.aws.ec2.addInstance(id)
      world.aws.ssm.addInstance(id, { MissingCount: 3 })
    }
    return unpatched(world, 'i-00000web')
  },
  wanted: (before) => ({ ...before, commands: before.commands + 1 }),
}

const idlePorts: Scene = {
  name: 'a group of a load balancer',
  playbook: alignGroup,
  change: 'ec2:RevokeSecurityGroupIngress',
  required: [
    'ec2:DescribeSecurityGroupRules',
    'ec2:DescribeNetworkInterfaces',
    'elasticloadbalancing:DescribeLoadBalancers',
    'elasticloadbalancing:DescribeListeners',
  ],
  tags: 'ec2:DescribeSecurityGroups',
  arrange(world) {
    world.aws.groups.add('sg-0web', [
      { id: 'sgr-https', from: 443, cidr: '0.0.0.0/0' },
      { id: 'sgr-test', from: 8080, cidr: '0.0.0.0/0', description: 'test', tags: { team: 'web' } },
      { id: 'sgr-old', from: 3306, to: 3307, group: 'sg-0other' },
    ])
    world.aws.groups.add('sg-0other', [{ id: 'sgr-other', from: 8080, cidr: '0.0.0.0/0' }])
    world.aws.answering('elb', {
      DescribeLoadBalancers: () => ({
        LoadBalancers: [{ LoadBalancerArn: BALANCER, LoadBalancerName: 'web', SecurityGroups: ['sg-0web'] }],
      }),
      DescribeListeners: () => ({ Listeners: [{ Protocol: 'HTTPS', Port: 443 }] }),
    })
    return finding(world, {
      source: 'trustedadvisor',
      type: 'xSqX82fQu',
      resources: [{ type: 'AWS::ElasticLoadBalancing::LoadBalancer', id: 'web' }],
      evidence: { groups: ['sg-0web'] },
    })
  },
  wanted({ rules: { 'sgr-test': _, 'sgr-old': __, ...rules }, ...before }) {
    return { ...before, rules }
  },
}

const defaultGroup: Scene = {
  name: 'a default group with rules',
  playbook: clearDefaultGroup,
  change: 'ec2:RevokeSecurityGroupIngress',
  required: ['ec2:DescribeSecurityGroupRules', 'ec2:DescribeSecurityGroups', 'ec2:DescribeNetworkInterfaces'],
  arrange(world) {
    const more = { name: 'default' }
    world.aws.groups.add('sg-0def', [{ id: 'sgr-self', protocol: '-1', group: 'sg-0def' }], more)
    world.aws.groups.add('sg-0other', [{ id: 'sgr-other', protocol: '-1', group: 'sg-0other' }], more)
    return finding(world, {
      source: 'config',
      type: 'VPC_DEFAULT_SECURITY_GROUP_CLOSED',
      resources: [{ type: 'AWS::EC2::SecurityGroup', id: 'sg-0def' }],
    })
  },
  wanted({ rules: { 'sgr-self': _, ...rules }, ...before }) {
    return { ...before, rules }
  },
}

const openAcl: Scene = {
  name: 'a network ACL open for SSH',
  playbook: denyOpenAdminNacl,
  isTogether: true,
  change: 'ec2:CreateNetworkAclEntry',
  required: ['ec2:DescribeNetworkAcls', 'ec2:DescribeNetworkInterfaces'],
  arrange(world) {
    const inside = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16']
    const ssh = inside.map((cidr, index) => ({
      number: 90 + index,
      cidr,
      ports: [22, 22] as [number, number],
    }))
    world.aws.acls.add('acl-0web', [...ssh, { number: 100 }], { subnets: ['subnet-0web'] })
    world.aws.acls.add('acl-0other', [{ number: 100 }])
    return finding(world, {
      source: 'prowler',
      type: 'ec2_networkacl_allow_ingress_tcp_port_22',
      resources: [{ type: 'AWS::EC2::NetworkAcl', id: 'acl-0web' }],
    })
  },
  wanted(before) {
    const denied = {
      RuleNumber: 99,
      Egress: false,
      Protocol: '6',
      PortRange: { From: 22, To: 22 },
      RuleAction: 'deny',
      CidrBlock: '0.0.0.0/0',
    }
    const entries = before.acls['acl-0web']!
    const acls = { ...before.acls, 'acl-0web': [...entries.slice(0, 3), denied, ...entries.slice(3)] }
    return { ...before, acls }
  },
}

export const SCENES: readonly Scene[] = [
  openGroup,
  sharedSnapshot,
  attacker,
  missingPatches,
  idlePorts,
  defaultGroup,
  openAcl,
]
