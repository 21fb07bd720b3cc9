import { deflateRawSync, inflateRawSync } from "node:zlib";
import { expect } from "chai";
import fc from "fast-check";
import { packColumns, packNames, unpackColumns, unpackNames } from "../../../lib/declaration/set/compact-table";
import { type Members, membersSinceLast, packMembers, unpackMembers } from "../../../lib/declaration/set/members";

const bucketName = fc.stringMatching(/^[a-z0-9][a-z0-9-]{1,20}[a-z0-9]$/);
const anyMembers = fc
    .uniqueArray(fc.tuple(bucketName, fc.constantFrom(undefined, "cn-hangzhou", "eu-central-1")), {
        selector: ([name]) => name,
    })
    .map(
        (entries): Members => new Map(entries.map(([name, region]) => [name, region === undefined ? {} : { region }])),
    );

const numbered = (count: number, first = 0): Members =>
    new Map(Array.from({ length: count }, (_, n) => [`bucket-${String(n + first).padStart(6, "0")}`, {}]));

describe("a table of buckets", () => {
    it("is read as it was written, with every kind of value", () => {
        const rule = fc.constantFrom(
            { sseAlgorithm: "KMS", kmsMasterKeyId: "key" },
            { sseAlgorithm: "SM4" },
            undefined,
        );
        const row = fc.record({ rule, flag: fc.constantFrom(true, undefined) });
        fc.assert(
            fc.property(fc.dictionary(bucketName, row), (rows) => {
                const table = new Map(Object.entries(rows));
                const expected = [...table]
                    .map(([name, values]) => [name, JSON.parse(JSON.stringify(values))])
                    .sort(([a], [b]) => (a < b ? -1 : 1));
                const read = unpackColumns(table.keys(), packColumns(table, ["rule", "flag"]));
                expect([...(read ?? [])]).to.deep.equal(expected);
                expect(unpackNames(packNames(table.keys()))).to.deep.equal(expected.map(([name]) => name));
            }),
        );
    });

    it("needs a few bytes for each bucket", () => {
        expect(packMembers(numbered(50_000)).length).to.be.below(50_000 * 6);
    });

    it("rejects another text, and one about other buckets", () => {
        const bytes = [...deflateRawSync("logs")];
        for (const text of [undefined, 7, "", "AAAA", Buffer.from("{}").toString("base64"), packNames(["{}"]), bytes]) {
            expect(unpackNames(text), String(text)).to.equal(undefined);
            expect(unpackColumns(["logs"], text), String(text)).to.equal(undefined);
        }
        const ofOne = packColumns(new Map([["logs", { flag: true }]]), ["flag"]);
        expect(unpackColumns(["logs", "photos"], ofOne)).to.equal(undefined);
        const ofTwo = packColumns(new Map(["logs", "photos"].map((name) => [name, { flag: true }])), ["flag"]);
        expect(unpackColumns(["logs"], ofTwo)).to.equal(undefined);
        const lastAlike = new Map(["a", "b", "c"].map((name) => [name, { flag: name === "a" }]));
        expect(unpackColumns(["a", "b"], packColumns(lastAlike, ["flag"]))).to.equal(undefined);
        for (const other of [
            null,
            { v: 2, columns: {} },
            { v: 1, columns: "flag" },
            { v: 1, columns: 7 },
            { columns: {} },
            7,
        ]) {
            const text = deflateRawSync(JSON.stringify(other)).toString("base64");
            expect(unpackColumns([], text), JSON.stringify(other)).to.equal(undefined);
        }
    });

    it("rejects malformed columns, and columns of different lengths", () => {
        const ofTwo = { values: [true], runs: [1, 2] };
        const packedColumns = (...columns: readonly unknown[]) =>
            deflateRawSync(JSON.stringify({ v: 1, columns: { ...columns } })).toString("base64");
        expect([...(unpackColumns(["logs", "photos"], packedColumns(ofTwo)) ?? [])]).to.deep.equal([
            ["logs", { 0: true }],
            ["photos", { 0: true }],
        ]);
        const wrong = [
            null,
            7,
            { values: true, runs: [1, 2] },
            { values: [true], runs: 2 },
            { values: [true], runs: ["1", 2] },
            { values: [true], runs: [1, 2.5] },
            { values: [true], runs: [1, 2, 0, -1] },
            { values: [true], runs: [-1, 2] },
            { values: [true], runs: [1, 3] },
        ];
        for (const column of wrong) {
            const names = ["logs", "photos"];
            expect(unpackColumns(names, packedColumns(column)), JSON.stringify(column)).to.equal(undefined);
            expect(unpackColumns(names, packedColumns(ofTwo, column)), JSON.stringify(column)).to.equal(undefined);
            expect(unpackColumns(names, packedColumns(column, ofTwo)), JSON.stringify(column)).to.equal(undefined);
        }
    });

    it("rejects a short text that would fill the memory", () => {
        const long = deflateRawSync(Buffer.alloc(64 * 1024 * 1024 + 1, "a")).toString("base64");
        expect(unpackNames(long)).to.equal(undefined);
    });

    it("writes a shared value once, and equal rows in sequence as one", () => {
        const rules = numbered(100).keys();
        const table = new Map(
            [...rules].map((name, n) => [name, { rule: { sseAlgorithm: n % 50 < 25 ? "KMS" : "SM4" } }]),
        );
        const packed = Buffer.from(packColumns(table, ["rule"]), "base64");
        expect(JSON.parse(inflateRawSync(packed).toString())).to.deep.equal({
            v: 1,
            columns: {
                rule: {
                    values: [{ sseAlgorithm: "KMS" }, { sseAlgorithm: "SM4" }],
                    runs: [1, 25, 2, 25, 1, 25, 2, 25],
                },
            },
        });
    });
});

describe("the members of a set", () => {
    it("are the declared ones after any earlier list", () => {
        fc.assert(
            fc.property(fc.array(anyMembers, { minLength: 1, maxLength: 5 }), (versions) => {
                let last = {};
                for (const now of versions) {
                    const declared = membersSinceLast(now, last);
                    const read = [...(unpackMembers(declared) ?? [])].sort();
                    expect(read).to.deep.equal([...now].sort());
                    last = declared;
                }
            }),
        );
    });

    it("leave the packed list as it is and name what joined and left", () => {
        const base = numbered(1_000);
        const last = { members: packMembers(base) };
        const now = new Map([...base, ["logs-new", { region: "cn-beijing" }]] as const);
        now.delete("bucket-000007");
        expect(membersSinceLast(now, last)).to.deep.equal({
            members: last.members,
            membersSince: { "logs-new": "added in cn-beijing", "bucket-000007": "removed" },
        });
        expect(membersSinceLast(base, membersSinceLast(now, last))).to.deep.equal(last);
    });

    it("name one whose region changed", () => {
        const [there, here] = ["cn-beijing", "cn-hangzhou"].map((region) => new Map([["logs", { region }]]));
        const last = { members: packMembers(there as Members) };
        expect(membersSinceLast(here as Members, last)).to.deep.equal({
            ...last,
            membersSince: { logs: "added in cn-hangzhou" },
        });
        const nowhere = membersSinceLast(new Map([["logs", {}]]), last);
        expect(nowhere.membersSince).to.deep.equal({ logs: "added" });
        expect(unpackMembers(nowhere)).to.deep.equal(new Map([["logs", {}]]));
    });

    it("are listed up to five hundred changes", () => {
        const last = { members: packMembers(numbered(1_000)) };
        const change = (joining: number) => membersSinceLast(numbered(1_000 - 250 + joining, 250), last);
        expect(Object.keys(change(250).membersSince ?? {})).to.have.lengthOf(500);
        expect(change(250).members).to.equal(last.members);
        expect(change(251)).not.to.have.property("membersSince");
        expect(membersSinceLast(numbered(1_501), last)).not.to.have.property("membersSince");
    });

    it("cannot be read where their regions belong to other buckets", () => {
        const members = `${packNames(["logs"])}.nonsense!`;
        expect(unpackMembers({ members })).to.equal(undefined);
        expect(unpackMembers({ members, membersSince: { films: "added" } })).to.equal(undefined);
        expect(packMembers(numbered(1)), "no regions, no more than names").to.equal(packNames(numbered(1).keys()));
    });

    it("are those of the list alone where the changes since are no changes", () => {
        const list = packMembers(new Map([["logs", {}]]));
        for (const membersSince of [undefined, null, 7, "added"])
            expect([...(unpackMembers({ members: list, membersSince }) ?? [])], String(membersSince)).to.deep.equal([
                ["logs", {}],
            ]);
        for (const members of [undefined, 7, null]) expect(unpackMembers({ members })).to.equal(undefined);
        expect(membersSinceLast(new Map([["logs", {}]]), { members: 7 })).to.deep.equal({ members: list });
    });

    it("are packed again when most of them have changed", () => {
        const declared = membersSinceLast(numbered(2_000, 1_000), { members: packMembers(numbered(1_000)) });
        expect(declared).to.deep.equal({ members: packMembers(numbered(2_000, 1_000)) });
    });
});
