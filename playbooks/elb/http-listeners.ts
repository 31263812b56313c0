import type { Finding } from '../../src/findings/finding.ts'
import { isGone } from '../../src/playbook/aws-error.ts'
import {
  type NotApplicable,
  notApplicable,
  ownTargets,
  type Reader,
  type Target,
  targetOf,
} from '../../src/playbook/playbook.ts'
import { isToHttps, LISTENER } from './listeners.ts'
import { BALANCER } from './load-balancers.ts'

/** The listeners that a finding means: those that it names, the HTTP ones of its load balancers, else of the account's. */
export async function httpListeners(
  finding: Finding,
  _parameters: unknown,
  aws: Reader,
): Promise<Target[] | NotApplicable> {
  const named = ownTargets(LISTENER, finding)
  if (named.length > 0) return named
  const balancers = ownTargets(BALANCER, finding)
  const misnamed = balancers.filter(({ notUnderstood }) => notUnderstood !== undefined)
  if (misnamed.length > 0) return misnamed
  const arns = balancers.length > 0 ? balancers.map(({ resource }) => resource) : await ofAccount(aws)
  const all = (await Promise.all(arns.map((arn) => listenersOf(aws, arn)))).flat()
  const http = all.filter(({ Protocol }) => Protocol === 'HTTP')
  const meant = balancers.length > 0 ? http : http.filter(({ DefaultActions }) => !isToHttps(DefaultActions))
  return meant.length > 0
    ? meant.map(({ ListenerArn = '' }) => targetOf(LISTENER, ListenerArn, finding))
    : notApplicable('no load balancer that is meant has a listener that answers by HTTP')
}

async function ofAccount(aws: Reader): Promise<string[]> {
  const all = await aws.list('elb', 'DescribeLoadBalancers', {}, 'LoadBalancers')
  return all
    .filter(({ Type }) => Type === 'application')
    .flatMap(({ LoadBalancerArn }) => LoadBalancerArn ?? [])
}

/** One that was deleted meanwhile has none. */
async function listenersOf(aws: Reader, LoadBalancerArn: string) {
  try {
    return await aws.list('elb', 'DescribeListeners', { LoadBalancerArn }, 'Listeners')
  } catch (error) {
    if (isGone(error)) return []
    throw error
  }
}
