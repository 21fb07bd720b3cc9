import { expect } from "chai";
import type { SetState } from "../../../lib/declaration";
import { UnfinishedResource } from "../../../lib/declaration";
import { type ErrorKind, errorCatalogue, UserError } from "../../../lib/errors";
import { namesText } from "../../../lib/lifecycle/names-text";
import { ChangeTally } from "../../../lib/lifecycle/set/change-tally";
import { isGeneralFailure, setFailure } from "../../../lib/lifecycle/set/set-failure";

const refused = (kind: ErrorKind, text: string) => new UserError(kind, text);
const names = (count: number) => Array.from({ length: count }, (_, number) => `b-${String(number).padStart(2, "0")}`);

describe("the failure of a set", () => {
    it("counts buckets by kind, and shows the message of the first of each", () => {
        const failed = new Map<string, unknown>([
            ["one", refused("access-denied", "No right")],
            ["two", refused("throttled", "Too much")],
            ["three", refused("access-denied", "No right for this either")],
        ]);
        const outcome = { failed, notStarted: ["four"], whyNotStarted: "the operation was cancelled" };
        const failure = setFailure("have the declared rule", 9, outcome);
        expect(failure.kind).to.equal("buckets-failed");
        const cure = (kind: ErrorKind) => errorCatalogue[kind].cure.replace(/\.$/, "");
        expect(failure.message).to.equal(
            `4 of 9 buckets do not have the declared rule: 2 with access-denied (one, three): No right. ${cure("access-denied")}; ` +
                `1 with throttled (two): Too much. ${cure("throttled")}; ` +
                `1 was not started, since the operation was cancelled. ${cure("buckets-failed")}.`,
        );
    });

    it("does not mention buckets that were not started where there are none", () => {
        const failed = new Map([["one", refused("access-denied", "No right")]]);
        const outcome = { failed, notStarted: [], whyNotStarted: "no request succeeds any more" };
        expect(setFailure("lose their rule", 1, outcome).message)
            .to.include("1 of 1 bucket does not lose their rule: 1 with access-denied (one): No right")
            .and.not.to.include("not started");
    });

    it("passes on a defect as it is", () => {
        const defect = new TypeError("x is undefined");
        const outcome = { failed: new Map([["one", defect]]), notStarted: [], whyNotStarted: "" };
        expect(() => setFailure("have the declared rule", 1, outcome)).to.throw(TypeError, "x is undefined");
    });

    it("names ten buckets, and counts the others", () => {
        expect(namesText(names(10))).to.equal(names(10).join(", "));
        expect(namesText(names(12))).to.equal(`${names(10).join(", ")} and 2 more`);
    });

    for (const kind of [
        "throttled",
        "service-unavailable",
        "unreachable",
        "no-credentials",
        "role-not-assumed",
        "credentials-rejected",
        "clock-skew",
        "account-not-known",
        "wrong-account",
        "request-cancelled",
        "cancelled",
    ] as const) {
        it(`is general when its kind is ${kind}`, () => {
            expect(isGeneralFailure(refused(kind, "No"))).to.equal(true);
        });
    }

    it("is one bucket's own otherwise", () => {
        expect(isGeneralFailure(refused("access-denied", "No"))).to.equal(false);
        expect(isGeneralFailure(Object.assign(new Error("no"), { kind: "throttled" }))).to.equal(false);
    });

    it("has the state of what was done", () => {
        const state = { members: "", buckets: 1, held: "" } satisfies SetState;
        const cause = refused("buckets-failed", "1 of 2 buckets does not have the declared rule");
        const unfinished = new UnfinishedResource(cause, state, "id");
        expect(unfinished).to.include({ name: "UnfinishedResource", message: cause.message, cause, state, id: "id" });
    });
});

describe("a tally of changes", () => {
    it("has a line for one bucket, and one for many with the same change", () => {
        const tally = new ChangeTally();
        tally.add("SM4 → AES256", "single");
        for (const name of names(12).reverse()) tally.add("no rule → AES256", name);
        expect(tally.lines()).to.deep.equal([
            "bucket single: SM4 → AES256",
            `12 buckets: no rule → AES256 (${names(10).join(", ")} and 2 more)`,
        ]);
    });

    it("has no line where nothing changes", () => {
        const tally = new ChangeTally();
        expect(tally.lines()).to.deep.equal([]);
        tally.add("no rule → AES256", "logs");
        expect(tally.lines()).to.deep.equal(["bucket logs: no rule → AES256"]);
    });
});
