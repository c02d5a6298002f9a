import { Html } from '../../../codecs/html.ts';

export const style = new Html(`
:root{color-scheme:light dark;--ink:#1d2b22;--paper:#fff;--line:#cdd6cf;--good:#1b7a3d;--bad:#b3261e;--curve:#1b6ec2}
@media (prefers-color-scheme:dark){:root{--ink:#e3ebe5;--paper:#151a17;--line:#3a453e;--good:#5fce88;--bad:#ff8a80;--curve:#7ab8ff}}
body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:1100px;margin:2rem auto;padding:0 1rem}
h1{font-size:1.7rem}h2{margin-top:2.2rem;border-bottom:1px solid var(--line)}
.passed{color:var(--good)}.failed{color:var(--bad)}tr.passed,tr.failed{color:inherit}tr.failed td:last-child{color:var(--bad)}tr.passed td:last-child{color:var(--good)}
table{border-collapse:collapse}th,td{padding:.25rem .7rem;text-align:left;border-bottom:1px solid var(--line)}td.n{text-align:right;font-variant-numeric:tabular-nums}
small{opacity:.7}.row{display:flex;flex-wrap:wrap;gap:1rem}.row figure{margin:0;width:310px}.wide{overflow-x:auto}
svg{width:100%;font-size:11px;fill:var(--ink)}.frame{fill:none;stroke:var(--line)}.curve{fill:none;stroke:var(--curve);stroke-width:2}
.guess{stroke:var(--line);stroke-dasharray:4}.dot{fill:var(--curve)}.mark{fill:var(--bad)}.tick{opacity:.7}
figcaption{font-size:.85rem}.confusion td{min-width:1.8rem;text-align:center;padding:.2rem}
.confusion .hit{background:rgb(27 122 61/calc(var(--share)*.6))}.confusion .miss{background:rgb(179 38 30/calc(var(--share)*.8))}
.confusion thead span{writing-mode:vertical-rl;transform:rotate(180deg);font-size:.75rem}
.gallery{display:grid;grid-template-columns:repeat(auto-fill,minmax(250px,1fr));gap:1rem}.gallery figure{margin:0}.gallery img{width:49%}
.gallery figcaption{overflow-wrap:anywhere}
`);
