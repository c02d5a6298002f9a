import { Html } from '../../../codecs/html.ts';

export const style = new Html(`
:root{color-scheme:light dark;--ink:#1d2b22;--paper:#fff;--line:#cdd6cf;--good:#1b7a3d;--bad:#b3261e;--curve:#1b6ec2}
@media (prefers-color-scheme:dark){:root{--ink:#e3ebe5;--paper:#151a17;--line:#3a453e;--good:#5fce88;--bad:#ff8a80;--curve:#7ab8ff}}
body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:1100px;margin:2rem auto;padding:0 1rem}
h1{font-size:1.7rem}h2{margin-top:2.2rem;border-bottom:1px solid var(--line)}h3{margin-bottom:.3rem}
table{border-collapse:collapse}th,td{padding:.25rem .7rem;text-align:left;border-bottom:1px solid var(--line)}td:first-child{overflow-wrap:break-word;min-width:6rem;max-width:24rem}
.n{text-align:right;font-variant-numeric:tabular-nums}td.n,time{white-space:nowrap}.wide{overflow-x:auto}.good{color:var(--good)}.bad{color:var(--bad)}
svg{width:100%;min-width:32rem;max-width:720px;font-size:11px;fill:var(--ink)}.bar{fill:var(--curve)}.lost{fill:var(--bad)}small,.none{opacity:.7}
.glance{padding-left:1.2rem}.glance li{margin:.15rem 0}
`);
