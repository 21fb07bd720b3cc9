// A dynamic provider whose "cloud" is one JSON file, LIVE_FILE: { "<id>": { "key", "value", "kind", "revision" } }.
// A deletion of what isn't there is counted: "deleted again: <id>".
// An id is the key, or key-2, key-3, ... when that one is taken, so a replacement that is created first has another id than one that
// is created after the deletion. `revision` counts the updates of one object. A changed `key` or `kind` replaces.
// Environment variables make calls fail: FAIL_CREATE, FAIL_UPDATE, FAIL_DELETE, FAIL_READ, FAIL_DIFF, FAIL_CHECK, PARTIAL_CREATE, PARTIAL_UPDATE,
// CRASH_CREATE: each names keys, with commas between them.
const fs = require("fs");

const load = () => (fs.existsSync(process.env.LIVE_FILE) ? JSON.parse(fs.readFileSync(process.env.LIVE_FILE, "utf8")) : {});
const save = (live) => fs.writeFileSync(process.env.LIVE_FILE, JSON.stringify(live, null, 1));
// Every provider resource of a stack may have a process of its own, so one waits for another.
function alone(work) {
    const lock = `${process.env.LIVE_FILE}.lock`;
    for (;;) {
        try {
            fs.mkdirSync(lock);
            break;
        } catch (error) {
            if (error.code !== "EEXIST") throw error;
            Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
        }
    }
    try {
        return work();
    } finally {
        fs.rmdirSync(lock);
    }
}
const named = (variable, key) => (process.env[variable] ?? "").split(",").includes(key);
const failIf = (variable, key) => {
    if (named(variable, key)) {
        const error = new Error(`${variable.replace("FAIL_", "").toLowerCase()} of ${key} refused`);
        error.stack = "(no stack)";
        throw error;
    }
};
const object = ({ key, value, kind }, revision) => ({ key, ...(value === undefined ? {} : { value }), ...(kind === undefined ? {} : { kind }), revision });
const outputs = (inputs, id, revision) => ({ ...inputs, revision, fingerprint: `${id}/${inputs.kind ?? "plain"}`, echo: `echo of ${JSON.stringify(inputs.value ?? null)}` });
const partial = (variable, key, id, properties) => {
    if (!named(variable, key)) return;
    const error = new Error(`${key} is not ready`);
    throw Object.assign(error, { id, properties, reasons: [`${key} has no address yet`, `${key} did not answer`] });
};

exports.check = async (olds, news) => {
    failIf("FAIL_CHECK", news.key);
    const failures = [];
    if (news.value === "invalid") failures.push({ property: "value", reason: "must not be invalid" });
    if (news.kind === "impossible") failures.push({ property: "", reason: "no such thing" });
    return { inputs: news, failures };
};
exports.diff = async (id, olds, news) => {
    failIf("FAIL_DIFF", news.key);
    const differs = (key) => JSON.stringify(olds[key]) !== JSON.stringify(news[key]);
    return {
        changes: ["key", "value", "kind"].some(differs),
        replaces: ["key", "kind"].filter(differs),
        deleteBeforeReplace: news.deleteFirst === true,
    };
};
exports.create = async (inputs) => {
    if (named("CRASH_CREATE", inputs.key)) {
        console.error(`the provider breaks down at ${inputs.key}`);
        process.exit(3);
    }
    failIf("FAIL_CREATE", inputs.key);
    const id = alone(() => {
        const live = load();
        let free = inputs.key;
        for (let n = 2; live[free]; n += 1) free = `${inputs.key}-${n}`;
        save({ ...live, [free]: object(inputs, 1) });
        return free;
    });
    partial("PARTIAL_CREATE", inputs.key, id, outputs(inputs, id, 1));
    return { id, outs: outputs(inputs, id, 1) };
};
exports.update = async (id, olds, news) => {
    failIf("FAIL_UPDATE", news.key);
    const revision = alone(() => {
        const live = load();
        const next = (live[id]?.revision ?? 0) + 1;
        save({ ...live, [id]: object(news, next) });
        return next;
    });
    partial("PARTIAL_UPDATE", news.key, id, outputs(news, id, revision));
    return { outs: outputs(news, id, revision) };
};
exports.read = async (id, props) => {
    failIf("FAIL_READ", id);
    const live = alone(() => load()[id]);
    if (!live) return {};
    const { revision, ...inputs } = live;
    const extra = props.deleteFirst === undefined ? {} : { deleteFirst: props.deleteFirst };
    return { id, props: outputs({ ...inputs, ...extra }, id, revision), inputs: { ...inputs, ...extra } };
};
exports.delete = async (id, props) => {
    failIf("FAIL_DELETE", props.key);
    alone(() => {
        const { [id]: gone, ...rest } = load();
        const again = `deleted again: ${id}`;
        save(gone ? rest : { ...rest, [again]: { key: props.key, times: (rest[again]?.times ?? 0) + 1 } });
    });
};
// The same without a `diff`: the engine compares the inputs itself.
exports.undiffed = { check: exports.check, create: exports.create, update: exports.update, read: exports.read, delete: exports.delete };
