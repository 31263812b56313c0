import { startAws } from './aws-process.ts'
import { openEngine } from './engine-job.ts'
import { mkdtempSync } from 'node:fs'
process.env.AWS_ACCESS_KEY_ID='b';process.env.AWS_SECRET_ACCESS_KEY='b';process.env.AWS_REGION='eu-west-1'
const aws = await startAws()
await aws.reset({groups:1000, delayMs:0})
const e = openEngine(aws.endpoint)
const j = await e.handle([0,1,2],'apply')
const r=j.runs[0]!
console.log(JSON.stringify(r).length); for (const [k,v] of Object.entries(r)) console.log(k, JSON.stringify(v)?.length)
console.log(JSON.stringify(r,null,1))
await e.close(); aws.stop()
import { sqliteStore } from '../src/store/sqlite.ts'
const f=mkdtempSync('/tmp/sq-'); const s=sqliteStore(f)
const runs=Array.from({length:1000},(_,n)=>({...r,id:r.id+n,key:r.key+n,resource:r.resource+n,revision:1}))
for (const phase of [0,1]) { for (let w=0;w<1000;w+=200) { const t=performance.now()
 await Promise.all(runs.slice(w,w+200).map(x=>s.commit({id:x.id+'-'+(phase+1),run:{...x,revision:phase+1},expect: phase?{revision:1,attached:0}:{revision:0,newest:null},lock: phase?{op:'release',resource:x.resource}:{op:'take',resource:x.resource,epoch:0,owner:'me',until:9e12,now:1},audit:[{at:'x',event:'closed'}]})))
 console.log('200 commits',(performance.now()-t).toFixed(1)) } }
await s.close()
