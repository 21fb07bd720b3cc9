import { expect } from "chai";
import { memberNames, notYetKnown, packBuckets, packDeclaredMembers } from "../../../lib/declaration";
import { packMembers, unpackMembers } from "../../../lib/declaration/set/members";

const packedNames = (...names: string[]) => packMembers(new Map(names.map((name) => [name, {}])));

describe("the buckets that a program declares", () => {
    it("are a list of names, or regions by names", () => {
        expect(packBuckets(["logs", "my.photos_2"])).to.deep.equal({ packed: packedNames("logs", "my.photos_2") });
        const regions = { logs: { region: "cn-beijing" }, photos: {}, films: null };
        const { packed } = packBuckets(regions) as { packed: string };
        expect(Object.fromEntries(unpackMembers({ members: packed }) ?? [])).to.deep.equal({
            logs: { region: "cn-beijing" },
            photos: {},
            films: {},
        });
    });

    for (const list of ["logs", 7, null, undefined, true, new Set(["logs"]), new Map([["logs", {}]])])
        it(`pack ${String(list)}, which is no list, to a text that the check refuses`, () => {
            const answer = packBuckets(list);
            expect(answer).to.deep.equal({ packed: "?" });
            expect(unpackMembers({ members: "?" })).to.equal(undefined);
        });

    for (const name of ["", "a b", "logs/2024", "-log\n", "über", 7, null, {}])
        it(`rejects ${JSON.stringify(name)} as a name, and keeps no other of the list`, () => {
            expect(packBuckets(["logs", name, "photos"])).to.deep.equal({
                fault: `contains values that are not bucket names: ${JSON.stringify(name)}`,
            });
        });

    it("rejects a name that is undefined, and an empty place of a list", () => {
        const fault = "contains values that are not bucket names: undefined";
        // biome-ignore lint/suspicious/noSparseArray: programs in JavaScript can have one
        for (const list of [[undefined], [, "logs"]]) expect(packBuckets(list)).to.deep.equal({ fault });
    });

    it("names ten faults, shortened, and counts the others", () => {
        const odd = (count: number) => Array.from({ length: count }, (_, index) => `no ${index}`);
        const shown = odd(10).map((name) => `"${name}"`);
        expect(packBuckets(odd(10))).to.deep.equal({
            fault: `contains values that are not bucket names: ${shown.join(", ")}`,
        });
        expect(packBuckets(odd(13))).to.deep.equal({
            fault: `contains values that are not bucket names: ${shown.join(", ")}, and 3 more`,
        });
        expect(packBuckets([`${"x".repeat(100)} y`])).to.deep.equal({
            fault: `contains values that are not bucket names: "${"x".repeat(79)}`,
        });
    });
});

describe("a declaration of a set with its buckets packed", () => {
    const before = { members: packedNames("logs"), membersSince: { photos: "added" } };

    it("has the members in place of the list", () => {
        expect(packDeclaredMembers({ buckets: ["logs"], sseAlgorithm: "KMS" }, before)).to.deep.equal({
            properties: { sseAlgorithm: "KMS", members: packedNames("logs") },
            issues: [],
        });
    });

    it("stays as it is where the members are packed already, or where no buckets are declared", () => {
        const packed = { members: packedNames("photos"), sseAlgorithm: "KMS" };
        expect(packDeclaredMembers({ ...packed, buckets: ["logs"] }, before)).to.deep.equal({
            properties: packed,
            issues: [],
        });
        expect(packDeclaredMembers({ sseAlgorithm: "KMS" }, before)).to.deep.equal({
            properties: { sseAlgorithm: "KMS" },
            issues: [],
        });
    });

    it("keeps the last deployment's members where an engine puts their number in place of the list", () => {
        expect(packDeclaredMembers({ buckets: 2, sseAlgorithm: "KMS" }, before)).to.deep.equal({
            properties: { sseAlgorithm: "KMS", ...before },
            issues: [],
        });
        const { properties } = packDeclaredMembers({ buckets: 1 }, { members: packedNames("logs") });
        expect(properties).to.deep.equal({ members: packedNames("logs") });
    });

    it("is not known as long as the list or a part of it is not", () => {
        for (const buckets of [notYetKnown, ["logs", notYetKnown]])
            expect(packDeclaredMembers({ buckets }, {})).to.deep.equal({
                properties: { members: notYetKnown },
                issues: [],
            });
    });

    it("rejects a wrong name as an issue of `buckets`", () => {
        expect(packDeclaredMembers({ buckets: ["a b"], sseAlgorithm: "KMS" }, {})).to.deep.equal({
            properties: { sseAlgorithm: "KMS", members: notYetKnown },
            issues: [
                { code: "malformed", path: "buckets", message: `contains values that are not bucket names: "a b"` },
            ],
        });
    });
});

describe("the names of a set's buckets", () => {
    it("are those of the list and of the changes since", () => {
        const members = packedNames("films", "logs");
        expect(memberNames({ members })).to.deep.equal(["films", "logs"]);
        expect(memberNames({ members, membersSince: { films: "removed", photos: "added" } })).to.deep.equal([
            "logs",
            "photos",
        ]);
    });

    it("are none where they cannot be read", () => {
        for (const members of [undefined, 7, "?", notYetKnown]) expect(memberNames({ members })).to.deep.equal([]);
    });
});
