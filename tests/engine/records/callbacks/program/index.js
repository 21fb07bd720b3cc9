// Callbacks of the program that the engine calls: transforms and hooks (and the SDK's own transformations, which it never sees).
// A hook writes what it was given into the live file: "<when> <name>".
const fs = require("fs");
const pulumi = require("@pulumi/pulumi");
const { Thing, Group } = require("./thing.js");
const env = process.env;

function note(key, entry) {
    const lock = `${env.LIVE_FILE}.lock`;
    for (;;) {
        try {
            fs.mkdirSync(lock);
            break;
        } catch (error) {
            if (error.code !== "EEXIST") throw error;
            Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
        }
    }
    const live = fs.existsSync(env.LIVE_FILE) ? JSON.parse(fs.readFileSync(env.LIVE_FILE, "utf8")) : {};
    live[key] = { ...entry, times: (live[key]?.times ?? 0) + 1 };
    fs.writeFileSync(env.LIVE_FILE, JSON.stringify(live, null, 1));
    fs.rmdirSync(lock);
}
const shown = (properties) => properties && { value: properties.value, kind: properties.kind, revision: properties.revision };

if (env.WITHOUT !== "transforms") {
    pulumi.runtime.registerResourceTransform(({ name, props, opts }) =>
        name.startsWith("plain") ? { props: { ...props, kind: "by the stack's transform" }, opts: { ...opts, protect: env.TRANSFORM_PROTECT === "true" } } : undefined,
    );
    new Thing("plain", { value: "1" });
    const group = new Group("group", { transforms: [({ props, opts, custom }) => (custom ? { props: { ...props, value: `${env.TRANSFORM ?? "first"} of ${props.value}` }, opts } : undefined)] });
    new Thing("inner", { value: "1" }, { parent: group });
    new Thing("own", { value: "1" }, { transforms: [({ props, opts }) => ({ props: { ...props, value: "by its own transform" }, opts: pulumi.mergeOptions(opts, { ignoreChanges: ["kind"] }) })] });
    new Thing("old-style", { value: "1" }, { transformations: [({ props, opts }) => ({ props: { ...props, value: "by a transformation" }, opts })] });
    if (env.THROW_TRANSFORM === "true") new Thing("thrown", {}, { transforms: [() => { throw new Error("the transform gives up"); }] });
}
if (env.WITHOUT !== "hooks") {
    const hook = (when, options) =>
        new pulumi.ResourceHook(`${when}-hook`, (args) => {
            if (env.FAIL_HOOK === when) throw new Error(`the ${when} hook gives up`);
            note(`${when} ${args.name}`, { id: args.id, newInputs: shown(args.newInputs), oldInputs: shown(args.oldInputs), newOutputs: shown(args.newOutputs), oldOutputs: shown(args.oldOutputs) });
        }, options);
    const hooks = Object.fromEntries(["beforeCreate", "afterCreate", "beforeUpdate", "afterUpdate", "beforeDelete", "afterDelete"].map((when) => [when, [hook(when)]]));
    if (env.WITHOUT_HOOKED !== "true") new Thing("hooked", { value: env.VALUE ?? "1", kind: env.KIND ?? "a" }, { hooks });
}
new Thing("eager", { value: env.EAGER_VALUE ?? "1" }, { hooks: { beforeUpdate: [new pulumi.ResourceHook("eager", (args) => note(`eager ${args.name}`, { newInputs: shown(args.newInputs) }), { onDryRun: true })] } });
