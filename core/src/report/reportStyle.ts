/** Style of the HTML report: system fonts, both colour schemes, readable in print. */
export const REPORT_STYLE = `
:root{color-scheme:light dark;--bg:#f7f8fa;--card:#fff;--text:#1f2328;--soft:#5d6673;--line:#e2e5ea;--good:#1a7f4b;--bad:#c4314b;--doubt:#9a6700;--c1:#3871dc;--c2:#1a7f4b;--c3:#b8741a;--c4:#c4314b;--c5:#c4314b;--c6:#8b95a5}
@media (prefers-color-scheme:dark){:root{--bg:#111217;--card:#181b1f;--text:#d9dce3;--soft:#8e96a6;--line:#2c3038;--good:#6ccf8e;--bad:#ff7383;--doubt:#f5b73d;--c1:#6e9fff;--c2:#6ccf8e;--c3:#f5b73d;--c4:#ff7383;--c5:#ff7383;--c6:#737d8f}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1040px;padding:24px 20px 60px;background:var(--bg);color:var(--text);font:14px/1.5 Inter,system-ui,-apple-system,"Segoe UI",sans-serif}
h1{font-size:22px;margin:0 0 12px;font-weight:600}h2{font-size:15px;margin:0 0 12px;font-weight:600}
section,header{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:18px 20px;margin-bottom:14px}
header{border-left:5px solid var(--doubt)}header.balanced{border-left-color:var(--good)}header.imbalanced{border-left-color:var(--bad)}
.eyebrow{margin:0 0 4px;color:var(--soft);font-size:12px}
.verdict{display:flex;gap:16px;align-items:center;color:var(--soft)}
.verdict b{color:var(--doubt);letter-spacing:.04em}.balanced .verdict b{color:var(--good)}.imbalanced .verdict b{color:var(--bad)}
.score{font-size:46px;line-height:1;font-weight:650;color:var(--text);font-variant-numeric:tabular-nums}
.sentence{margin:12px 0 0;font-size:15px}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(130px,1fr));gap:0 18px}
.tiles span,.tiles i{display:block;color:var(--soft);font-size:12px;font-style:normal}.tiles b{font-size:20px;font-weight:600;font-variant-numeric:tabular-nums}
.bar{display:grid;grid-template-columns:minmax(90px,200px) 1fr 64px 56px;gap:12px;align-items:center;padding:3px 0;font-variant-numeric:tabular-nums}
.bar span{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}.bar b,.bar em{text-align:right;font-weight:500;font-style:normal}.bar em{color:var(--soft)}
.bar>div{position:relative;height:16px;background:var(--bg);border-radius:3px;overflow:hidden}.bar i{position:absolute;top:0;bottom:0}
.bar .fill{left:0;background:var(--c1);opacity:.75;border-radius:3px}.bar.significant .fill{background:var(--bad)}.bar.significant em{color:var(--bad)}
.bar .noise{background:var(--text);opacity:.14}.bar .expected{width:2px;margin-left:-1px;background:var(--text)}
.note{color:var(--soft);font-size:12px;margin:10px 0 0}
figure{margin:0 0 18px}figcaption{font-size:13px;margin-bottom:4px}figcaption i{color:var(--soft);font-style:normal;font-size:12px;margin-right:14px}
.key{margin-left:12px;font-size:12px;color:var(--soft)}.key:before{content:"";display:inline-block;width:10px;height:3px;margin-right:5px;vertical-align:middle;background:var(--k)}
.c1{--k:var(--c1)}.c2{--k:var(--c2)}.c3{--k:var(--c3)}.c4{--k:var(--c4)}.c5{--k:var(--c5)}.c6{--k:var(--c6)}
svg{display:block;width:100%;height:auto}.line{fill:none;stroke:var(--k);stroke-width:1.6;stroke-linejoin:round}.grid{stroke:var(--line);stroke-width:1}.tick{fill:var(--soft);font-size:11px}
.band{fill:var(--c1);opacity:.18}.target{stroke:var(--soft);stroke-dasharray:5 4}.span{fill:var(--soft);opacity:.09}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}th,td{text-align:left;padding:5px 12px 5px 0;border-bottom:1px solid var(--line);white-space:nowrap}th{color:var(--soft);font-weight:500;font-size:12px}td:last-child{white-space:normal}
ul{margin:0;padding-left:20px}
@media print{body{background:none}section,header{break-inside:avoid}}
`
  .replaceAll('\n', '')
  .trim();
