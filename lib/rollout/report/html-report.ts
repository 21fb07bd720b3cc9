import { htmlLines, htmlPage, htmlText } from "../../text";
import type { BucketOutcome } from "../journal/journal-record";
import { bucketWords, changesText, countsText, coverageNote, stackWords, stateText, waveWords } from "./report-words";
import type { ReportedStack, ReportedWave, RolloutReport } from "./rollout-report";
import { wavePicture } from "./wave-picture";

const style = `
:root { color-scheme: light dark; --text: #1b1f24; --faint: #59636e; --back: #ffffff; --line: #d1d9e0; --good: #1a7f37; --same: #6e9a78; --bad: #cf222e; --odd: #9a6700; --idle: #818b98; --busy: #0969da; }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --faint: #9198a1; --back: #0d1117; --line: #3d444d; --good: #2ea043; --same: #4f7a5a; --bad: #f85149; --odd: #d29922; --idle: #656c76; --busy: #4493f8; } }
@media print { :root { --text: #000; --faint: #444; --back: #fff; --line: #999; } details > * { display: block; } section { break-inside: avoid-page; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--back); max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2 { line-height: 1.25; } .faint { color: var(--faint); fill: var(--faint); }
.tables { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: 14px; } th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid var(--line); } th { white-space: nowrap; } td:last-child { overflow-wrap: anywhere; min-width: 14rem; }
svg.waves { max-width: 100%; height: auto; } .label { font: 13px system-ui, sans-serif; fill: var(--text); } .label.faint { fill: var(--faint); } .sign { font: 14px system-ui, sans-serif; fill: #fff; }
.box.deployed { fill: var(--good); } .box.unchanged { fill: var(--same); } .box.failed, .box.differs, .box.held { fill: var(--bad); } .box.interrupted, .box.not-planned { fill: var(--odd); } .box.waiting { fill: var(--idle); } .box.running { fill: var(--busy); }
td.failed, td.differs, td.held, td.not-known, td.different { font-weight: 600; }
`;

/** A page that needs no script, no font and no request. */
export function htmlReport(report: RolloutReport): string {
    const title = `${report.name}: ${stateText(report)}`;
    const times =
        report.begunAt === undefined
            ? ""
            : `<p class="faint">started ${htmlText(report.begunAt)}${report.endedAt === undefined ? "" : `, ended ${htmlText(report.endedAt)}`}</p>`;
    const body = [
        `<h1>${htmlText(report.name)}</h1>\n<p><strong>${htmlText(stateText(report))}</strong></p>\n${times}`,
        `<ul><li>stacks: ${htmlText(countsText(report.totals.stacks, stackWords))}</li><li>buckets: ${htmlText(countsText(report.totals.buckets, bucketWords))}</li></ul>`,
        wavePicture(report.waves),
        ...report.waves.map(waveSection),
        bucketSection(report),
        `<p class="faint">${htmlText(coverageNote)}</p>`,
        `<p class="faint">engine ${htmlText(report.engine)}, plan ${htmlText(report.plan)}</p>`,
    ].join("\n");
    return htmlPage({ title, style, body });
}

function waveSection(wave: ReportedWave): string {
    const rows = wave.stacks.map(stackRow).join("\n");
    return `<section><h2>Wave ${htmlText(wave.name)}: ${waveWords[wave.state]}</h2>
<p class="faint">At most ${wave.maxConcurrent} stacks at the same time; ${wave.failureTolerance} may fail.</p>
${tableOf(["stack", "account", "region", "outcome", "changes", "risk", "policies", "buckets as declared", "reason"], rows)}</section>`;
}

function stackRow({
    name,
    account = "",
    region = "",
    state,
    changes,
    risk,
    violations,
    buckets,
    reason = "",
}: ReportedStack): string {
    const good = buckets.filter(({ status }) => status === "as-declared").length;
    const policies = violations.map(({ level, policy, message }) => `${policy} (${level}): ${message}`).join("\n");
    const cells = [
        cell(name),
        cell(account),
        cell(region),
        cell(stackWords[state], state),
        cell(changesText(changes)),
        cell(risk),
        cell(policies),
        cell(`${good} of ${buckets.length}`),
        cell(reason),
    ];
    return `<tr>${cells.join("")}</tr>`;
}

function bucketSection({ waves }: RolloutReport): string {
    const all = waves.flatMap(({ stacks }) =>
        stacks.flatMap(({ name, buckets }) => buckets.map((bucket) => ({ ...bucket, stack: name }))),
    );
    const others = all.filter(({ status }) => status !== "as-declared");
    const good = all.filter(({ status }) => status === "as-declared");
    const head = ["bucket", "stack", "status", "reason"];
    return `<section><h2>Buckets that are not as declared</h2>
${others.length === 0 ? "<p>None.</p>" : tableOf(head, others.map(bucketRow).join("\n"))}</section>
<section><h2>Buckets that are encrypted as declared</h2>
${good.length === 0 ? "<p>None.</p>" : `<details${good.length <= 50 ? " open" : ""}><summary>${good.length} buckets</summary>${tableOf(head.slice(0, 3), good.map(bucketRow).join("\n"))}</details>`}</section>`;
}

function bucketRow({ bucket, stack, status, why }: BucketOutcome & { readonly stack: string }): string {
    const cells = [
        cell(bucket),
        cell(stack),
        cell(bucketWords[status], status),
        ...(status === "as-declared" ? [] : [cell(why ?? "")]),
    ];
    return `<tr>${cells.join("")}</tr>`;
}

function tableOf(head: readonly string[], rows: string): string {
    const titles = head.map((title) => `<th scope="col">${htmlText(title)}</th>`).join("");
    return `<div class="tables"><table><thead><tr>${titles}</tr></thead><tbody>\n${rows}\n</tbody></table></div>`;
}

const cell = (text: string, className?: string): string =>
    `<td${className === undefined ? "" : ` class="${className}"`}>${htmlLines(text)}</td>`;
