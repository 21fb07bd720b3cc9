// The cloud is the folder CLOUD with one JSON file per item; calls.log in it lists every call. Inputs that begin with "fail", "crash",
// "hang" or "print" make the call of that name misbehave.
const fs = require("node:fs");
const path = require("node:path");

const cloud = process.env.CLOUD;
const file = (id) => path.join(cloud, `${id}.json`);
const log = (call, id) => fs.appendFileSync(path.join(cloud, "calls.log"), `${call} ${id}\n`);
const load = (id) => (fs.existsSync(file(id)) ? JSON.parse(fs.readFileSync(file(id), "utf8")) : undefined);

let config;

async function misbehave(call, inputs) {
    if (inputs.slow) await new Promise((resolve) => setTimeout(resolve, inputs.slow));
    if (inputs.hang === call) await new Promise(() => setInterval(() => {}, 1000));
    if (inputs.print === call) console.log(`printed while it ${call}s`);
    if (inputs.fail === call) throw new Error(`${call} of ${inputs.key} refused`);
    if (inputs.crash === call) {
        console.error("the ship is sinking");
        process.exit(7);
    }
    if (inputs.half === call)
        throw Object.assign(new Error("half done"), {
            id: inputs.key,
            properties: { ...inputs, made: "half" },
            reasons: ["not ready"],
        });
}

const store = (inputs) => {
    const { __provider, ...rest } = inputs;
    fs.writeFileSync(file(inputs.key), JSON.stringify(rest));
};
const outputs = (inputs) => ({ ...inputs, made: `made-${inputs.key}`, region: config.get("region") ?? null });

exports.configure = async (request) => {
    config = request.config;
};
exports.check = async (_olds, news) => {
    await misbehave("check", news);
    return {
        inputs: news,
        failures: news.key === "invalid" ? [{ property: "key", reason: "it must not be invalid" }] : [],
    };
};
exports.diff = async (id, olds, news) => {
    log("diff", id);
    await misbehave("diff", news);
    if (news.opinion === "none") return {};
    const keys = new Set([...Object.keys(olds), ...Object.keys(news)]);
    for (const key of ["made", "region", "__provider"]) keys.delete(key);
    const changed = [...keys].filter((key) => JSON.stringify(olds[key]) !== JSON.stringify(news[key]));
    return {
        changes: changed.length > 0,
        replaces: changed.includes("key") ? ["key"] : [],
        deleteBeforeReplace: news.early === true,
    };
};
exports.create = async (inputs) => {
    log("create", inputs.key);
    await misbehave("create", inputs);
    store(inputs);
    return { id: inputs.key, outs: outputs(inputs) };
};
exports.update = async (id, _olds, news) => {
    log("update", id);
    await misbehave("update", news);
    store(news);
    return { outs: outputs(news) };
};
exports.read = async (id, props) => {
    log("read", id);
    const live = load(id);
    if (props.fail === "read") throw new Error(`read of ${id} refused`);
    return live === undefined ? {} : { id, props: outputs(live), inputs: live };
};
exports.delete = async (id, props) => {
    log("delete", id);
    await misbehave("delete", props);
    fs.rmSync(file(id), { force: true });
};
