import { counted, type HtmlRow, htmlLines, htmlPage, htmlTable, htmlTableStyle, htmlText } from "../../text";
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
${htmlTableStyle}table { font-size: 14px; }
svg.waves { max-width: 100%; height: auto; } svg.narrow { display: none; } @media (max-width: 600px) { svg.wide { display: none; } svg.narrow { display: block; } body { margin: 1rem auto; } } .label { font: 13px system-ui, sans-serif; fill: var(--text); } .label.faint { fill: var(--faint); } .sign { font: 14px system-ui, sans-serif; fill: #fff; }
.box.deployed { fill: var(--good); } .box.unchanged { fill: var(--same); } .box.failed, .box.differs, .box.held { fill: var(--bad); } .box.interrupted, .box.not-planned { fill: var(--odd); } .box.waiting { fill: var(--idle); } .box.running { fill: var(--busy); }
.bad { font-weight: 600; }
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
        wavePicture(report.waves, "wide"),
        wavePicture(report.waves, "narrow"),
        ...report.waves.map(waveSection),
        bucketSection(report),
        `<p class="faint">${htmlText(coverageNote)}</p>`,
        `<p class="faint">engine ${htmlText(report.engine)}, plan ${htmlText(report.plan)}</p>`,
    ].join("\n");
    return htmlPage({ title, style, body });
}

function waveSection(wave: ReportedWave): string {
    return `<section><h2>Wave ${htmlText(wave.name)}: ${waveWords[wave.state]}</h2>
<p class="faint">At most ${counted(wave.maxConcurrent, "stack")} at the same time; ${wave.failureTolerance} may fail.</p>
${htmlTable(stackColumns, wave.stacks.map(stackRow))}</section>`;
}

const stackColumns = [
    "stack",
    "outcome",
    "reason",
    "changes",
    "buckets as declared",
    "risk",
    "policies",
    "account",
    "region",
].map((title) => ({ title }));

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
}: ReportedStack): HtmlRow {
    const good = buckets.filter(({ status }) => status === "as-declared").length;
    const policies = violations.map(({ level, policy, message }) => `${policy} (${level}): ${message}`).join("\n");
    const cells = [
        `<code>${htmlText(name)}</code>`,
        toned(stackWords[state], ["failed", "differs", "held"].includes(state)),
        htmlLines(reason),
        htmlLines(changesText(changes, state !== "not-planned")),
        buckets.length === 0 ? "" : `${good} of ${buckets.length}`,
        htmlText(risk),
        htmlLines(policies),
        named(account),
        named(region),
    ];
    return { cells };
}

function bucketSection({ waves }: RolloutReport): string {
    const all = waves.flatMap(({ stacks }) =>
        stacks.flatMap(({ name, buckets }) => buckets.map((bucket) => ({ ...bucket, stack: name }))),
    );
    const others = all.filter(({ status }) => status !== "as-declared");
    const good = all.filter(({ status }) => status === "as-declared");
    const table = (buckets: typeof all): string => htmlTable(bucketColumns, buckets.map(bucketRow));
    return `<section><h2>Buckets that are not as declared</h2>
${others.length === 0 ? "<p>None.</p>" : table(others)}</section>
<section><h2>Buckets that are encrypted as declared</h2>
${good.length === 0 ? "<p>None.</p>" : `<details${good.length <= 50 ? " open" : ""}><summary>${counted(good.length, "bucket")}</summary>${table(good)}</details>`}</section>`;
}

const bucketColumns = ["bucket", "status", "reason", "stack"].map((title) => ({ title }));

function bucketRow({ bucket, stack, status, why }: BucketOutcome & { readonly stack: string }): HtmlRow {
    const cells = [
        `<code>${htmlText(bucket)}</code>`,
        toned(bucketWords[status], status === "not-known" || status === "different"),
        status === "as-declared" ? "" : htmlLines(why ?? ""),
        named(stack),
    ];
    return { cells };
}

/** A name, which does not break. */
const named = (name: string): string => (name === "" ? "" : `<span class="name">${htmlText(name)}</span>`);

const toned = (words: string, isBad: boolean): string =>
    isBad ? `<span class="bad">${htmlText(words)}</span>` : htmlText(words);
