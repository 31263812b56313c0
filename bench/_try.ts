import { startAws } from './aws-process.ts'
import { openEngine } from './engine-job.ts'
import { bareLoop } from './bare-loop.ts'
process.env.AWS_ACCESS_KEY_ID='b';process.env.AWS_SECRET_ACCESS_KEY='b';process.env.AWS_REGION='eu-west-1'
const aws = await startAws()
const groups = Array.from({length:1000},(_,n)=>n)
const what = process.argv[2]
for (let r=0;r<Number(process.argv[3]??4);r++) {
  await aws.reset({groups:1000, delayMs:0})
  if (what==='bare') { const c=process.cpuUsage(); const b=await bareLoop(aws.endpoint, groups); const d=process.cpuUsage(c); console.log(b.seconds, (d.user+d.system)/1e6) }
  else { const e = openEngine(aws.endpoint); const c=process.cpuUsage(); const j = await e.handle(groups,'apply'); const d=process.cpuUsage(c); await e.close(); console.log(j.seconds,(d.user+d.system)/1e6) }
}
aws.stop()
