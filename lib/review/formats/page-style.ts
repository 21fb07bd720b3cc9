import { htmlTableStyle } from "../../text";

/** The style of all pages, for light and dark displays. A page's own style goes between it and `printStyle`. */
export const pageStyle = `
:root { color-scheme: light dark; --ink: #1c2024; --dim: #5b6570; --paper: #ffffff; --line: #d5dae0; --soft: #f3f5f7;
  --bad: #b3261e; --warn: #8a5a00; --good: #1b6e3c; --calm: #2f5fa8; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ebee; --dim: #a3adb8; --paper: #14171a; --line: #353c44;
  --soft: #1d2227; --bad: #ff8a80; --warn: #f0b65a; --good: #6fd196; --calm: #8fb8f5; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem; max-width: 80rem; font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; } h2 { font-size: 1.1rem; margin: 1.5rem 0 .5rem; }
p { margin: .25rem 0; } .dim { color: var(--dim); }
${htmlTableStyle}thead th { background: var(--soft); }
code { font: 13px/1.4 ui-monospace, monospace; }
ul { margin: 0; padding-left: 1.1rem; }
.bad { color: var(--bad); font-weight: 600; } .warn { color: var(--warn); font-weight: 600; }
.good { color: var(--good); } .calm { color: var(--calm); }
.stopped { border-left: .3rem solid var(--bad); background: var(--soft); padding: .5rem .75rem; margin: .75rem 0; }
`;

/** On paper: black on white, whole rows, and nothing that can only be clicked. It is last in the style, so that it takes precedence. */
export const printStyle = `
@media print { :root { --ink: #000; --dim: #444; --paper: #fff; --line: #999; --soft: #fff; --bad: #900; --warn: #640; --good: #040; --calm: #036; }
  body { max-width: none; padding: 0; font-size: 10pt; } thead { display: table-header-group; } tr { break-inside: avoid; } .controls { display: none; } }
`;
