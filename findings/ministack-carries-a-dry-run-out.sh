#!/usr/bin/env bash
# ministack 1.5.33: `DryRun` of EC2 is not looked at: a dry-run RevokeSecurityGroupIngress answers success and the rule
# is gone. moto 5.2.5 answers DryRunOperation and leaves the rule. A rehearsal must never be pointed at the former.
set -euo pipefail
work=$(mktemp -d); server=; trap '[ -z "$server" ] || kill "$server"; rm -rf "$work"' EXIT; cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check ministack==1.5.33 'moto[ec2]==5.2.5' boto3
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
# Its server listens on all interfaces unless it is told otherwise.
BIND_HOST=127.0.0.1 GATEWAY_PORT=$port venv/bin/ministack > server.log 2>&1 &
server=$!
cat > probe.py <<'PY'
import sys, time, boto3, botocore
from moto import mock_aws
keys = dict(region_name='us-east-1', aws_access_key_id='a', aws_secret_access_key='b')
def dry_run(ec2):
    group = ec2.create_security_group(GroupName='probe', Description='probe')['GroupId']
    rule = dict(IpProtocol='tcp', FromPort=22, ToPort=22, IpRanges=[dict(CidrIp='192.0.2.0/24')])
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])
    try:
        ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=[rule], DryRun=True)
        said = 'success'
    except botocore.exceptions.ClientError as error:
        said = error.response['Error']['Code']
    left = ec2.describe_security_groups(GroupIds=[group])['SecurityGroups'][0]['IpPermissions']
    return f'{said}, {len(left)} rule left'
ec2 = boto3.client('ec2', endpoint_url=f'http://127.0.0.1:{sys.argv[1]}', **keys)
for _ in range(100):
    try:
        ec2.describe_security_groups()
        break
    except botocore.exceptions.EndpointConnectionError:
        time.sleep(0.2)
print('ministack:', dry_run(ec2))
with mock_aws():
    print('moto:', dry_run(boto3.client('ec2', **keys)))
PY
seen=$(venv/bin/python probe.py "$port")
echo "$seen"
[ "$seen" = 'ministack: success, 0 rule left
moto: DryRunOperation, 1 rule left' ]
