import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";
import { errorCatalogue, UserError } from "../../lib/errors";
import type { BucketFact } from "../../lib/lifecycle";
import { OperationFolder } from "../../lib/provider/operation-folder";
import { skipBecause } from "../skip-because";

const address = "127.0.0.1:41001";
const declared = (bucket: string): BucketFact => ({ fact: "declared", identity: `oss ${bucket}` });

describe("a fact that the provider processes of an operation share", () => {
    const { TMPDIR } = process.env;
    let temporary: string;
    beforeEach(() => {
        temporary = mkdtempSync(path.join(os.tmpdir(), "operation-folder-"));
        process.env.TMPDIR = temporary;
    });
    afterEach(() => {
        if (TMPDIR === undefined) delete process.env.TMPDIR;
        else process.env.TMPDIR = TMPDIR;
        rmSync(temporary, { recursive: true, force: true });
    });

    const news = (folder: OperationFolder) => [...folder.news()].map(({ shared }) => shared);
    const ofUser = () => path.join(temporary, `pulumi-bucket-encryption-${process.getuid?.() ?? "user"}`);
    const operations = () => readdirSync(ofUser()).map((name) => path.join(ofUser(), name));
    /** The files of a process that was killed. */
    const leftBy = (pid: number, fact: BucketFact) => {
        const [folder = ""] = operations();
        writeFileSync(path.join(folder, `${pid}--0123456789abcdef.facts`), `${JSON.stringify(fact)}\n`);
    };
    const deadProcess = () => spawnSync(process.execPath, ["--version"]).pid;

    it("reaches all others with the same engine, once, and none with another", () => {
        const [one, other, third] = [address, address, "127.0.0.1:41002"].map((at) => new OperationFolder(at));
        one?.tell([declared("logs"), declared("audit")]);
        expect(other && news(other)).to.deep.equal([declared("logs"), declared("audit")]);
        one?.tell([declared("payments")]);
        expect(other && news(other)).to.deep.equal([declared("payments")]);
        expect(one && news(one)).to.deep.equal([]);
        expect(third && news(third)).to.deep.equal([]);
    });

    it("leaves out a line that is still being written, until it is whole", () => {
        const [one, other] = [new OperationFolder(address), new OperationFolder(address)];
        one.tell([declared("logs")]);
        const [folder = ""] = operations();
        const file = path.join(folder, readdirSync(folder)[0] ?? "");
        writeFileSync(file, JSON.stringify(declared("audit")), { flag: "a" });
        expect(news(other)).to.deep.equal([declared("logs")]);
        writeFileSync(file, "\n", { flag: "a" });
        expect(news(other)).to.deep.equal([declared("audit")]);
    });

    it("counts when its process was killed and another process of the operation still runs", () => {
        const one = new OperationFolder(address);
        one.tell([declared("logs")]);
        leftBy(deadProcess(), declared("audit"));
        expect(news(new OperationFolder(address))).to.have.deep.members([declared("logs"), declared("audit")]);
    });

    it("counts when its provider has ended and another one of the operation still runs", () => {
        const end = new AbortController();
        const [one, other] = [new OperationFolder(address, end.signal), new OperationFolder(address)];
        one.tell([declared("logs")]);
        const [from] = [...other.news()];
        expect(from?.shared).to.deep.equal(declared("logs"));
        expect(other.isRunning(from?.process ?? "")).to.equal(true);
        end.abort();
        expect(other.isRunning(from?.process ?? "")).to.equal(false);
        expect(news(new OperationFolder(address))).to.deep.equal([declared("logs")]);
    });

    it("is forgotten when all have ended and a later engine has the same address", () => {
        const end = new AbortController();
        const earlier = new OperationFolder(address, end.signal);
        earlier.tell([declared("logs")]);
        leftBy(deadProcess(), declared("audit"));
        end.abort();
        const later = new OperationFolder(address);
        expect(news(later)).to.deep.equal([]);
        later.tell([declared("payments")]);
        expect(news(new OperationFolder(address))).to.deep.equal([declared("payments")]);
    });

    it("is removed when all have ended and a process of another operation comes", () => {
        const end = new AbortController();
        new OperationFolder(address, end.signal).tell([declared("logs")]);
        const running = new OperationFolder("127.0.0.1:41002");
        running.tell([declared("audit")]);
        expect(operations()).to.have.lengthOf(2);
        end.abort();
        new OperationFolder("127.0.0.1:41003").tell([declared("payments")]);
        expect(operations()).to.have.lengthOf(2);
        expect(news(new OperationFolder("127.0.0.1:41002"))).to.deep.equal([declared("audit")]);
    });

    it("is not needed any more when its provider ends after the folder was removed", () => {
        const end = new AbortController();
        const [one, other] = [new OperationFolder(address, end.signal), new OperationFolder("127.0.0.1:41002")];
        one.tell([declared("logs")]);
        const [folder = ""] = operations();
        rmSync(folder, { recursive: true });
        end.abort();
        other.tell([declared("audit")]);
        expect(operations()).to.have.lengthOf(1).and.not.include(folder);
    });

    it("can be read by no other user", function () {
        if (process.platform === "win32") skipBecause(this, "Windows has no modes of files");
        new OperationFolder(address).tell([declared("logs")]);
        const [folder = ""] = operations();
        const file = path.join(folder, readdirSync(folder)[0] ?? "");
        expect([ofUser(), folder, file].map((name) => (statSync(name).mode & 0o777).toString(8))).to.deep.equal([
            "700",
            "700",
            "600",
        ]);
    });

    it("may be of a kind that only a later version knows", () => {
        const one = new OperationFolder(address);
        const later = { fact: "later", identity: "oss logs", record: 1 } as never;
        one.tell([later, declared("audit")]);
        expect(news(new OperationFolder(address))).to.deep.equal([
            { fact: "later", identity: "oss logs" },
            declared("audit"),
        ]);
    });

    it("keeps the records of buckets whole", () => {
        const rule = { sseAlgorithm: "KMS", kmsMasterKeyId: "key-1", unrecognized: { Mode: "x" } };
        const record = { rule, written: rule, previous: rule, region: "cn-hangzhou", unconfirmed: true };
        const facts: BucketFact[] = [
            { fact: "declared", identity: "oss logs", key: "oss logs", rule },
            { fact: "state", identity: "oss logs", key: "oss logs", record },
            { fact: "created", identity: "oss logs", key: "oss logs", record: {} },
            { fact: "leaving", identity: "oss logs" },
            { fact: "left", identity: "oss logs", isTaken: true },
        ];
        new OperationFolder(address).tell(facts);
        expect(news(new OperationFolder(address))).to.deep.equal(facts);
    });

    describe("fails", () => {
        const refusal = (work: () => unknown): string => {
            try {
                work();
            } catch (error) {
                if (error instanceof UserError && error.kind === "declarations-not-shared") return error.message;
                throw error;
            }
            throw new Error("it was not refused");
        };
        const { cure } = errorCatalogue["declarations-not-shared"];

        const noFacts = [
            "null",
            "[]",
            '{"fact":"declared"}',
            '{"fact":"declared","identity":"oss logs","rule":{"sseAlgorithm":"AES256"}}',
            '{"fact":"declared","identity":"oss logs","key":"oss logs","rule":1}',
            '{"fact":"state","identity":"oss logs","key":"oss logs"}',
            '{"fact":"state","identity":"oss logs","record":{}}',
            '{"fact":"created","identity":"oss logs","key":"oss logs","record":{"previous":[]}}',
        ];
        for (const line of noFacts)
            it(`when a line is no fact: ${line}`, () => {
                new OperationFolder(address).tell([declared("logs")]);
                const [folder = ""] = operations();
                writeFileSync(path.join(folder, readdirSync(folder)[0] ?? ""), `${line}\n`);
                expect(refusal(() => news(new OperationFolder(address)))).to.equal(
                    `The folder ${folder} cannot be used: it has a line that no provider of this package wrote. ${cure}`,
                );
            });

        it("when others may use the folder", function () {
            if (process.platform === "win32") skipBecause(this, "Windows has no modes of files");
            mkdirSync(ofUser());
            chmodSync(ofUser(), 0o755);
            expect(refusal(() => new OperationFolder(address).tell([declared("logs")]))).to.equal(
                `The folder ${ofUser()} cannot be used: it belongs to another user, or others may use it. ${cure}`,
            );
        });

        it("when the folder cannot be made, also without a fact to share", () => {
            writeFileSync(ofUser(), "a file");
            const message = refusal(() => news(new OperationFolder(address)));
            expect(message).to.match(/^The folder .+ cannot be used: EEXIST: .+\. Set the environment variable/);
        });

        it("when what an ended operation at the same address shared cannot be removed, and counts for no other operation", () => {
            const ended = new AbortController();
            new OperationFolder(address, ended.signal).tell([declared("logs")]);
            ended.abort();
            const [folder = ""] = operations();
            mkdirSync(path.join(folder, "a folder"));
            const message = refusal(() => new OperationFolder(address).tell([declared("audit")]));
            expect(message).to.match(/^The folder .+ cannot be used: .+a folder.*\. Set the environment variable/);
            const other = new OperationFolder("127.0.0.1:41002");
            other.tell([declared("audit")]);
            expect(news(other)).to.deep.equal([]);
        });

        it("at each reading, when another process wrote something that is not a fact", () => {
            const one = new OperationFolder(address);
            one.tell([declared("logs")]);
            const [folder = ""] = operations();
            writeFileSync(path.join(folder, `${process.pid}--0123456789abcdef.facts`), "no JSON\n");
            const messages = [1, 2].map(() => refusal(() => news(one)));
            expect(messages[0]).to.match(/^The folder .+ cannot be used: .+ is not valid JSON\. Set the environment/);
            expect(messages[1]).to.equal(messages[0]);
        });
    });
});
