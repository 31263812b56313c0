import { build } from 'esbuild'
import { buildOptions } from '../src/sandbox/bundle.ts'
import { functionsOf, readTemplate } from '../src/sandbox/template.ts'
const d = functionsOf(readTemplate()).find(({ id }) => id === 'RunnerFunction')!
const names: Record<string,string> = {
 '@aws-sdk/client-ec2': 'EC2Client,DescribeSecurityGroupRulesCommand,DescribeSecurityGroupsCommand,DescribeNetworkInterfacesCommand,RevokeSecurityGroupIngressCommand,AuthorizeSecurityGroupIngressCommand,CreateTagsCommand,DescribeSnapshotsCommand,DescribeSnapshotAttributeCommand,ModifySnapshotAttributeCommand,DescribeInstancesCommand,DescribeManagedPrefixListsCommand,GetManagedPrefixListEntriesCommand,DescribeVpcsCommand,DescribeAddressesCommand',
 '@aws-sdk/client-sts': 'STSClient,AssumeRoleCommand,GetCallerIdentityCommand' }
const r = await build({ ...buildOptions(d, process.argv[2]!), metafile: true, plugins: [{ name: 'x', setup(b) {
  b.onResolve({ filter: /^@aws-sdk\/client-(ec2|sts)$/ }, (a) => a.kind === 'dynamic-import' ? { path: a.path, namespace: 'few' } : undefined)
  b.onLoad({ filter: /.*/, namespace: 'few' }, (a) => ({ contents: `export { ${names[a.path]} } from '${a.path}'`, resolveDir: process.cwd() }))
} }] })
for (const [k,v] of Object.entries(r.metafile!.outputs)) if (k.endsWith('.mjs') && v.bytes>20000) console.log(k.split('/').pop(), v.bytes, Object.keys(v.inputs).filter(i=>/client-ec2|few:/.test(i)).length)
