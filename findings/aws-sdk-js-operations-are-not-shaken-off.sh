#!/usr/bin/env bash
# esbuild 0.28.2 with @aws-sdk/client-ec2 3.1169.0: naming one command of the modular client does not leave the other
# operations out. Their schemas use computed constant keys, which esbuild must take for a side effect, so one
# DescribeSecurityGroups brings (nearly) the schemas of all of EC2. See aws-sdk-js-v3#7607 and esbuild#4373.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
echo '{"type":"module"}' > package.json
npm install --silent --no-audit --no-fund @aws-sdk/client-ec2@3.1169.0 esbuild@0.28.2
echo "import { EC2Client, DescribeSecurityGroupsCommand } from '@aws-sdk/client-ec2'; console.log(new EC2Client({}), DescribeSecurityGroupsCommand)" > one.js
npx esbuild one.js --bundle --minify --platform=node --format=esm --tree-shaking=true --outfile=one.mjs --log-level=error
left=$(grep -o 'PurchaseReservedInstancesOffering\|CreateTransitGatewayMulticastDomain\|ModifyVerifiedAccessTrustProvider' one.mjs | sort -u | wc -l)
kilobytes=$(( $(wc -c < one.mjs) / 1000 ))
echo "$kilobytes kB for one operation; of three unrelated operations, schemas of $left are in it"
[ "$left" = 3 ] && [ "$kilobytes" -gt 500 ]
