#!/usr/bin/env bash
# moto 5.2.5: DescribeAccount of Organizations, asked by an account that is in no organisation, answers
# AccountNotFoundException. AWS says AWSOrganizationsNotInUseException (API reference of DescribeAccount): there it is the
# caller who has no organisation, and here it looks as if the account that was asked about did not exist. A program that
# takes the first for "gone" learns that of every account, and its tests on the emulator never see the other.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check 'moto[organizations]==5.2.5' 'boto3==1.43.106'
cat > probe.py <<'PY'
import boto3, botocore
from moto import mock_aws
with mock_aws():
    keys = dict(region_name='us-east-1', aws_access_key_id='a', aws_secret_access_key='b')
    organizations = boto3.client('organizations', **keys)
    def asked(name, **given):
        try:
            getattr(organizations, name)(**given)
            return 'answered'
        except botocore.exceptions.ClientError as error:
            return error.response['Error']['Code']
    own = boto3.client('sts', **keys).get_caller_identity()['Account']
    print('without an organisation, of the own account:', asked('describe_account', AccountId=own))
    print('without an organisation, of the organisation:', asked('describe_organization'))
    organizations.create_organization(FeatureSet='ALL')
    print('with one, of the own account:', asked('describe_account', AccountId=own))
PY
seen=$(venv/bin/python probe.py)
echo "$seen"
[ "$seen" = 'without an organisation, of the own account: AccountNotFoundException
without an organisation, of the organisation: AWSOrganizationsNotInUseException
with one, of the own account: answered' ]
