import { expect } from "chai";
import { OperationScope } from "../../../lib/engine/deployment/operation-scope";
import { emptyState, type ResourceState } from "../../../lib/engine/state/resource-state";

const urn = (name: string): string => `urn:pulumi:dev::p::a:b:C::${name}`;
const state = (name: string, dependencies: string[] = [], parent = ""): ResourceState => ({
    ...emptyState(urn(name), "a:b:C", true),
    dependencies: dependencies.map(urn),
    parent: parent === "" ? "" : urn(parent),
});
const base = [state("a"), state("b", ["a"]), state("c", ["b"]), state("lone"), state("child", [], "lone")];
const names = (states: readonly ResourceState[]): string[] => states.map((one) => one.urn.split("::").at(-1) ?? "");
const taken = (scope: OperationScope): string[] => names(base.filter((one) => scope.takes(one)));
const deleted = (scope: OperationScope): string[] => names(base.filter(scope.deletable(base)));

describe("the scope of an operation", () => {
    it("is all resources without options", () => {
        expect(taken(new OperationScope({}))).to.deep.equal(["a", "b", "c", "lone", "child"]);
        expect(deleted(new OperationScope({}))).to.deep.equal(["a", "b", "c", "lone", "child"]);
    });

    it("is the targets, by name or pattern, and their dependents on request", () => {
        expect(taken(new OperationScope({ target: [urn("a")] }))).to.deep.equal(["a"]);
        expect(taken(new OperationScope({ target: ["**::l*"] }))).to.deep.equal(["lone"]);
        expect(taken(new OperationScope({ target: [urn("a")], targetDependents: true }))).to.deep.equal([
            "a",
            "b",
            "c",
        ]);
    });

    it("leaves out excluded resources, and their dependents on request", () => {
        expect(taken(new OperationScope({ exclude: [urn("b")] }))).to.deep.equal(["a", "c", "lone", "child"]);
        const scope = new OperationScope({ exclude: [urn("b")], excludeDependents: true });
        expect(taken(scope)).to.deep.equal(["a", "lone", "child"]);
    });

    it("deletes dependents and children with a target, but only on request", () => {
        const scope = new OperationScope({ target: [urn("b"), urn("lone")] });
        expect(deleted(scope)).to.deep.equal(["b", "c", "lone", "child"]);
        expect(["b", "c", "lone", "child"].filter((name) => scope.isUnnamedDelete(urn(name)))).to.deep.equal([
            "c",
            "child",
        ]);
        expect(new OperationScope({ target: [urn("b")], targetDependents: true }).isUnnamedDelete(urn("c"))).to.equal(
            false,
        );
    });

    it("keeps what an excluded resource needs", () => {
        expect(deleted(new OperationScope({ exclude: [urn("b")] }))).to.deep.equal(["c", "lone", "child"]);
    });

    it("reads dots and brackets in a pattern as plain characters", () => {
        expect(new OperationScope({ replace: ["urn:pulumi:dev::p::a:b:C::x.*"] }).replaces(urn("xyz"))).to.equal(false);
        expect(new OperationScope({ replace: ["**::x.*"] }).replaces(urn("x.1"))).to.equal(true);
    });
});
