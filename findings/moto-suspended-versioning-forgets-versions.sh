#!/usr/bin/env bash
# moto 5.2.5: after versioning of a bucket is suspended, the next put removes the versions that were there. In S3 suspending
# adds nothing to them: they stay, each under its id, and only the version whose id is "null" is replaced. So what keeps the
# id of a version to come back to (a configuration in force, an audit) is told NoSuchVersion by the emulator, and by AWS it is
# given what it asks for.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check 'moto[s3]==5.2.5' 'boto3==1.43.106'
cat > probe.py <<'PY'
import boto3, botocore
from moto import mock_aws
with mock_aws():
    s3 = boto3.client('s3', region_name='us-east-1', aws_access_key_id='a', aws_secret_access_key='b')
    s3.create_bucket(Bucket='probe')
    def versioning(status):
        s3.put_bucket_versioning(Bucket='probe', VersioningConfiguration=dict(Status=status))
    put = lambda body: s3.put_object(Bucket='probe', Key='key', Body=body).get('VersionId', 'none')
    def first_version():
        try:
            return s3.get_object(Bucket='probe', Key='key', VersionId=first)['Body'].read().decode()
        except botocore.exceptions.ClientError as error:
            return error.response['Error']['Code']
    versioning('Enabled')
    first = put(b'first')
    put(b'second')
    print('while versioning is on:', first_version())
    versioning('Suspended')
    print('suspended:', first_version())
    put(b'third')
    print('suspended, after a put:', first_version())
PY
seen=$(venv/bin/python probe.py)
echo "$seen"
[ "$seen" = 'while versioning is on: first
suspended: first
suspended, after a put: NoSuchVersion' ]
