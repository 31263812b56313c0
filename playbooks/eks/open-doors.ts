/** A way into a cluster that asks nobody to sign in: it is made and closed inside Kubernetes, where no API of AWS sees it. */
export interface OpenDoor {
  /** What is wrong, as the end of a sentence about the cluster. */
  wrong: string
  /** How it is found and closed with kubectl, in this order. */
  close: string[]
}

const bindings = (to: string) =>
  `kubectl get clusterrolebindings,rolebindings -A -o json | jq -r '.items[] | select(any(.subjects[]?; ${to})) | [.kind, .metadata.namespace, .metadata.name, .roleRef.name] | @tsv'`

const DELETE =
  'delete what was not there before: kubectl delete clusterrolebinding NAME, or kubectl delete rolebinding NAME -n NAMESPACE'

const ANONYMOUS: OpenDoor = {
  wrong: 'who has not signed in (system:anonymous) has rights in it',
  close: [
    `see which bindings give rights to nobody: ${bindings('.name == "system:anonymous" or .name == "system:unauthenticated"')}`,
    "system:public-info-viewer is Kubernetes' own and stays: it shows the version and whether the server is well",
    DELETE,
    'see in the audit log of the cluster (CloudWatch Logs, /aws/eks/CLUSTER/cluster) what system:anonymous did since: secrets that it read have to be replaced',
  ],
}

const dashboard = (name: string, service: string, namespace: string): OpenDoor => ({
  wrong: `its ${name} is reached from the internet`,
  close: [
    `see by which service: kubectl get service -n ${namespace}`,
    `take it off the internet: kubectl patch service ${service} -n ${namespace} -p '{"spec":{"type":"ClusterIP"}}'`,
    `who needs it: kubectl port-forward -n ${namespace} service/${service} 8443:443`,
    'see in the audit log of the cluster what came in by it: it acts with the rights of its service account',
  ],
})

/** By GuardDuty's types (user guide, "EKS Protection finding types"); those that name nobody are of `anonymousUse`. */
export const OPEN_DOORS: Readonly<Record<string, OpenDoor>> = {
  'Policy:Kubernetes/AnonymousAccessGranted': ANONYMOUS,
  'Policy:Kubernetes/AdminAccessToDefaultServiceAccount': {
    wrong: 'a default service account is an administrator, and with it each pod that names no other',
    close: [
      `see by which binding: ${bindings('.kind == "ServiceAccount" and .name == "default"')}`,
      'give a service account of its own to the workload that needs the rights, with no more of them than it needs, and deploy it with that',
      DELETE,
    ],
  },
  'Policy:Kubernetes/ExposedDashboard': dashboard(
    'dashboard',
    'kubernetes-dashboard',
    'kubernetes-dashboard',
  ),
  'Policy:Kubernetes/KubeflowDashboardExposed': dashboard(
    'Kubeflow dashboard',
    'istio-ingressgateway',
    'istio-system',
  ),
}

/** Somebody who had not signed in has called the API server, and was let. */
export const ANONYMOUS_USE = ['CredentialAccess', 'DefenseEvasion', 'Discovery', 'Impact', 'Persistence'].map(
  (tactic) => `${tactic}:Kubernetes/SuccessfulAnonymousAccess`,
)

/** What a type of GuardDuty tells to be open. */
export const doorOf = (type: string): OpenDoor => OPEN_DOORS[type] ?? ANONYMOUS
