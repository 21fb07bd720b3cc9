const pulumi = require("@pulumi/pulumi");
const { Thing, Undiffed, Group } = require("./thing.js");
const handler = (text) => `exports.handler = () => require("./odd.js")[${JSON.stringify(text)}];`;
class Odd extends pulumi.CustomResource {
    constructor(how, name, args, opts) { super("pulumi-nodejs:dynamic/sample:Odd", name, { out: undefined, revision: undefined, key: name, ...args, __provider: handler(how) }, opts); }
}
const env = process.env;
const v = env.V ?? "1";
const is = (...names) => names.includes(v);
const cases = {
    chain() {
        const a = new Thing("a", { value: v });
        const b = new Thing("b", { value: pulumi.interpolate`${v} ${a.revision}`, kind: env.B_KIND ?? "a" });
        const c = new Thing("c", { value: pulumi.interpolate`${v} ${b.revision}` });
        if (env.LONG) new Thing("d", { value: pulumi.interpolate`${v} ${c.revision}` });
        exports.end = c.fingerprint;
    },
    dependsFail() {
        const a = new Thing("a", { value: v });
        const bad = new Thing("bad", { value: v }, { dependsOn: [a] });
        const dep = new Thing("dep", { value: "1" }, { dependsOn: [bad] });
        const g = new Group("g", { dependsOn: [bad] });
        new Thing("in-g", { value: "1" }, { parent: g });
        new Thing("kid", { value: "1" }, { parent: bad });
        new Thing("dep2", { value: dep.echo });
        new Thing("free", { value: a.echo });
        exports.e = dep.echo; exports.f = a.echo;
    },
    two() {
        const a = new Thing("a", { value: v, kind: v });
        const b = new Thing("b", { value: "1", kind: a.fingerprint });
        if (!env.NO_C) new Thing("c", { value: b.fingerprint });
    },
    thrown() {
        exports.early = "given";
        const a = new Thing("a", { value: v });
        if (is("string")) throw "just a string";
        if (is("object")) throw { code: 5 };
        if (is("undefined")) throw undefined;
        if (is("type")) null.x;
        if (is("next-tick")) process.nextTick(() => { throw new Error("on next tick"); });
        if (is("timeout")) a.urn.apply(() => setTimeout(() => { throw new Error("in a timer"); }, 100));
        if (is("rejection")) a.urn.apply(() => { Promise.reject(new Error("forgotten")); });
        if (is("exit0")) a.urn.apply(() => setTimeout(() => process.exit(0), 200));
        if (is("exit1")) process.exit(1);
        if (is("exit1-later")) a.urn.apply(() => setTimeout(() => process.exit(1), 200));
        if (is("exit32")) a.urn.apply(() => setTimeout(() => process.exit(32), 200));
        if (is("sigkill")) a.urn.apply(() => setTimeout(() => process.kill(process.pid, "SIGKILL"), 200));
        if (is("exitcode")) process.exitCode = 3;
        if (is("rejected-input")) new Thing("r", { value: Promise.reject(new Error("the input rejects")) });
        if (is("rejected-output")) new Thing("r", { value: a.echo.apply(() => { throw new Error("the apply rejects"); }) });
        if (is("rejected-export")) exports.bad = a.echo.apply(() => { throw new Error("the export rejects"); });
        if (is("duplicate")) new Thing("a", { value: "2" });
        if (is("resource-error")) throw new pulumi.ResourceError("resource says", a);
        if (is("run-error-late")) a.urn.apply(() => { throw new pulumi.RunError("run error late"); });
        if (is("bad-type")) new pulumi.CustomResource("nonsense", "x", {});
        if (is("bad-parent")) new Thing("bp", { value: "1" }, { parent: "oops" });
        if (is("empty-name")) new Thing("", { value: "1" });
        if (is("unknown-package")) new pulumi.CustomResource("aws:s3/bucket:Bucket", "x", {});
        if (is("invoke")) exports.i = pulumi.output(pulumi.runtime.invoke("aws:index:getRegion", {}));
        if (is("log-error")) pulumi.log.error("only logged", a);
        if (is("syntax")) require("./broken.js");
        if (is("missing")) require("./not-there.js");
        if (is("print")) { for (let i = 0; i < 50; i += 1) console.log("line", i); process.stdout.write("no newline at the end"); }
        exports.late = "given";
    },
    async asyncThrown() { const a = new Thing("a", { value: v }); await new Promise((r) => setTimeout(r, 50)); if (is("boom")) throw new Error("async boom"); exports.x = 1; },
    odd() {
        const good = new Thing("good", { value: v });
        if (!env.HOW) return;
        const o = new Odd(env.HOW, "odd", { value: v, revisionOf: good.revision });
        exports.o = o.out;
        if (env.AFTER) new Thing("after", { value: o.out });
    },
    partial() {
        const a = new Thing("a", { value: v, kind: env.K ?? "a" }, { replaceOnChanges: env.INITERROR ? ["#initerror"] : [] });
        if (!env.NO_B) new Thing("b", { value: a.fingerprint });
    },
};
const r = cases[env.CASE]?.();
if (r instanceof Promise) module.exports = r.then(() => exports);
