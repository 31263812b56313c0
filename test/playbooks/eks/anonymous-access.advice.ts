import { anonymousAccess } from '../../../playbooks/eks/anonymous-access.ts'
import type { AdviceTable } from '../advice-table.ts'
import { absent } from '../setting-table.ts'

const told = (type: string) => ({ source: 'guardduty' as const, type, id: 'production' })
const open = { endpointPublicAccess: true, publicAccessCidrs: ['0.0.0.0/0'] }
const closed = { endpointPublicAccess: false }
const CONNECT = 'aws eks update-kubeconfig --region eu-west-1 --name production'
const anonymous = [
  'see which bindings give rights to nobody',
  'system:public-info-viewer',
  'delete what was not there',
  'audit log',
]

export const table: AdviceTable = {
  playbook: anonymousAccess,
  finding: told('Policy:Kubernetes/AnonymousAccessGranted'),
  id: 'production',
  rows: [
    {
      live: open,
      leads: {
        outcome: 'notified',
        reason:
          'who has not signed in (system:anonymous) has rights in it; its API server is reached from 0.0.0.0/0',
        todo: ['update-cluster-config --region eu-west-1 --name production', CONNECT, ...anonymous],
      },
    },
    {
      live: closed,
      finding: told('Discovery:Kubernetes/SuccessfulAnonymousAccess'),
      leads: { outcome: 'notified', reason: 'from its VPC only', todo: [CONNECT, ...anonymous] },
    },
    {
      live: closed,
      finding: told('Policy:Kubernetes/AdminAccessToDefaultServiceAccount'),
      leads: {
        outcome: 'notified',
        reason: 'a default service account is an administrator',
        todo: [
          CONNECT,
          '.kind == "ServiceAccount" and .name == "default"',
          'service account of its own',
          'delete what',
        ],
      },
    },
    {
      live: closed,
      finding: told('Policy:Kubernetes/ExposedDashboard'),
      leads: {
        outcome: 'notified',
        reason: 'its dashboard is reached from the internet',
        todo: [
          CONNECT,
          '-n kubernetes-dashboard',
          'patch service kubernetes-dashboard',
          'port-forward',
          'audit log',
        ],
      },
    },
    {
      live: closed,
      finding: told('Policy:Kubernetes/KubeflowDashboardExposed'),
      leads: {
        outcome: 'notified',
        reason: 'its Kubeflow dashboard is reached from the internet',
        todo: [CONNECT, '-n istio-system', 'patch service istio-ingressgateway', 'port-forward', 'audit log'],
      },
    },
    {
      live: { ...open, status: 'DELETING' },
      leads: { outcome: 'notApplicable', reason: 'the cluster is being deleted' },
    },
    { live: {}, leads: { outcome: 'failed', reason: 'AWS does not say who reaches the API server' } },
  ],
  aws: (cluster) => ({
    eks: {
      DescribeCluster: () => {
        if (!cluster.isThere) throw absent('eks:DescribeCluster', 'ResourceNotFoundException')
        const { status = 'ACTIVE', ...resourcesVpcConfig } = cluster.more
        return { cluster: { name: 'production', status, tags: {}, resourcesVpcConfig } }
      },
    },
  }),
}
