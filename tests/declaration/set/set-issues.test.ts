import { expect } from "chai";
import { DeclarationParser, setIssues } from "../../../lib/declaration";
import { DeclaredSet } from "../../../lib/declaration/set/declared-set";
import { packMembers } from "../../../lib/declaration/set/members";
import { notYetKnown, rulePropertyNames } from "../../../lib/rule";
import { ScriptedStore } from "../../lifecycle/scripted-store";

const parser = () => new DeclarationParser(new ScriptedStore().ports());

const members = (...names: string[]) => packMembers(new Map(names.map((name) => [name, {}])));
const numbered = (count: number) => Array.from({ length: count }, (_, n) => `bucket-${String(n).padStart(6, "0")}`);

describe("the faults of a set's declaration", () => {
    const faults = (inputs: Record<string, unknown>) =>
        setIssues({ members: members("logs", "audit"), sseAlgorithm: "AES256", ...inputs }, parser()).map(
            ({ code, path, message }) => `${code} ${path}: ${message}`,
        );

    it("are none for a valid declaration", () => {
        expect(faults({})).to.deep.equal([]);
        expect(faults({ atLeast: true, selection: "all", overrides: { logs: { sseAlgorithm: "SM4" } } })).to.deep.equal(
            [],
        );
        expect(faults({ overrides: { logs: { sseAlgorithm: "SM4", reason: "a regulator" } } })).to.deep.equal([]);
    });

    it("do not include values that are not known yet", () => {
        expect(faults({ members: notYetKnown, atLeast: notYetKnown, overrides: notYetKnown })).to.deep.equal([]);
        expect(faults({ members: notYetKnown, overrides: { logs: { sseAlgorithm: "SM4" } } })).to.deep.equal([]);
        expect(
            faults({ overrides: { logs: notYetKnown, audit: { sseAlgorithm: "SM4", reason: notYetKnown } } }),
        ).to.deep.equal([]);
    });

    it("name an unknown property, and the known ones without those that no program writes", () => {
        const [fault = "", ...others] = faults({ colour: "blue" });
        expect(others).to.deep.equal([]);
        expect(fault).to.match(/^not-allowed colour: is not one of the properties of BucketEncryptionSet, which are /);
        expect(fault).to.include("sseAlgorithm, ").and.to.include("overrides, ").and.not.to.include("members");
    });

    for (const [what, given, said] of [
        ["no buckets", undefined, "required buckets: is required: the buckets' names"],
        ["what is no list of buckets", "nonsense!", "malformed buckets: is not a list of buckets' names"],
        ["a value of another type", 7, "malformed buckets: is not a list of buckets' names"],
    ] as const) {
        it(`include ${what}`, () => {
            expect(faults({ members: given })).to.deep.equal([said]);
        });
    }

    it("include more buckets than a set can have", () => {
        expect(faults({ members: members(...numbered(50_001)) })).to.deep.equal([
            "not-allowed buckets: are 50001; one set can have 50000, so make several",
        ]);
        expect(faults({ members: members(...numbered(50_000)) })).to.deep.equal([]);
    }).timeout(20_000);

    it("include a switch of the wrong type", () => {
        expect(faults({ atLeast: "yes" })).to.deep.equal([
            "wrong-type atLeast: must be true or false, not a value of type string",
        ]);
    });

    it("include those of overrides at their places", () => {
        expect(faults({ overrides: ["logs"] })).to.include(
            "wrong-type overrides: must be an object with a rule for each bucket's name",
        );
        const overrides = {
            logs: { sseAlgorithm: "KMS", kmsDataEncryption: "AES", reason: 7 },
            audit: "SM4",
            other: { sseAlgorithm: "SM4", colour: "blue" },
        };
        const found = faults({ overrides });
        expect(found).to.include("wrong-type overrides.logs.reason: must be a string, not a value of type number");
        expect(found).to.include("wrong-type overrides.audit: must be a rule such as { sseAlgorithm }");
        expect(found).to.include("not-allowed overrides.other: is for a bucket that does not belong to the set");
        expect(found.filter((fault) => fault.startsWith("not-allowed overrides.other.colour:"))).to.deep.equal([
            `not-allowed overrides.other.colour: is not one of ${rulePropertyNames.join(", ")}, reason`,
        ]);
        expect(rulePropertyNames[0]).to.equal("sseAlgorithm");
        expect(found.filter((fault) => fault.includes(" overrides.logs.kmsDataEncryption: "))).to.have.lengthOf(1);
    });

    it("include those of the common rule once", () => {
        const found = faults({ sseAlgorithm: "AES" });
        expect(found).to.have.lengthOf(1);
        expect(found[0]).to.include(" sseAlgorithm: ");
        expect(faults({ sseAlgorithm: "AES", members: members() }), "without buckets too").to.deep.equal(found);
    });

    it("include each name that no bucket can have", () => {
        const found = faults({ members: members("Logs", "fine-one", "x") });
        expect(found).to.have.lengthOf(2);
        for (const [index, name] of ["Logs", "x"].entries()) {
            expect(found[index]).to.include(" buckets: ").and.to.include(`"${name}"`);
            expect(found[index], "no need to name it twice").not.to.include(`bucket ${name} `);
        }
    });

    it("include a single resource's property `bucket`", () => {
        expect(faults({ bucket: "logs" })[0]).to.match(/^not-allowed bucket: is not one of the properties/);
    });

    it("are listed up to fifty, and then counted", () => {
        const wrong = (count: number) => members(...numbered(count).map((name) => `_${name}`));
        expect(faults({ members: wrong(50) })).to.have.lengthOf(50);
        const found = faults({ members: wrong(52) });
        expect(found).to.have.lengthOf(51);
        expect(found.at(-1)).to.equal("malformed buckets: has more faults than are listed here: 52 in all");
    });
});

describe("a declared set", () => {
    const regions = new Map([
        ["a-one", { region: "cn-hangzhou" }],
        ["a-two", { region: "cn-hangzhou" }],
        ["b-one", { region: "cn-beijing" }],
        ["b-two", {}],
    ]);
    const overrides = { "a-two": { sseAlgorithm: "SM4", reason: "a regulator" }, "b-two": {} };
    const inputs = {
        members: packMembers(regions),
        sseAlgorithm: "KMS",
        kmsMasterKeyId: "key",
        onDelete: "remove",
        atLeast: true,
        overrides,
    };

    it("declares for each bucket what a single resource would", () => {
        const set = new DeclaredSet(inputs, parser());
        const usual = { sseAlgorithm: "KMS", kmsMasterKeyId: "key", onDelete: "remove", atLeast: true };
        expect(set.propertiesOf("a-one")).to.deep.equal({ ...usual, region: "cn-hangzhou", bucket: "a-one" });
        // The whole rule is another, so no key of the common one stays.
        const other = {
            sseAlgorithm: "SM4",
            onDelete: "remove",
            atLeast: true,
            region: "cn-hangzhou",
            bucket: "a-two",
        };
        expect(set.propertiesOf("a-two")).to.deep.equal(other);
        expect(set.propertiesOf("b-two")).to.deep.equal({ onDelete: "remove", atLeast: true, bucket: "b-two" });
    });

    it("has an example of each region, and each bucket with a rule of its own", () => {
        expect(new DeclaredSet(inputs, parser()).examples()).to.deep.equal(["a-one", "a-two", "b-one", "b-two"]);
        expect(new DeclaredSet({ ...inputs, overrides: undefined }, parser()).examples()).to.deep.equal([
            "a-one",
            "b-one",
            "b-two",
        ]);
    });

    it("has no buckets where its list cannot be read, and no overrides where they are none", () => {
        expect(new DeclaredSet({ ...inputs, members: "nonsense!" }, parser()).members.size).to.equal(0);
        for (const overrides of ["a-two", null])
            expect(new DeclaredSet({ ...inputs, overrides }, parser()).isOverridden("a-two")).to.equal(false);
    });

    it("has the first of the buckets without a region as their example", () => {
        const declared = { ...inputs, overrides: {}, members: members("a-one", "a-two") };
        expect(new DeclaredSet(declared, parser()).examples()).to.deep.equal(["a-one"]);
    });

    it("treats an override that is not a rule as an empty one", () => {
        const set = new DeclaredSet({ ...inputs, overrides: { "a-one": null } }, parser());
        expect(set.propertiesOf("a-one")).to.deep.equal({
            onDelete: "remove",
            atLeast: true,
            region: "cn-hangzhou",
            bucket: "a-one",
        });
    });

    it("has one rule, as one object, for all buckets without one of their own", () => {
        const set = new DeclaredSet(inputs, parser());
        expect(set.ruleOf("a-one")).to.deep.equal({ sseAlgorithm: "KMS", kmsMasterKeyId: "key" });
        expect(set.ruleOf("a-one")).to.equal(set.ruleOf("b-one"));
        expect(set.ruleOf("a-two")).to.deep.equal({ sseAlgorithm: "SM4" });
    });

    it("reaches a bucket that left it where the set is", () => {
        const set = new DeclaredSet({ ...inputs, region: "cn-qingdao" }, parser());
        expect(set.propertiesOf("c-gone")).to.include({ region: "cn-qingdao", bucket: "c-gone" });
        expect(set.declarationOf("c-gone").reach).to.have.property("region", "cn-qingdao");
        expect(set.placeOf("c-gone").reach.region).to.equal("cn-qingdao");
        expect(set.placeOf("a-one").reach.region).to.equal("cn-hangzhou");
    });

    it("has no place for a bucket while a part of the account is not known", () => {
        const placeWith = (id: unknown) =>
            new DeclaredSet({ ...inputs, account: { id } }, parser()).declarationOf("a-one").place;
        expect(placeWith(notYetKnown)).to.equal(notYetKnown);
        expect(placeWith("1234567890123456")).to.have.property("bucket", "a-one");
    });
});
