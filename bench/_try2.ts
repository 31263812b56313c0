import { startAws } from '/work/main/bench/aws-process.ts'
import { openEngine } from '/work/main/bench/engine-job.ts'
import { bareLoop } from '/work/main/bench/bare-loop.ts'
process.env.AWS_ACCESS_KEY_ID='b';process.env.AWS_SECRET_ACCESS_KEY='b';process.env.AWS_REGION='eu-west-1'
const aws = await startAws()
const groups = Array.from({length:1000},(_,n)=>n)
const tally = (c:any[]) => { const m:any={}; for (const x of c){ const k=x.operation; (m[k]??=[]).push(x.ids.length) } ; return Object.fromEntries(Object.entries(m).map(([k,v]:any)=>[k, v.length>20? v.length+' calls': v.join(',')])) }
for (const delayMs of [0,60]) for (let r=0;r<3;r++) {
  await aws.reset({groups:1000, delayMs})
  const b = await bareLoop(aws.endpoint, groups)
  const bs = await aws.seen()
  await aws.reset({groups:1000, delayMs})
  const e = openEngine(aws.endpoint)
  const j = await e.handle(groups,'apply')
  await e.close()
  const es = await aws.seen()
  console.log(delayMs,'bare',b.seconds.toFixed(3),bs.calls.length,bs.mostAtOnce,bs.openRules,'engine',j.seconds.toFixed(3),es.calls.length,es.mostAtOnce,es.openRules,'ratio',(j.seconds/b.seconds).toFixed(2), j.transactions)
  if (r==2) { console.log(tally(bs.calls)); console.log(tally(es.calls)) }
}
console.log(process.resourceUsage().maxRSS/1024)
aws.stop()
