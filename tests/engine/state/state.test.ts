import {
    appendFileSync,
    existsSync,
    mkdirSync,
    mkdtempSync,
    readdirSync,
    readFileSync,
    rmSync,
    writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { BackendFolder } from "../../../lib/engine/state/backend-folder";
import { type DeploymentJson, newManifest, type ResourceJson } from "../../../lib/engine/state/checkpoint-format";
import { CheckpointStore } from "../../../lib/engine/state/checkpoint-store";
import { SnapshotDraft } from "../../../lib/engine/state/snapshot-draft";
import { snapshotFault } from "../../../lib/engine/state/snapshot-integrity";
import { SnapshotJournal } from "../../../lib/engine/state/snapshot-journal";
import { StackLock } from "../../../lib/engine/state/stack-lock";

const urn = (name: string): string => `urn:pulumi:dev::shop::t:m:T::${name}`;
const resource = (name: string, more: Partial<ResourceJson> = {}): ResourceJson => ({
    urn: urn(name),
    custom: false,
    type: "t:m:T",
    ...more,
});
const deployment = (...resources: ResourceJson[]): DeploymentJson => ({
    manifest: newManifest(new Date(0)),
    resources,
    metadata: {},
});
const names = (found: DeploymentJson | undefined): string[] =>
    (found?.resources ?? []).map(({ urn: name }) => name.split("::").at(-1) ?? "");

describe("a stack's state", () => {
    let folder: string;
    let backend: BackendFolder;
    let store: CheckpointStore;
    const stack = { project: "shop", name: "dev" };
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "state-"));
        backend = BackendFolder.open(`file://${folder}`, folder);
        store = new CheckpointStore(backend, stack);
        store.write(deployment(resource("a"), resource("b", { dependencies: [urn("a")] })));
    });
    afterEach(() => rmSync(folder, { recursive: true }));
    const journal = (): SnapshotJournal => SnapshotJournal.create(backend.journalFile(stack), store.recover().hash);

    it("is in the CLI's place, with a backup of the former state", () => {
        store.write(deployment(resource("c")));
        expect(readFileSync(join(folder, ".pulumi", "meta.yaml"), "utf8")).to.equal("version: 1\n");
        expect(readdirSync(join(folder, ".pulumi", "stacks", "shop")).sort()).to.deep.equal([
            "dev.json",
            "dev.json.attrs",
            "dev.json.bak",
        ]);
        expect(
            JSON.parse(readFileSync(`${backend.stackFile(stack)}.bak`, "utf8")).checkpoint.latest.resources,
        ).to.have.lengthOf(2);
        expect(backend.stacks("shop")).to.deep.equal([stack]);
    });

    it("gets the finished steps of a killed operation from its journal, once, without the torn line", () => {
        const open = journal();
        open.append([{ begin: 0, type: "creating", resource: resource("c") }]);
        open.append([{ end: 0 }, { put: 2, resource: resource("c") }]);
        open.append([{ drop: 1 }]);
        open.close();
        appendFileSync(backend.journalFile(stack), '[{"drop":0');
        expect(names(store.read().deployment)).to.deep.equal(["c", "a"]);
        expect(names(JSON.parse(readFileSync(backend.stackFile(stack), "utf8")).checkpoint.latest)).to.deep.equal([
            "a",
            "b",
        ]);
        expect(names(store.recover().deployment)).to.deep.equal(["c", "a"]);
        expect(existsSync(backend.journalFile(stack))).to.equal(false);
        expect(names(store.recover().deployment)).to.deep.equal(["c", "a"]);
    });

    it("keeps interrupted calls as pending operations", () => {
        const open = journal();
        open.append([{ begin: 0, type: "creating", resource: resource("c") }]);
        open.append([{ begin: 1, type: "deleting", resource: resource("b") }]);
        open.close();
        expect(store.recover().deployment?.pending_operations?.map(({ type }) => type)).to.deep.equal([
            "creating",
            "deleting",
        ]);
        const draft = new SnapshotDraft(store.recover().deployment);
        expect(draft.toDeployment(new Date()).pending_operations?.map(({ type }) => type)).to.deep.equal(["creating"]);
        draft.apply({ begin: 0, type: "creating", resource: resource("c") });
        expect(draft.toDeployment(new Date()).pending_operations).to.have.lengthOf(1);
        draft.apply({ end: 0 });
        draft.apply({ forgetPendingCreates: true });
        expect(draft.toDeployment(new Date())).to.not.have.property("pending_operations");
    });

    it("is complete when the engine dies between writing it and removing the journal", () => {
        const open = journal();
        open.append([{ drop: 1 }]);
        const journalText = readFileSync(backend.journalFile(stack), "utf8");
        const after = deployment(resource("a"));
        store.commit(after, open);
        const result = store.read().hash;
        writeFileSync(backend.journalFile(stack), `${journalText}${JSON.stringify({ result })}\n`);
        expect(names(store.recover().deployment)).to.deep.equal(["a"]);
        expect(existsSync(backend.journalFile(stack))).to.equal(false);
    });

    it("rejects a journal whose state was changed since, and names the file", () => {
        journal().close();
        store.write(deployment(resource("z")));
        expect(() => store.recover()).to.throw("journal");
        expect(() => store.read()).to.throw(backend.journalFile(stack));
    });

    it("updates references to renamed resources", () => {
        const draft = new SnapshotDraft(
            deployment(resource("a"), resource("b", { dependencies: [urn("a")], parent: urn("a") })),
        );
        draft.apply({ drop: 0 });
        draft.apply({ put: 2, resource: resource("new", { aliases: [urn("a")] }) });
        const result = draft.toDeployment(new Date());
        expect(result.resources).to.deep.equal([
            resource("new"),
            resource("b", { dependencies: [urn("new")], parent: urn("new") }),
        ]);
    });

    it("rejects snapshots that contradict themselves, and unsupported features", () => {
        const provider = `${urn("p").replace("t:m:T", "pulumi:providers:pulumi-nodejs")}::id`;
        const faults: [ResourceJson[], string][] = [
            [[resource("b", { dependencies: [urn("a")] }), resource("a")], "comes after it"],
            [[resource("b", { parent: urn("a") })], "is missing"],
            [[resource("a"), resource("a")], "duplicate"],
            [[resource("a", { id: "x" })], "component"],
            [[resource("a", { provider })], "unknown provider"],
            [[resource("a", { provider: "nonsense" })], "malformed"],
        ];
        for (const [resources, fault] of faults)
            expect(snapshotFault(deployment(...resources)), fault).to.contain(fault);
        expect(snapshotFault(deployment(resource("a"), resource("a", { delete: true })))).to.equal(undefined);
        expect(() => store.write(deployment(resource("b", { parent: urn("a") })))).to.throw("would contradict itself");
        writeFileSync(
            backend.stackFile(stack),
            JSON.stringify({ version: 4, features: ["views"], checkpoint: { stack: "s" } }),
        );
        expect(() => store.read()).to.throw("The state uses views");
    });

    it("is below the working folder if the backend's path is relative", () => {
        mkdirSync(join(folder, "states"));
        expect(BackendFolder.open("file://./states", folder).stackFile(stack)).to.equal(
            join(folder, "states", ".pulumi", "stacks", "shop", "dev.json"),
        );
        expect(() => BackendFolder.open("file://./states", join(folder, "states"))).to.throw("does not exist");
    });

    it("rejects other backends and layouts", () => {
        expect(() => BackendFolder.open("https://api.pulumi.com", folder))
            .to.throw("https://api.pulumi.com")
            .with.property("kind", "not-supported-by-embedded-engine");
        expect(() => BackendFolder.open(`file://${folder}/none`, folder)).to.throw("does not exist");
        writeFileSync(join(folder, ".pulumi", "meta.yaml"), "version: 2\n");
        expect(() => BackendFolder.open(`file://${folder}`, folder)).to.throw("version 2");
    });

    it("rejects a state folder with an invalid description or URL", () => {
        const meta = join(folder, ".pulumi", "meta.yaml");
        for (const text of ["", "version: [", "version: *none", "just text", "version: one", "\0\0"]) {
            writeFileSync(meta, text);
            expect(() => BackendFolder.open(`file://${folder}`, folder), text)
                .to.throw(meta)
                .with.property("kind", "invalid-backend");
        }
        rmSync(meta);
        mkdirSync(meta);
        expect(() => BackendFolder.open(`file://${folder}`, folder)).to.throw("EISDIR");
        for (const url of ["file:///a%2Fb", "file:///%zz", "file:///a%00b"])
            expect(() => BackendFolder.open(url, folder), url)
                .to.throw()
                .with.property("kind", "invalid-backend");
    });

    const shapes: readonly [title: string, text: string, place: string][] = [
        ["nothing", "", "is not JSON"],
        ["half a document", '{"version":3,\n"checkpoint":', "cut off (line 2, column 14)"],
        [
            "a secret that is no JSON",
            '{"a": hush}',
            "is not JSON: a value is missing or not valid JSON (line 1, column 7)",
        ],
        ["another document", "{}", 'has no "version"'],
        ["a list", "[]", "the document must be a map"],
        [
            "a list as checkpoint",
            '{"version":3,"checkpoint":[]}',
            '"checkpoint" must be a map, found a list (line 1, column 27)',
        ],
        ["a checkpoint of nothing", '{"version":3,"checkpoint":{}}', '"checkpoint" has no "stack"'],
        [
            "resources without a manifest",
            '{"version":3,"checkpoint":{"stack":"s","latest":{"resources":[{"urn":"u","type":"t"}]}}}',
            '"checkpoint.latest" has no "manifest"',
        ],
        [
            "a type that is a number",
            '{"version":3,"checkpoint":{"stack":"s","latest":{"manifest":{"time":"","magic":"","version":""},"resources":[{"urn":"u","type":7}]}}}',
            '"checkpoint.latest.resources[0].type" must be text, found a number',
        ],
        [
            "dependencies that are a map",
            '{"version":3,"checkpoint":{"stack":"s","latest":{"manifest":{"time":"","magic":"","version":""},"resources":[{"urn":"u","type":"t","dependencies":{"a":1}}]}}}',
            '"checkpoint.latest.resources[0].dependencies" must be a list or empty, found a map',
        ],
    ];
    for (const [title, text, place] of shapes) {
        it(`rejects a state file that holds ${title}, and names file and place`, () => {
            writeFileSync(backend.stackFile(stack), text);
            expect(() => store.read())
                .to.throw(place)
                .with.property("message")
                .that.contains(backend.stackFile(stack));
        });
    }

    it("reads an empty or missing `latest` as a stack that was never deployed", () => {
        for (const checkpoint of [{ stack: "s" }, { stack: "s", latest: {} }, { stack: "s", latest: null }]) {
            writeFileSync(backend.stackFile(stack), JSON.stringify({ version: 3, checkpoint }));
            expect(store.read().deployment).to.equal(undefined);
        }
    });

    it("uses the intact lines of a damaged journal, reports the others, and keeps the journal beside the state", () => {
        const open = journal();
        open.append([{ put: 2, resource: resource("c") }]);
        open.append([{ put: 3, resource: resource("lost") }]);
        open.append([{ drop: 1 }]);
        open.close();
        const file = backend.journalFile(stack);
        const lines = readFileSync(file, "utf8").split("\n");
        lines[2] = "\0".repeat(50);
        writeFileSync(file, lines.join("\n"));
        expect(names(store.read().deployment)).to.deep.equal(["c", "a"]);
        expect(store.read().warning).to.contain(`line 3 of ${file} cannot be read`);
        const recovered = store.recover();
        expect(names(recovered.deployment)).to.deep.equal(["c", "a"]);
        expect(recovered.warning).to.contain(`${file}.old`);
        expect(existsSync(file)).to.equal(false);
        expect(readFileSync(`${file}.old`, "utf8")).to.contain("\0");
        expect(store.recover()).to.not.have.property("warning");
    });

    it("reports the NULs that a power cut leaves at the end of a journal", () => {
        const open = journal();
        open.append([{ drop: 1 }]);
        open.close();
        appendFileSync(backend.journalFile(stack), "\0".repeat(100));
        expect(names(store.read().deployment)).to.deep.equal(["a"]);
        expect(store.read().warning).to.contain("line 3");
    });

    it("ignores a journal that ends in its first line, since no step began", () => {
        for (const text of ["", '{"version":1,"ba']) {
            writeFileSync(backend.journalFile(stack), text);
            expect(names(store.read().deployment), text).to.deep.equal(["a", "b"]);
        }
        expect(names(store.recover().deployment)).to.deep.equal(["a", "b"]);
        expect(existsSync(backend.journalFile(stack))).to.equal(false);
    });

    it("rejects a journal without its first line, and names file and cure", () => {
        for (const text of ['[{"drop":0}]\n', "\0\0\0\n", "\0\0\0", "null\n", '{"version":1,"base":7}\n']) {
            writeFileSync(backend.journalFile(stack), text);
            for (const look of [() => store.read(), () => store.recover()])
                expect(look, text)
                    .to.throw(`${backend.journalFile(stack)}). Move the named file away`)
                    .with.property("kind", "journal-damaged");
            expect(readFileSync(backend.journalFile(stack), "utf8")).to.equal(text);
        }
    });

    it("treats journal lines of another shape as damaged", () => {
        for (const line of [
            "null",
            "[null]",
            '[{"put":"0"}]',
            '[{"drop":-1}]',
            "7",
            '{"result":1}',
            '[{"put":9,"resource":{}}]',
        ]) {
            const open = journal();
            open.close();
            appendFileSync(backend.journalFile(stack), `${line}\n`);
            expect(store.read().warning, line).to.contain("line 2");
            rmSync(backend.journalFile(stack));
        }
    });

    it("syncs its lines to the disk, also those of steps that end at the same time", async () => {
        const open = journal();
        open.append([{ drop: 1 }]);
        const first = open.synced();
        open.append([{ drop: 0 }]);
        await Promise.all([first, open.synced(), open.synced()]);
        open.append([{ put: 2, resource: resource("c") }]);
        await open.synced();
        open.close();
        expect(names(store.read().deployment)).to.deep.equal(["c"]);
    });

    it("is locked against other operations, and names the holder", () => {
        const lock = StackLock.acquire(backend, stack);
        expect(() => StackLock.acquire(backend, stack))
            .to.throw(`pid ${process.pid}`)
            .with.property("kind", "stack-locked");
        lock.release();
        StackLock.acquire(backend, stack).release();
    });

    it("is locked by a lock file of any content, and names the file", () => {
        const file = join(backend.lockFolder(stack), "lock.json");
        mkdirSync(backend.lockFolder(stack), { recursive: true });
        for (const text of ["null", "[]", "{}", "\0", '{"pid":"1"}', '{"pid":-1,"username":7}']) {
            writeFileSync(file, text);
            expect(() => StackLock.acquire(backend, stack), text)
                .to.throw(file)
                .with.property("kind", "stack-locked");
        }
        StackLock.breakAll(backend, stack);
        mkdirSync(file);
        expect(() => StackLock.acquire(backend, stack))
            .to.throw(file)
            .with.property("kind", "stack-locked");
        expect(() => StackLock.breakAll(backend, stack))
            .to.throw(file)
            .with.property("kind", "state-not-written");
    });

    it("stays locked by the CLI and by other hosts, but not by a dead process of this engine", () => {
        mkdirSync(backend.lockFolder(stack), { recursive: true });
        const write = (content: object): void =>
            writeFileSync(join(backend.lockFolder(stack), "lock.json"), JSON.stringify(content));
        const dead = {
            pid: 2 ** 22 + 1,
            username: "somebody",
            hostname: hostname(),
            timestamp: "2026-01-01T00:00:00Z",
        };
        write(dead);
        expect(() => StackLock.acquire(backend, stack)).to.throw("no longer running");
        write({ ...dead, engine: "pulumi-embedded", hostname: "elsewhere" });
        expect(() => StackLock.acquire(backend, stack)).to.throw("somebody@elsewhere");
        write({ ...dead, engine: "pulumi-embedded" });
        StackLock.acquire(backend, stack).release();
        write({ ...dead, pid: process.pid, engine: "pulumi-embedded", started: "1" });
        if (existsSync("/proc/self/stat")) StackLock.acquire(backend, stack).release();
        expect(readdirSync(backend.lockFolder(stack))).to.have.lengthOf(existsSync("/proc/self/stat") ? 0 : 1);
    });
});
