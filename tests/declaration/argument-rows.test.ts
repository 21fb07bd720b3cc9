import { expect } from "chai";
import { DeclarationParser, declarationArguments, outputs } from "../../lib/declaration";
import {
    type ArgumentRow,
    type ArgumentRows,
    allowedCombinations,
    notYetKnown,
    rowsOf,
    sseAlgorithms,
} from "../../lib/rule";
import { storeFamilies } from "../../lib/stores";
import { ScriptedStore } from "../lifecycle/scripted-store";

const valid = { bucket: "example-logs", sseAlgorithm: "AES256", region: "cn-hangzhou" };
const parser = () => new DeclarationParser({ families: storeFamilies, settings: () => ({}) });
const issues = (properties: object) => [...parser().parseDeclaration({ ...valid, ...properties }).issues];
const rows = (type: ArgumentRow["type"]) => rowsOf(declarationArguments).filter(([, row]) => row.type === type);
/** What else must be declared for an argument to be allowed. */
const around = ({ stores, onlyWith }: ArgumentRow) => ({
    ...(stores?.includes("oss") === false && { store: stores[0], region: "eu-central-1" }),
    ...(onlyWith && { sseAlgorithm: onlyWith[0] }),
});

describe("the table of arguments", () => {
    it("describes each argument and output, and documents each as its type's comment does", () => {
        for (const [name, { description }] of rowsOf<ArgumentRows>({ ...declarationArguments, ...outputs })) {
            expect(description, name).to.match(/^[A-Z`].*\.$/s);
        }
    });

    it("has a default for each choice: one of its words, or a text", () => {
        for (const [name, row] of rows("choice").filter(([, { default: value }]) => value !== undefined)) {
            const isWord = row.values?.includes(String(row.default));
            expect(isWord || name === "kmsDataEncryption", name).to.equal(true);
        }
    });
});

describe("a value by its row", () => {
    it("is required where the row says so", () => {
        const found = parser().parseDeclaration({}).issues;
        expect(found.map(({ code, path }) => [code, path])).to.deep.equal([
            ["required", "bucket"],
            ["required", "sseAlgorithm"],
        ]);
        expect(found[0]?.message).to.equal("is required: the name of the bucket");
    });

    for (const [name, row] of rows("boolean")) {
        it(`rejects values other than true and false for ${name}, and accepts unknown ones`, () => {
            for (const value of [true, false, notYetKnown]) {
                const found = issues({ ...around(row), [name]: value }).filter(({ code }) => code === "wrong-type");
                expect(found, String(value)).to.deep.equal([]);
            }
            expect(issues({ ...around(row), [name]: "true" })).to.deep.include({
                code: "wrong-type",
                path: name,
                message: "must be true or false, not a value of type string",
            });
        });
    }

    for (const [name, row] of rows("choice")) {
        it(`rejects other values for ${name} than its words`, () => {
            for (const value of row.values ?? []) {
                const fits = { ...around(row), [name]: value };
                const codes = issues(fits).filter(({ path }) => path === name);
                expect(codes.map(({ code }) => code).filter((code) => code === "wrong-type")).to.deep.equal([]);
            }
            expect(issues({ ...around(row), [name]: notYetKnown })).to.deep.equal([]);
            const [wrong] = issues({ ...around(row), [name]: 1 });
            expect(wrong).to.include({ code: "wrong-type", path: name });
            expect(wrong?.message).to.match(/^must be one of ".*", not a value of type number$/);
            for (const [given, shown] of [
                ["?".repeat(40), "?".repeat(40)],
                ["?".repeat(41), `${"?".repeat(40)}…`],
            ] as const) {
                const [long] = issues({ ...around(row), [name]: given });
                expect(long?.message).to.match(/ is not one of "/);
                expect(long?.message.startsWith(`"${shown}" is`)).to.equal(true);
            }
        });
    }

    for (const [name, row] of rowsOf(declarationArguments).filter(([, { stores }]) => stores !== undefined)) {
        it(`rejects ${name} where the store does not support it, and says so once`, () => {
            const other = row.stores?.includes("s3") ? { store: "oss" } : { store: "s3", region: "eu-central-1" };
            const value = row.type === "boolean" ? true : row.type === "choices" ? row.values : row.values?.[0];
            const found = issues({ ...around(row), ...other, [name]: value }).filter(({ path }) => path === name);
            expect(found).to.deep.equal([
                {
                    code: "not-allowed",
                    path: name,
                    message: `is not supported by the store "${other.store}"; remove it`,
                },
            ]);
        });
    }

    it("lists in each row the kinds of store whose family supports the argument", () => {
        const optional = rowsOf(declarationArguments).filter(([, { stores }]) => stores !== undefined);
        expect(optional.map(([name]) => name)).to.include.members(["kmsDataEncryption", "forcePathStyle"]);
        for (const [store, family] of Object.entries(storeFamilies)) {
            const supported = optional.filter(([, { stores = [] }]) => stores.includes(store)).map(([name]) => name);
            expect(family.capabilities().optionalArguments, store).to.have.members(supported);
        }
    });

    it("rejects a property that does not exist, and suggests the nearest one", () => {
        expect(issues({ forceDeletion: true })).to.deep.equal([
            {
                code: "not-allowed",
                path: "forceDeletion",
                message: 'is not one of the properties of BucketEncryption; did you mean "forceDelete"?',
            },
        ]);
    });

    it("rejects a lookup of keys where the store has none", () => {
        const store = new ScriptedStore();
        store.capabilities = { keyLookup: false };
        const found = new DeclarationParser(store.ports()).parseDeclaration({ ...valid, verifyKey: true }).issues;
        expect(found.map(({ code, path }) => `${code} ${path}`)).to.deep.equal(["not-allowed verifyKey"]);
    });

    describe("that blocks encryption types", () => {
        const inS3 = (blockedEncryptionTypes: unknown) =>
            issues({ store: "s3", region: "eu-central-1", blockedEncryptionTypes }).map(({ message }) => message);

        it("accepts each type alone, and an unknown value", () => {
            for (const value of [["SSE-C"], ["NONE"], notYetKnown, [notYetKnown]])
                expect(inS3(value)).to.deep.equal([]);
        });

        it("rejects unknown types, an empty list, NONE beside another type, and a value that is not a list", () => {
            expect(inS3(["SSE-D"])).to.deep.equal(['"SSE-D" is not one of "SSE-C", "NONE"; did you mean "SSE-C"?']);
            expect(inS3([])).to.deep.equal(['must be a list of one or more of "SSE-C", "NONE", not an empty list']);
            expect(inS3(["NONE", "SSE-C"])).to.deep.equal(['must hold "NONE" alone or not at all']);
            expect(inS3("SSE-C")).to.deep.equal(['must be a list of one or more of "SSE-C", "NONE", not "SSE-C"']);
        });

        it("counts lists in another order, or with a value twice, as the same", () => {
            const { inputs } = parser().parseDeclaration({ ...valid, blockedEncryptionTypes: ["SSE-C", "SSE-C"] });
            expect(inputs.blockedEncryptionTypes).to.deep.equal(["SSE-C"]);
        });
    });
});

describe("the truth table of combinations", () => {
    for (const store of ["oss", "s3"] as const) {
        for (const sseAlgorithm of sseAlgorithms) {
            for (const kmsMasterKeyId of [undefined, "key-1"]) {
                for (const kmsDataEncryption of [undefined, "SM4"]) {
                    const row = allowedCombinations.find(
                        (allowed) =>
                            allowed.sseAlgorithm === sseAlgorithm &&
                            allowed.kmsMasterKeyId === (kmsMasterKeyId !== undefined) &&
                            allowed.kmsDataEncryption === (kmsDataEncryption !== undefined) &&
                            allowed.stores.includes(store),
                    );
                    const parts = [sseAlgorithm, kmsMasterKeyId && "a key", kmsDataEncryption && "data in SM4"];
                    it(`${row ? "accepts" : "rejects"} ${parts.filter(Boolean).join(" with ")} in ${store}`, () => {
                        const rule = { sseAlgorithm, kmsMasterKeyId, kmsDataEncryption };
                        const { inputs, declaration } = parser().parseDeclaration({ bucket: "logs", store, ...rule });
                        expect(declaration !== undefined).to.equal(row !== undefined);
                        const { bucket: _, store: __, ...expected } = inputs;
                        if (row) expect(declaration?.rule).to.deep.equal(expected);
                    });
                }
            }
        }
    }

    it("has the algorithms of each kind of store, and no others", () => {
        for (const store of ["oss", "s3"] as const) {
            const inTable = new Set(
                allowedCombinations
                    .filter(({ stores }) => stores.includes(store))
                    .map(({ sseAlgorithm }) => sseAlgorithm),
            );
            expect([...inTable]).to.have.members([...storeFamilies[store].capabilities().sseAlgorithms]);
        }
    });
});
