/// The page's one style sheet. Colours of text on their grounds keep a contrast of 4.5 or more, those of drawings of 3
/// or more, in light and dark (WCAG 2.2).
enum PageStyle {
    /// Without it the page still reads from top to bottom.
    static let sheet = """
        :root{color-scheme:light dark;--ground:#f5f6f8;--card:#fff;--ink:#1a2230;--soft:#556071;--line:#dde2ea;\
        --grid:#e7eaf0;--axis:#a3abb9;--link:#1d55b3;--track:#e4e8ee;\
        --sent:#2563c9;--failed:#c2371f;--deferred:#b97a00;--doubt:#7d4bb8;--sending:#0e8a9c;--waiting:#8790a0;\
        --skipped:#5b6472;--bad:#a32a15;--bad-ground:#fdecea;--warn:#7a5200;--warn-ground:#fdf3dd;\
        --go:#1d55b3;--go-ground:#e5eefc;--good:#17663f;--good-ground:#e3f4ea;--calm:#465163;--calm-ground:#e9ecf1}
        @media (prefers-color-scheme:dark){:root{--ground:#10141a;--card:#181e27;--ink:#e5e9f0;--soft:#a2acbb;\
        --line:#2a3340;--grid:#252d38;--axis:#566173;--link:#86b4ff;--track:#2a3340;\
        --sent:#5b97f5;--failed:#f5745d;--deferred:#dfa43a;--doubt:#b58aea;--sending:#35b5c7;--waiting:#7f8a9c;\
        --skipped:#a7b0bf;--bad:#ff9c8b;--bad-ground:#3a1c18;--warn:#f0c067;--warn-ground:#362a12;\
        --go:#9cc2ff;--go-ground:#1a2c4c;--good:#86d8a9;--good-ground:#15321f;--calm:#b6bfcd;--calm-ground:#262e3a}}
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%}
        body{margin:0 auto;padding:2.25rem 1.5rem 3rem;max-width:80rem;background:var(--ground);color:var(--ink);\
        font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",Cantarell,sans-serif;\
        font-variant-numeric:tabular-nums}
        h1,h2,h3,p,ul,dl,dd,figure{margin:0;padding:0}
        h1{font-size:1.75rem;line-height:1.2;letter-spacing:-.02em}
        h2{font-size:1.3rem;line-height:1.3;letter-spacing:-.01em;overflow-wrap:anywhere}
        h3,caption{font-size:.95rem;font-weight:600;text-align:left}
        a{color:var(--link);text-underline-offset:.15em}
        a:focus-visible,summary:focus-visible,.scroll:focus-visible{outline:2px solid var(--link);outline-offset:2px;\
        border-radius:3px}
        code{font:0.92em ui-monospace,"Cascadia Mono","Liberation Mono",monospace;overflow-wrap:anywhere}
        .soft{color:var(--soft)}
        .top p{overflow-wrap:anywhere;margin-top:.25rem}
        main>*{margin-top:1.5rem}
        .notices ul{list-style:none;background:var(--bad-ground);color:var(--bad);border-radius:12px;\
        padding:.85rem 1.1rem;overflow-wrap:anywhere}
        .notices li+li{margin-top:.45rem}
        .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.2rem,1fr));overflow:hidden;\
        background:var(--card);border:1px solid var(--line);border-radius:12px}
        .tiles div{box-shadow:0 0 0 .5px var(--line);padding:.8rem 1.1rem}
        dt{color:var(--soft);font-size:.8rem}
        .tiles dd{font-size:1.3rem;line-height:1.35;letter-spacing:-.01em;white-space:nowrap}
        .tiles time{font-size:1rem;letter-spacing:0}
        table{border-collapse:collapse;width:100%}
        th,td{text-align:left;vertical-align:baseline;padding:.5rem .6rem;font-weight:400}
        thead th,thead td{color:var(--soft);font-size:.8rem;padding-bottom:.35rem}
        tbody tr{border-top:1px solid var(--line)}
        .overview{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:.5rem .5rem .25rem;overflow-x:auto}
        .mailings th,.mailings td{padding-left:.45rem;padding-right:.45rem}
        .mailings thead th{white-space:nowrap}
        .overview>p{padding:.5rem .6rem .6rem;border-top:1px solid var(--line)}
        .mailings tbody th{min-width:11rem;overflow-wrap:anywhere}
        .mailings tbody th a,.mailings tbody th>bdi{font-weight:600}
        .about{display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:1;overflow:hidden;color:var(--soft);\
        font-size:.87rem;line-height:1.4}
        .mailings{font-size:.93rem}
        .mailings td{white-space:nowrap}
        .mailings td:last-child{white-space:normal;min-width:4.5rem}
        .mailings time{white-space:nowrap}
        td.progress{white-space:nowrap}
        td.progress svg{display:inline-block;width:5.2rem;height:8px;margin-right:.5rem;vertical-align:.02em}
        svg.progress{background:var(--track);border-radius:5px;overflow:hidden}
        .number,.mailings th:nth-child(n+5){text-align:right}
        .waits{color:var(--soft);font-size:.87rem}
        .pill{display:inline-block;padding:.08rem .6rem .12rem;border-radius:1rem;font-size:.82rem;line-height:1.45;\
        background:var(--calm-ground);color:var(--calm);white-space:nowrap}
        .pill.active{background:var(--go-ground);color:var(--go)}
        .pill.paused,.pill.gone{background:var(--warn-ground);color:var(--warn)}
        .pill.done{background:var(--good-ground);color:var(--good)}
        .mailing{padding-top:1.5rem}
        .mailing>header{display:flex;align-items:baseline;gap:.7rem;flex-wrap:wrap}
        .subject{margin-top:.2rem;overflow-wrap:anywhere}
        .facts{display:flex;flex-wrap:wrap;gap:.6rem 2rem;margin-top:.9rem}
        .problems{list-style:none;margin-top:.9rem}
        .problems li{padding:.5rem .9rem;border-radius:8px;overflow-wrap:anywhere}
        .problems .error+.warning{margin-top:.4rem}
        .error{background:var(--bad-ground);color:var(--bad)}
        .warning{background:var(--warn-ground);color:var(--warn)}
        .problems .warning+.warning,.problems .error+.error{margin-top:-.45rem;padding-top:0;border-top-left-radius:0;\
        border-top-right-radius:0}
        .ended{margin-top:1.1rem}
        .ended svg{display:block;height:12px;border-radius:6px}
        .ended p{margin-top:.4rem}
        .cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,26rem),1fr));gap:1rem;margin-top:1rem}
        .card{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:1rem 1.2rem;min-width:0}
        .wide,.card:nth-child(even):last-child{grid-column:1/-1}
        .card>p{margin-top:.35rem}
        .legend{list-style:none;display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;margin-top:.35rem;color:var(--soft)}
        .swatch{margin-right:.45rem}
        .axis-title{color:var(--soft);font-size:.8rem;margin-top:.7rem}
        .plot{display:flex}
        .plot .y{flex:none}
        .plot .area{flex:1;min-width:0;overflow:visible}
        svg text{fill:var(--soft);font-size:12px}
        .grid{stroke:var(--grid)}
        .base{stroke:var(--axis)}
        .line{stroke:var(--sent);stroke-width:2;stroke-linejoin:round}
        .under{fill:var(--sent)}
        .hit:hover{fill:var(--ink);fill-opacity:.08}
        .f-sent{fill:var(--sent)}.f-failed{fill:var(--failed)}.f-deferred{fill:var(--deferred)}\
        .f-doubt{fill:var(--doubt)}.f-sending{fill:var(--sending)}.f-waiting{fill:var(--waiting)}\
        .f-skipped{fill:var(--skipped)}
        details{margin-top:.6rem}
        summary{cursor:pointer;color:var(--link);width:fit-content}
        .scroll{max-height:20rem;overflow:auto;margin-top:.5rem}
        .bars th,.bars td,.numbers th,.numbers td{padding:.22rem .5rem .22rem 0}
        .bars .n,.numbers .n{text-align:right;padding-right:0;padding-left:.8rem;white-space:nowrap}
        .numbers thead th{position:sticky;top:0;background:var(--card)}
        caption{padding-bottom:.5rem}
        .bars tbody tr,.bars .axis{border:0}
        .bars tbody th{line-height:1.35;overflow-wrap:anywhere;width:38%}
        .bars .bar{vertical-align:top;padding:0 1rem 0 .4rem}
        .bars svg{display:block;overflow:visible}
        .bars .axis td{color:var(--soft);font-size:12px;padding-top:0;vertical-align:top}
        .bars .sum{border-top:1px solid var(--line)}
        .ignored ul{margin:.4rem 0 0 1.1rem;overflow-wrap:anywhere}
        .empty{background:var(--card);border:1px dashed var(--axis);border-radius:12px;padding:2.5rem 1.5rem;\
        text-align:center;overflow-wrap:anywhere}
        footer{margin-top:2.5rem;font-size:.87rem}
        @media screen and (max-width:72rem){\
        body{padding:1.5rem 1rem 2.5rem}\
        .overview{padding:0}\
        .mailings,.mailings tbody,.mailings tr,.mailings th,.mailings td{display:block}\
        .mailings thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}\
        .mailings tr{display:grid;grid-template-columns:repeat(6,1fr);gap:.4rem .9rem;padding:.9rem 1.1rem}\
        .mailings tbody tr:first-child{border-top:0}\
        .mailings tbody th{grid-column:1/-2;width:auto;min-width:0;padding:0}\
        .mailings td{padding:0;text-align:left;white-space:normal}\
        .mailings td::before{content:attr(data-label);display:block;color:var(--soft);font-size:.76rem}\
        .mailings td[data-label=State]{grid-column:-2/-1;justify-self:end}\
        .mailings td[data-label=When],.mailings td.progress{grid-column:1/-1}\
        .mailings td[data-label=State]::before,.mailings td[data-label=When]::before,\
        .mailings td.progress::before,.mailings .none{content:none;display:none}\
        .mailings td[data-label=When],.mailings td.progress{color:var(--soft)}\
        td.progress svg{width:calc(100% - 4.5rem)}}
        @media screen and (max-width:40rem){.mailings tr{grid-template-columns:repeat(3,1fr)}\
        .mailings td[data-label="Time left"]{grid-column:span 2}}
        @media screen and (max-width:30rem){body{padding:1.25rem .8rem 2rem}.card{padding:.9rem}\
        .tiles{grid-template-columns:1fr 1fr}.tiles div:last-child{grid-column:1/-1}\
        .bars tr{display:flex;flex-wrap:wrap;align-items:baseline}.bars th,.bars tbody th{flex:1 1 0;width:auto}\
        .bars .n{flex:none;width:4.7rem;padding-left:.3rem}.bars .axis .n{width:100%}\
        .bars .bar{order:9;flex:0 0 100%;padding:0 1rem 0 0}.bars .axis .bar{order:0}.bars thead td,.bars .sum td:not(.n),\
        .bars .axis td:first-child{display:none}}
        @media (prefers-contrast:more){:root{--soft:var(--ink);--line:var(--axis)}}
        @media print{:root{color-scheme:light;--ground:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb;\
        --grid:#ddd;--axis:#888;--link:#000;--track:#e4e8ee;--sent:#2563c9;--failed:#c2371f;--deferred:#b97a00;\
        --doubt:#7d4bb8;--sending:#0e8a9c;--waiting:#8790a0;--skipped:#5b6472;--bad:#a32a15;--bad-ground:#fff;\
        --warn:#7a5200;--warn-ground:#fff;--go:#000;--go-ground:#fff;--good:#000;--good-ground:#fff;--calm:#000;\
        --calm-ground:#fff}\
        html{font-size:11px}*{-webkit-print-color-adjust:exact;print-color-adjust:exact}\
        body{padding:0;max-width:none;font-size:9pt}.mailings{font-size:7.5pt}td.progress svg{display:none}\
        .overview{overflow:visible}.mailings tbody th{min-width:7rem}.mailings th,.mailings td{padding:.35rem .25rem}a{text-decoration:none}\
        .pill,.error,.warning,.notices ul{border:1px solid var(--axis)}\
        .card,.mailings tr,.tiles{break-inside:avoid}.mailing>header,h3,caption{break-after:avoid}\
        details:not([open]){display:none}.scroll{max-height:none}}
        """
}
