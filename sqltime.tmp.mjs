import { DuckDBConnection } from '@duckdb/node-api';
const agg=new Map();
for (const m of ['run','runAndReadAll','stream']) { const o=DuckDBConnection.prototype[m]; DuckDBConnection.prototype[m]=async function(s,...a){const t=performance.now(); try{return await o.call(this,s,...a);}finally{const d=performance.now()-t; const k=s.replace(/\s+/g,' ').replace(/\/tmp\/[^' ]*/g,'P').replace(/\d+/g,'N').slice(0,110); const e=agg.get(k)??{n:0,t:0,ex:s}; e.n++; e.t+=d; agg.set(k,e);} } }
const { openWorkspace } = await import('./dist/src/engine/workspace.js');
const { run } = await import('./dist/src/engine/run.js');
const { stories } = await import('./dist/stories/index.js');
const [lake,store]=process.argv.slice(2);
const t=performance.now(); const c=process.cpuUsage();
const w=await openWorkspace({lake,store});
await run(w,{stories,force:true,parallel:1, years: process.argv[4]?[Number(process.argv[4])]:undefined}); await w.close();
const u=process.cpuUsage(c);
console.log('wall',(performance.now()-t).toFixed(0),'cpu',((u.user+u.system)/1000).toFixed(0));
for (const [k,e] of [...agg].sort((a,b)=>b[1].t-a[1].t).slice(0,Number(process.argv[5]??45))) console.log(e.t.toFixed(0).padStart(6),String(e.n).padStart(4),k);
