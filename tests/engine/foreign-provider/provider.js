// A provider plugin that has nothing to do with buckets. Books stand on a shelf, the folder SHELF, as JSON files; calls.log in it lists
// every call. What the provider does is chosen so that each part of the protocol shows.
const fs = require("node:fs");
const path = require("node:path");
const grpc = require("@grpc/grpc-js");
const { PluginInfo } = require("@pulumi/pulumi/proto/plugin_pb");
const { ResourceProviderService } = require("@pulumi/pulumi/proto/provider_grpc_pb");
const proto = require("@pulumi/pulumi/proto/provider_pb");
const { Status } = require("@pulumi/pulumi/proto/status_pb");
const { Any } = require("google-protobuf/google/protobuf/any_pb");
const { Empty } = require("google-protobuf/google/protobuf/empty_pb");
const { Struct } = require("google-protobuf/google/protobuf/struct_pb");

const signature = "4dabf18193072939515e22adb298388d";
const secretMark = "1b47061264138c4ac30d75fd1eb44270";
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const shelf = process.env.SHELF;
const file = (id) => path.join(shelf, `${id}.json`);
const load = (id) => (fs.existsSync(file(id)) ? JSON.parse(fs.readFileSync(file(id), "utf8")) : undefined);
const store = (book) => fs.writeFileSync(file(book.title), JSON.stringify(book));
const log = (...words) => fs.appendFileSync(path.join(shelf, "calls.log"), `${words.join(" ")}\n`);

const isSecret = (value) => value?.[signature] === secretMark;
const open = (value) => (isSecret(value) ? value.value : value);
const secret = (value) => ({ [signature]: secretMark, value });
const read = (struct) => struct?.toJavaScript() ?? {};
const opened = (map) => Object.fromEntries(Object.entries(map).map(([key, value]) => [key, open(value)]));
const struct = (map) => Struct.fromJavaScript(map);
const failure = (property, reason) => new proto.CheckFailure().setProperty(property).setReason(reason);

let config = {};
let cancelled = () => {};

/** A book as the state has it: its code is secret, and its spine is what the provider makes of the title. */
const outputs = (inputs) => {
    const { code, ...book } = inputs;
    const spine = book.title === unknown ? unknown : `${config.room ?? "hall"}: ${book.title}`;
    return { ...book, ...(code === undefined ? {} : { code: secret(open(code)) }), spine };
};

function initFailed(id, properties, reason) {
    const detail = new proto.ErrorResourceInitFailed()
        .setId(id)
        .setProperties(struct(properties))
        .setReasonsList([reason]);
    const any = new Any();
    any.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
    const status = new Status().setCode(grpc.status.UNKNOWN).setMessage(reason).setDetailsList([any]);
    const metadata = new grpc.Metadata();
    metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
    return { code: grpc.status.UNKNOWN, details: reason, metadata };
}

const { Kind } = proto.PropertyDiff;
const calls = {
    handshake(request) {
        log("handshake", request.getEngineAddress() === process.argv.at(-1), path.basename(request.getRootDirectory()));
        return new proto.ProviderHandshakeResponse().setAcceptSecrets(true);
    },
    getPluginInfo: () => new PluginInfo().setVersion("1.4.0"),
    checkConfig(request) {
        const news = read(request.getNews());
        log("checkConfig", JSON.stringify(news));
        const unfit = Object.keys(news).filter((key) => !["room", "fresh", "code", "version"].includes(key));
        return new proto.CheckResponse()
            .setInputs(struct(news))
            .setFailuresList(unfit.map((key) => failure("", `the shelf has no setting "${key}"`)));
    },
    diffConfig(request) {
        const [olds, news] = [read(request.getOldInputs()), read(request.getNews())];
        log("diffConfig", olds.room, news.room);
        const moved = olds.room !== news.room;
        const same = JSON.stringify(olds) === JSON.stringify(news);
        return new proto.DiffResponse()
            .setChanges(same ? proto.DiffResponse.DiffChanges.DIFF_NONE : proto.DiffResponse.DiffChanges.DIFF_SOME)
            .setReplacesList(moved ? ["room"] : []);
    },
    configure(request) {
        const args = read(request.getArgs());
        config = opened(args);
        log("configure", request.getName(), JSON.stringify(config), "code" in args ? isSecret(args.code) : "");
        return new proto.ConfigureResponse();
    },
    check(request) {
        const news = read(request.getNews());
        const pages = open(news.pages);
        const failures =
            typeof pages === "number" && pages < 0 ? [failure("pages", "a book has no less than no page")] : [];
        return new proto.CheckResponse().setInputs(struct(news)).setFailuresList(failures);
    },
    diff(request) {
        const [olds, news] = [opened(read(request.getOldInputs())), opened(read(request.getNews()))];
        log("diff", request.getId());
        const ignored = new Set(request.getIgnorechangesList());
        const names = [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter(
            (name) => !ignored.has(name) && JSON.stringify(olds[name]) !== JSON.stringify(news[name]),
        );
        const response = new proto.DiffResponse()
            .setChanges(proto.DiffResponse.DiffChanges[names.length > 0 ? "DIFF_SOME" : "DIFF_NONE"])
            .setDiffsList(names)
            .setHasdetaileddiff(true);
        for (const name of names) {
            const kind = olds[name] === undefined ? "ADD" : news[name] === undefined ? "DELETE" : "UPDATE";
            const forcing = name === "title" ? "_REPLACE" : "";
            response
                .getDetaileddiffMap()
                .set(name, new proto.PropertyDiff().setKind(Kind[`${kind}${forcing}`]).setInputdiff(true));
        }
        return response;
    },
    async create(request) {
        const inputs = read(request.getProperties());
        const { title, fragile, slow } = opened(inputs);
        log("create", title, request.getPreview() ? "preview" : "", "code" in inputs ? isSecret(inputs.code) : "");
        if (request.getPreview()) return new proto.CreateResponse().setProperties(struct(outputs(inputs)));
        if (slow) {
            await new Promise((resolve) => {
                cancelled = resolve;
            });
            throw { code: grpc.status.UNKNOWN, details: "the librarian was called away" };
        }
        store(opened(inputs));
        if (fragile) throw initFailed(title, outputs(inputs), "its binding is loose");
        return new proto.CreateResponse()
            .setId(title)
            .setProperties(struct(outputs(inputs)))
            .setRefreshBeforeUpdate(config.fresh === "true");
    },
    update(request) {
        const inputs = read(request.getNews());
        log("update", request.getId(), request.getPreview() ? "preview" : "");
        if (!request.getPreview()) store(opened(inputs));
        return new proto.UpdateResponse()
            .setProperties(struct(outputs(inputs)))
            .setRefreshBeforeUpdate(config.fresh === "true");
    },
    read(request) {
        log("read", request.getId(), request.hasInputs() ? "" : "import");
        const book = load(request.getId());
        if (book === undefined) return new proto.ReadResponse();
        const { code, ...others } = book;
        const inputs = { ...others, ...(code === undefined ? {} : { code: secret(code) }) };
        return new proto.ReadResponse()
            .setId(request.getId())
            .setInputs(struct(inputs))
            .setProperties(struct(outputs(inputs)))
            .setRefreshBeforeUpdate(config.fresh === "true");
    },
    delete(request) {
        log("delete", request.getId());
        fs.rmSync(file(request.getId()), { force: true });
        return new Empty();
    },
    invoke(request) {
        const { word } = opened(read(request.getArgs()));
        log("invoke", request.getTok(), word, request.getPreview());
        if (request.getTok() !== "shelf:index:count")
            throw { code: grpc.status.UNKNOWN, details: "the shelf cannot do that" };
        if (word === "") return new proto.InvokeResponse().setFailuresList([failure("word", "it must not be empty")]);
        const count = fs.readdirSync(shelf).filter((name) => name.endsWith(".json") && name.includes(word)).length;
        return new proto.InvokeResponse().setReturn(struct({ count, hidden: secret("between the pages") }));
    },
    cancel() {
        cancelled();
        return new Empty();
    },
};

const server = new grpc.Server();
server.addService(
    ResourceProviderService,
    Object.fromEntries(
        Object.entries(calls).map(([name, answer]) => [
            name,
            async ({ request }, callback) => {
                try {
                    callback(null, await answer(request));
                } catch (error) {
                    callback(error);
                }
            },
        ]),
    ),
);
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    console.log(port);
});
