/** The one style sheet of our pages: the console's colours, and what a form needs. Each pair used for text has a contrast of 4.5 or more. */
export const PAGE_STYLE = `
:root{color-scheme:light dark;--ground:light-dark(#f5f7f9,#101316);--panel:light-dark(#fff,#181c20);--line:light-dark(#d8dde3,#2d343b);--edge:light-dark(#838d98,#6d7883);--ink:light-dark(#16191d,#e8ebee);--soft:light-dark(#535c66,#a6afb8);--accent:light-dark(#0b5cad,#82bbf6);--on-accent:light-dark(#fff,#08182a);--bad:light-dark(#b0241c,#ff9f96);--good:light-dark(#12673a,#6fd69f)}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:flex;flex-direction:column;background:var(--ground);color:var(--ink);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:anywhere}
main{width:100%;max-width:28rem;margin:auto;padding:2.5rem 1rem}
main.wide{max-width:46rem}
.brand{color:var(--soft);font-size:.9rem;margin:0 0 .5rem}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 1.25rem}
h2{font-size:1.1rem;margin:2rem 0 .75rem}
section,form.panel{background:var(--panel);border:1px solid var(--line);border-radius:.75rem;padding:1.25rem}
form.panel>*:first-child,section>*:first-child{margin-top:0}
label{display:block;font-weight:600;margin:0 0 .25rem}
.field{margin:0 0 1rem}
.hint{color:var(--soft);font-size:.9rem;margin:.25rem 0 0}
input[type=text],input[type=email],input[type=password]{width:100%;font:inherit;color:inherit;background:var(--ground);border:1px solid var(--edge);border-radius:.4rem;padding:.55rem .7rem}
input[aria-invalid=true]{border-color:var(--bad)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
button,.button{display:inline-block;font:inherit;font-weight:600;border:1px solid var(--accent);border-radius:.4rem;padding:.55rem 1.1rem;background:var(--accent);color:var(--on-accent);cursor:pointer;text-decoration:none}
button.quiet{background:none;color:var(--accent)}
button.danger{background:none;border-color:var(--bad);color:var(--bad)}
.wide-button{width:100%}
.row{display:flex;gap:.75rem;flex-wrap:wrap;align-items:center;justify-content:space-between}
a{color:var(--accent)}
ul.plain{list-style:none;margin:0;padding:0}
ul.plain>li{padding:.75rem 0;border-top:1px solid var(--line)}
ul.plain>li:first-child{border-top:0}
.trouble{border-left:4px solid var(--bad);padding:.25rem .75rem;margin:0 0 1rem}
.done{border-left:4px solid var(--good);padding:.25rem .75rem;margin:0 0 1rem}
.below{margin:1rem 0 0;font-size:.95rem}
code{font-family:ui-monospace,"SF Mono","Cascadia Mono","Liberation Mono",Menlo,Consolas,monospace}
@media (prefers-reduced-motion:no-preference){button{transition:opacity .1s}}`;
