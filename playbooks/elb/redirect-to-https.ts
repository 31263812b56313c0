import type { Action } from '@aws-sdk/client-elastic-load-balancing-v2'
import { call } from '../../src/playbook/api.ts'
import type { Json } from '../../src/playbook/json.ts'
import { config, prowler, securityHub } from '../../src/playbook/matchers.ts'
import { type NotApplicable, notApplicable } from '../../src/playbook/playbook.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import { onAll, read } from '../../src/playbook/setting/looks.ts'
import { tagsIn } from '../../src/playbook/tags.ts'
import { admitsTcp } from '../ec2/ingress/ingress.ts'
import { elb } from '../services.ts'
import { httpListeners } from './http-listeners.ts'
import { balancerOf, isToHttps, LISTENER, listener, type SeenListener } from './listeners.ts'

/** Sends on to HTTPS what is asked by HTTP, where a listener of the same load balancer answers by HTTPS. */
export const redirectToHttps = defineSetting({
  id: 'elb-redirect-to-https',
  title: 'Redirect HTTP to HTTPS at a load balancer',
  about: {
    risk: 'What goes by HTTP can be read and changed by everybody on its way: passwords, session cookies, the pages themselves.',
    breaks:
      'Programs that do not follow redirects (health checks of others, devices, some clients of APIs) fail, and a POST comes again as a GET. Nothing is redirected to where no listener answers by HTTPS, and a person is asked where the security groups keep everybody from it.',
  },
  implements: ['elb-https-redirect'],
  ...LISTENER,
  tagsOf: 'the load balancer',
  answers: [
    config('ALB_HTTP_TO_HTTPS_REDIRECTION_CHECK'),
    securityHub('ELB.1'),
    prowler('elbv2_ssl_listeners'),
  ],
  suggestedMode: 'approve',
  targets: httpListeners,
  look: listener,
  tags: onAll(
    read(
      elb,
      'DescribeTags',
      (_id, { resource }) => ({ ResourceArns: [balancerOf(resource)] }),
      ({ TagDescriptions }) => tagsIn(TagDescriptions?.[0]?.Tags),
    ),
  ),
  vpc: ({ vpc }) => vpc,
  values: ({ own: { DefaultActions } }) =>
    DefaultActions === undefined ? null : { DefaultActions: plain(DefaultActions) },
  should(_parameters, { own: { DefaultActions: now = [] }, all }) {
    if (isToHttps(now)) return { DefaultActions: plain(now) }
    if (now.some(({ Type }) => Type === 'redirect')) return notApplicable(ELSEWHERE)
    const port = httpsPort(all)
    return typeof port === 'object' ? port : { DefaultActions: plain([redirectTo(port)]) }
  },
  set: (_id, { DefaultActions }, { resource: ListenerArn }) =>
    call('elb', 'ModifyListener', { ListenerArn, DefaultActions: DefaultActions as unknown as Action[] }),
  // Only Application Load Balancers have listeners that speak HTTP.
  changes: [
    {
      action: 'elasticloadbalancing:ModifyListener',
      resource: 'arn:{partition}:elasticloadbalancing:{region}:{account}:listener/app/*',
    },
  ],
  unless: ({ own: { Protocol } }) =>
    Protocol === 'HTTP' ? undefined : `the listener speaks ${Protocol}, and HTTP is what is redirected`,
  pending: (seen) => answering(seen),
  property: 'DefaultActions',
  effect: 'who asks by HTTP is sent to the same address by HTTPS, for good (301)',
  warnings: (seen) => [
    'programs that do not follow redirects get no answer any more: health checks of others, devices, clients that POST',
    ...[answering(seen) ?? []].flat(),
  ],
  cautions: ({ all, admitted }) => {
    const port = httpsPort(all)
    const isShut = typeof port === 'number' && admitted?.some((rule) => admitsTcp(rule, port)) === false
    return isShut ? [`no rule of its security groups lets anybody in at ${port}`] : []
  },
})

const ELSEWHERE =
  'the listener redirects already, and not to HTTPS: where its users should go a person must say'

const redirectTo = (port: number): Action => ({
  Type: 'redirect',
  RedirectConfig: {
    Protocol: 'HTTPS',
    Port: String(port),
    Host: '#{host}',
    Path: '/#{path}',
    Query: '#{query}',
    StatusCode: 'HTTP_301',
  },
})

/** Where HTTPS is answered, and not sent back to HTTP. */
function httpsPort(all: SeenListener['all']): number | NotApplicable {
  const serving = all.filter(
    ({ Protocol, DefaultActions = [] }) =>
      Protocol === 'HTTPS' && !DefaultActions.some((action) => action.RedirectConfig?.Protocol === 'HTTP'),
  )
  const ports = serving.map(({ Port = 443 }) => Port)
  if (ports.length === 0) return notApplicable(NO_HTTPS)
  if (ports.includes(443) || ports.length === 1) return ports.includes(443) ? 443 : ports[0]!
  return notApplicable(`HTTPS is answered at ${ports.join(' and ')}: to which of them a person must say`)
}

const NO_HTTPS =
  'no listener of the load balancer answers by HTTPS, so the redirect would lead nowhere: make one first, with a certificate (aws elbv2 create-listener --protocol HTTPS --port 443 …)'

/** AWS counts a single action and says so; what is planned does not. */
function plain(actions: readonly Action[]): Json {
  const counted = actions.length > 1
  return JSON.parse(
    JSON.stringify(actions.map(({ Order, ...action }) => (counted ? { Order, ...action } : action))),
  )
}

/** Rules beside the default one that do not redirect. */
function answering({ rules }: SeenListener): string | undefined {
  const own = rules.filter(({ Actions }) => !isToHttps(Actions))
  return own.length === 0
    ? undefined
    : `${own.length} other rules of the listener stay, and answer by HTTP (priority ${own.map(({ Priority }) => Priority).join(', ')})`
}
