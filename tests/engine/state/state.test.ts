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
import { BackendFolder, parseStackName } from "../../../lib/engine/state/backend-folder";
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

    it("lies where the CLI looks for it, with a backup of what was there before", () => {
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

    it("gets what a killed operation finished from its journal, once, without the line that was cut off", () => {
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

    it("keeps calls of which the end isn't known as pending operations", () => {
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

    it("is whole when the engine dies between writing it and removing the journal", () => {
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

    it("rejects a journal whose state was changed by somebody else, and names the file", () => {
        journal().close();
        store.write(deployment(resource("z")));
        expect(() => store.recover()).to.throw("journal");
        expect(() => store.read()).to.throw(backend.journalFile(stack));
    });

    it("lets references follow renamed resources", () => {
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

    it("rejects snapshots that contradict themselves, and files that are none", () => {
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
        expect(() => store.write(deployment(resource("b", { parent: urn("a") })))).to.throw("would be broken");
        for (const text of ["", "{}", '{"version":3,"checkpoint":', "[]"]) {
            writeFileSync(backend.stackFile(stack), text);
            expect(() => store.read(), text).to.throw("not a checkpoint");
        }
        writeFileSync(
            backend.stackFile(stack),
            JSON.stringify({ version: 4, features: ["views"], checkpoint: { stack: "s" } }),
        );
        expect(() => store.read()).to.throw("The state uses views");
    });

    it("lies below the working folder when the backend's path is relative", () => {
        mkdirSync(join(folder, "states"));
        expect(BackendFolder.open("file://./states", folder).stackFile(stack)).to.equal(
            join(folder, "states", ".pulumi", "stacks", "shop", "dev.json"),
        );
        expect(() => BackendFolder.open("file://./states", join(folder, "states"))).to.throw("not there");
    });

    it("rejects other backends, old layouts and names that are none", () => {
        expect(() => BackendFolder.open("https://api.pulumi.com", folder))
            .to.throw("https://api.pulumi.com")
            .with.property("kind", "not-supported-by-embedded-engine");
        expect(() => BackendFolder.open(`file://${folder}/none`, folder)).to.throw("not there");
        writeFileSync(join(folder, ".pulumi", "meta.yaml"), "version: 2\n");
        expect(() => BackendFolder.open(`file://${folder}`, folder)).to.throw("version 2");
        for (const name of ["a b", "", "other/dev", "organization/foreign/dev"])
            expect(() => parseStackName(name, "shop"), name).to.throw();
        expect(parseStackName("organization/shop/dev", "shop")).to.deep.equal(stack);
    });

    it("is locked against others, and says by whom", () => {
        const lock = StackLock.acquire(backend, stack);
        expect(() => StackLock.acquire(backend, stack))
            .to.throw(`pid ${process.pid}`)
            .with.property("kind", "stack-locked");
        lock.release();
        StackLock.acquire(backend, stack).release();
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
