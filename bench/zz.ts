import { build } from 'esbuild'
import { buildOptions } from '../src/sandbox/stack/bundle.ts'
import { functionsOf, readTemplate } from '../src/sandbox/stack/template.ts'
const entry='src/lambda/runner.ts'
const d = functionsOf(readTemplate()).find(({id})=>id==='RunnerFunction')!
const o = buildOptions(d,'/tmp/zz')
console.log(o.entryPoints)
const early=(m:any)=>{const e = Object.keys(m.outputs).find(k=>m.outputs[k].entryPoint===entry)!
const files=new Set<string>([e]); for(const x of files) for(const i of m.outputs[x].imports) if(i.kind==='import-statement'&&!i.external) files.add(i.path)
const r=new Map<string,number>(); let glue=0; for(const x of files){ let s=0; for(const [n,b] of Object.entries<any>(m.outputs[x].inputs)){r.set(n,b.bytesInOutput);s+=b.bytesInOutput}; glue+=m.outputs[x].bytes-s}
return {r,glue,n:files.size}}
const all=(await build({...o,metafile:true,write:false})).metafile
const one=(await build({...o,entryPoints:[entry],metafile:true,write:false})).metafile
const noslack=(await build({...o,entryPoints:(o.entryPoints as string[]).filter(x=>!/slack|cards/.test(x)),metafile:true,write:false})).metafile
const A=early(all),B=early(one),C=early(noslack)
console.log('glue',A.glue,B.glue,C.glue,'files',A.n,B.n,C.n)
const diff=[...A.r].map(([n,b])=>[b-(B.r.get(n)??0),n,b]).filter(([d])=>(d as number)>20).sort((a,b)=>(b[0] as number)-(a[0] as number))
console.log(diff.map(x=>x.join(' ')).join('\n'))
console.log('sum', diff.reduce((s,x)=>s+(x[0] as number),0))
for (const t of ['src/engine/decide/decide-as.ts','src/engine/run-called.ts','src/policy/explain.ts','src/policy/file/spelling.ts','src/policy/approver-patterns.ts','src/engine/stuck.ts','src/policy/written-durations.ts','src/policy/approvers.ts','src/run/people.ts'])
  console.log(t,'<-',Object.entries<any>(all.inputs).filter(([n,i])=>A.r.has(n)&&i.imports.some((x:any)=>x.path===t)).map(([n])=>n).join(' '))
