#!/usr/bin/env bash
# @cloud-copilot/iam-simulate 0.1.173: asked whether an action is allowed on the resource `*`, it answers `Allowed` (result
# type `wildcard`) although the policy allows it on one single ARN: it is "allowed somewhere". A dry run has to ask with
# the ARN of the very resource.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
echo '{"type":"module"}' > package.json
npm install --silent --no-audit --no-fund --loglevel=error @cloud-copilot/iam-simulate@0.1.173 2>/dev/null
cat > probe.mjs <<'JS'
import { runSimulation } from '@cloud-copilot/iam-simulate'
const group = 'arn:aws:ec2:eu-west-1:123456789012:security-group/sg-0123456789abcdef0'
const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'ec2:RevokeSecurityGroupIngress', Resource: group }] }
async function ask(resource) {
  const answer = await runSimulation({
    identityPolicies: [{ name: 'p', policy }], serviceControlPolicies: [], resourceControlPolicies: [],
    request: { action: 'ec2:RevokeSecurityGroupIngress', resource: { accountId: '123456789012', resource }, principal: 'arn:aws:iam::123456789012:role/r', contextVariables: {} },
  }, {})
  return `${answer.overallResult ?? answer.analysis?.result} (${answer.resultType})`
}
console.log(`on the group ${await ask(group)}, on another ${await ask(group.replace('def0', 'def1'))}, on * ${await ask('*')}`)
JS
seen=$(node probe.mjs)
echo "$seen"
[ "$seen" = 'on the group Allowed (single), on another ImplicitlyDenied (single), on * Allowed (wildcard)' ]
