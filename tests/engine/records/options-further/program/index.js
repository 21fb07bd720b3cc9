const pulumi = require("@pulumi/pulumi");
const { Thing, Undiffed, Group } = require("./thing.js");
const env = process.env;
const v = env.V ?? "1";
const is = (...names) => names.includes(v);
class Provider extends pulumi.ProviderResource {
    constructor(name, args, opts) { super("pulumi-nodejs", name, args, opts); }
}
const urn = (type, name) => `urn:pulumi:dev::engine-sample::${type}::${name}`;
const thing = "pulumi-nodejs:dynamic/sample:Thing";
const cases = {
    ignore() {
        const list = is("1") ? [{ size: 1, c: "r" }, { size: 2, c: "r" }] : is("2") ? [{ size: 9, c: "r" }, { size: 8, c: "r" }] : is("3") ? [{ size: 9, c: "b" }, { size: 8, c: "r" }] : [{ size: 9, c: "b" }];
        new Thing("star-list", { value: list }, { ignoreChanges: ["value[*].size"] });
        new Thing("star-map", { value: is("1") ? { a: { x: 1 }, b: { x: 2 } } : is("2") ? { a: { x: 5 }, b: { x: 6 } } : { a: { x: 5 }, b: { x: 6 }, c: { x: 7 } } }, { ignoreChanges: ["value.*.x"] });
        new Thing("added-key", { value: "1", ...(is("1") ? {} : { kind: "new" }) }, { ignoreChanges: ["kind"] });
        new Thing("dropped-key", { value: "1", ...(is("1") ? { kind: "old" } : {}) }, { ignoreChanges: ["kind"] });
        new Thing("added-nested", { value: is("1") ? { a: 1 } : { a: 1, b: 2 } }, { ignoreChanges: ["value.b"] });
        new Thing("dropped-nested", { value: is("1") ? { a: 1, b: 2 } : { a: 1 } }, { ignoreChanges: ["value.b"] });
        new Thing("quoted", { value: { "a.b": v, c: "x" } }, { ignoreChanges: ['value["a.b"]'] });
        new Thing("absent-both", { value: v === "1" ? "1" : "2" }, { ignoreChanges: ["nothing"] });
        if (is("missing")) new Thing("absent-deep", { value: { a: 1 } }, { ignoreChanges: ["value.b.c"] });
        if (is("missing2")) { new Thing("absent-deep", { value: { a: 2 } }, { ignoreChanges: ["value.b.c"] }); }
        new Undiffed("undiffed", { value: { a: v, b: is("3") ? "n" : "o" } }, { ignoreChanges: ["value.a"] });
        new Thing("secret-ignored", { value: pulumi.secret({ a: v, b: "x" }) }, { ignoreChanges: ["value.a"] });
    },
    replaceOn() {
        new Undiffed("nested", { value: { size: v, c: "r" } }, { replaceOnChanges: ["value.size"] });
        new Undiffed("nested-other", { value: { size: v, c: "r" } }, { replaceOnChanges: ["value.c"] });
        new Undiffed("indexed", { value: ["a", v] }, { replaceOnChanges: ["value[1]"] });
        new Undiffed("indexed-other", { value: ["a", v] }, { replaceOnChanges: ["value[0]"] });
        new Undiffed("starred", { value: [{ x: v }] }, { replaceOnChanges: ["value[*].x"] });
        new Undiffed("dbr", { value: v }, { replaceOnChanges: ["value"], deleteBeforeReplace: true });
        new Undiffed("added", { value: "1", ...(is("1") ? {} : { kind: "n" }) }, { replaceOnChanges: ["kind"] });
        new Undiffed("dropped", { value: "1", ...(is("1") ? { kind: "n" } : {}) }, { replaceOnChanges: ["kind"] });
        new Undiffed("whole-changed", { value: is("1") ? "text" : { deep: 1 } }, { replaceOnChanges: ["value.deep"] });
    },
    dbr() {
        const base = new Thing("base", { value: "1", kind: v }, { deleteBeforeReplace: true });
        const dep = new Thing("dep", { value: base.fingerprint, kind: base.fingerprint });
        const second = new Thing("second", { value: dep.fingerprint, kind: dep.fingerprint }, { retainOnDelete: env.RETAIN === "true" });
        new Thing("valued", { value: base.fingerprint });
        new Thing("only-depends", { value: "1" }, { dependsOn: [base] });
        const child = new Thing("child", { value: "1" }, { parent: base });
        new Thing("grandchild", { value: "1", kind: child.fingerprint }, { parent: child });
        new Thing("with", { value: "1" }, { deletedWith: base });
        new Undiffed("undiffed-dep", { value: base.fingerprint }, { replaceOnChanges: ["value"] });
        const group = new Group("group", { dependsOn: [base] });
        new Thing("in-group", { value: "1", kind: base.echo }, { parent: group });
    },
    retain() {
        if (!is("gone")) {
            new Thing("r-dbr", { value: "1", kind: v }, { retainOnDelete: true, deleteBeforeReplace: true });
            new Thing("r-cbd", { value: "1", kind: v }, { retainOnDelete: true });
            new Thing("r-toggled", { value: "1" }, { retainOnDelete: is("1") });
            const parent = new Group("r-parent", { retainOnDelete: true });
            new Thing("r-child", { value: "1", kind: v }, { parent });
            new Thing("r-child-not", { value: "1", kind: v }, { parent, retainOnDelete: false });
        }
    },
    with() {
        if (is("gone")) return;
        const host = new Thing("host", { value: "1", kind: is("kind") ? "b" : "a" });
        const mid = new Thing("mid", { value: "1" }, { deletedWith: host });
        if (!is("leaf-gone")) new Thing("leaf", { value: "1" }, { deletedWith: mid });
        const comp = new Group("comp");
        if (!is("comp-member-gone")) new Thing("comp-with", { value: "1" }, { deletedWith: comp });
        const p = new Group("pg", { deletedWith: host });
        new Thing("inherits", { value: "1", kind: is("kind") ? "b" : "a" }, { parent: p });
    },
    alias() {
        const after = is("after", "after2");
        if (!after) {
            const g = new Group("outer");
            const h = new Group("outer-inner", { parent: g });
            new Thing("outer-inner-leaf", { key: "leaf", value: "1" }, { parent: h });
            const cr = new Thing("custom-parent", { key: "custom-parent", value: "1" });
            new Thing("custom-child", { key: "custom-child", value: "1" }, { parent: cr });
            new Thing("np", { key: "np", value: "1" });
            new Thing("multi", { key: "multi", value: "1" });
            new Thing("swap-a", { key: "swap-a", value: "1" });
            new Thing("swap-b", { key: "swap-b", value: "1" });
            new Thing("dbr-old", { key: "dbr", value: "1", kind: "a" });
            new Thing("prot-old", { key: "prot", value: "1" }, { protect: true });
            const p = new Provider("prov-old", {});
            new Thing("of-prov", { key: "of-prov", value: "1" }, { provider: p });
            new Thing("gone-with-user", { key: "gwu", value: "1" }, { deletedWith: cr });
        } else {
            const g = new Group("super", { aliases: [{ name: "outer" }] });
            const h = new Group("super-inner", { parent: g });
            new Thing("super-inner-leaf", { key: "leaf", value: "1" }, { parent: h });
            const cr = new Thing("custom-parent2", { key: "custom-parent", value: "1" }, { aliases: [{ name: "custom-parent" }] });
            new Thing("custom-child", { key: "custom-child", value: is("after2") ? "2" : "1" }, { parent: cr });
            const home = new Group("home");
            new Thing("np", { key: "np", value: "1" }, { parent: home, aliases: [{ parent: undefined }] });
            new Thing("multi2", { key: "multi", value: "1" }, { aliases: [{ name: "nope" }, urn(thing, "multi"), { name: "multi" }] });
            new Thing("swap-b", { key: "swap-b", value: "1" }, {});
            new Thing("swap-c", { key: "swap-a", value: "1" }, { aliases: [{ name: "swap-a", type: thing, stack: "dev", project: "engine-sample" }] });
            new Thing("dbr-new", { key: "dbr", value: "1", kind: "b" }, { aliases: [{ name: "dbr-old" }], deleteBeforeReplace: true });
            new Thing("prot-new", { key: "prot", value: "2" }, { protect: false, aliases: [{ name: "prot-old" }] });
            const p = new Provider("prov-new", {}, { aliases: [{ name: "prov-old" }] });
            new Thing("of-prov", { key: "of-prov", value: "1" }, { provider: p });
            new Thing("gone-with-user", { key: "gwu", value: "1" }, { deletedWith: cr });
        }
    },
    aliasConflict() {
        new Thing("one", { key: "one", value: "1" }, is("2") ? { aliases: [{ name: "zero" }] } : {});
        if (is("1")) new Thing("zero", { key: "zero", value: "1" });
        if (is("2")) new Thing("two", { key: "two", value: "1" }, { aliases: [{ name: "zero" }] });
        if (is("3")) { new Thing("three", { key: "three", value: "1" }, { aliases: [{ name: "one" }] }); }
    },
    secret() {
        new Thing("s-id", { value: "1" }, { additionalSecretOutputs: ["id", "absent", "echo"] });
        new Thing("s-in", { value: pulumi.secret("1"), kind: "a" });
        new Thing("s-nested", { value: { a: pulumi.secret("x"), b: [pulumi.secret(1), 2] } });
        const g = new Group("sg", { additionalSecretOutputs: ["x"] });
        g.registerOutputs({ x: "visible", y: pulumi.secret("hidden"), n: null, u: undefined, deep: { z: pulumi.output(1) } });
        exports.s = pulumi.secret("out");
        exports.plain = { a: [1, null, true, 1.5], e: "", u: undefined, f: 1e21, neg: -0 };
        exports.res = g;
    },
    version() {
        new Thing("versioned", { value: v }, { version: is("none") ? undefined : is("1") ? "1.2.3" : "2.0.0-rc.1+x" });
        new Thing("url", { value: v }, { pluginDownloadURL: "https://example.com/plugins" });
    },
    timeouts() {
        new Thing("zero", { value: v }, { customTimeouts: { create: "0s", update: "1h30m", delete: "90s" } });
        new Thing("frac", { value: v }, { customTimeouts: { update: "1.5s" } });
        const g = new Group("tg", { customTimeouts: { create: "2m" } });
        new Thing("in-tg", { value: v }, { parent: g });
        if (is("bad")) new Thing("bad", { value: v }, { customTimeouts: { create: "soon" } });
    },
    providers() {
        if (is("gone")) return;
        const a = new Provider("pa", { region: v });
        const b = new Provider("pb", { region: "1", secretive: pulumi.secret("s") });
        new Thing("t1", { value: "1" }, { provider: is("swap") ? b : a });
        const g = new Group("gp", { providers: [b] });
        new Thing("t2", { value: "1" }, { parent: g });
        new Thing("t3", { value: "1" }, { parent: g, provider: is("swap") ? undefined : a });
        const first = new Thing("first", { value: "1", kind: v });
        const late = new Provider("late", { from: first.fingerprint });
        const t4 = new Thing("t4", { value: "1" }, { provider: late });
        new Thing("t5", { value: "1" }, { parent: t4 });
        new Provider("unused", { x: v }, { protect: is("protect") });
    },
    replaceWith() {
        const a = new Thing("rw-a", { value: "1", kind: v });
        const b = new Thing("rw-b", { value: "1" }, { replaceWith: [a] });
        new Thing("rw-c", { value: "1" }, { replaceWith: [b] });
        new Thing("rw-d", { value: "1" }, { replaceWith: [a], deleteBeforeReplace: true });
        new Thing("trigger", { value: "1" }, { replacementTrigger: v });
        new Thing("trigger-out", { value: "1" }, { replacementTrigger: a.fingerprint });
        new Thing("hide", { value: v }, { hideDiffs: ["value"] });
    },
    components() {
        class Comp extends pulumi.ComponentResource {
            constructor(name, args, opts) { super("sample:index:Comp", name, args, opts); this.t = new Thing(`${name}-t`, { value: args.a }, { parent: this }); this.registerOutputs({ got: this.t.echo, a: args.a }); }
        }
        const c = new Comp("cc", { a: v, list: [v] });
        new Thing("after-comp", { value: c.t.echo }, { dependsOn: [c], protect: is("2") });
        const g = new Group("prot-g", { protect: is("2") });
        new Thing("prot-child", { value: "1" }, { parent: g });
        if (is("3")) return;
        new Comp("cd", { a: "1" }, { dependsOn: [c] });
    },
    parents() {
        const a = new Thing("pa1", { value: "1" });
        const b = new Thing("pb1", { value: "1" });
        new Thing("kid", { value: "1" }, { parent: is("1") ? a : b });
        if (is("gone-a")) return;
        new Thing("kid2", { value: "1", kind: v }, { parent: a, dependsOn: [b] });
    },
    values() {
        new Thing("nulls", { value: { n: null, u: undefined, l: [null, undefined, 1], e: {}, el: [] } });
        new Thing("nums", { value: [0, -0, 1.5, 1e21, 123456789012345680, 0.1 + 0.2] });
        new Thing("str", { value: "ünï \u0000 \u2028 <&> \"q\" \\ ::" });
        new Thing("a::b", { value: "colons" });
        new Thing("asset", { value: new pulumi.asset.StringAsset(is("1") ? "text" : "other") });
        new Thing("date", { value: JSON.stringify(new Date(0)) });
        const src = new Thing("src", { value: "1" });
        new Thing("ref", { value: src.id, kind: is("1") ? "a" : src.kind });
    },
};
cases[env.CASE]?.();
