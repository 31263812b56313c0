import { begin, next } from '../src/engine/machine.ts'
const go=()=>{ let p=begin({intent:'apply',undo:false}); const P=(h:any)=>{const t=next(p,h); p=t!}
 P({type:'effectDone',effect:'look',output:{kind:'planned',permit:'auto',reason:'r',dryRunFirst:false,expiresInMs:1}})
 P({type:'effectDone',effect:'recheck',output:{kind:'clear'}})
 P({type:'effectDone',effect:'apply',output:{kind:'applied'}})
 P({type:'effectDone',effect:'verify',output:{kind:'proven'}}); return p }
for(let i=0;i<2000;i++) go()
const t=performance.now(); for(let i=0;i<5000;i++) go(); console.log('us per run',(performance.now()-t)/5, go().state)
const t2=performance.now(); for(let i=0;i<5000;i++) begin({intent:'apply',undo:false}); console.log('begin us',(performance.now()-t2)/5)
