import { expect } from "chai";
import { deleteLayers, deleteStep, neededBy } from "../../../lib/engine/deployment/delete-plan";
import { emptyState, type ResourceState } from "../../../lib/engine/state/resource-state";

const urn = (name: string): string => `urn:pulumi:dev::shop::t:m:T::${name}`;
const state = (name: string, more: Partial<ResourceState> = {}): ResourceState => ({
    ...emptyState(urn(name), "t:m:T", true),
    ...more,
});
const layers = (...states: ResourceState[]): string[][] =>
    deleteLayers(
        states.map((old) => deleteStep(old, old.delete)),
        states,
    ).map((layer) => layer.map((step) => step.urn.split("::").at(-1) ?? ""));

describe("the order of deletes", () => {
    it("deletes dependents before what they depend on, for every kind of dependency", () => {
        const a = state("a");
        expect(
            layers(
                a,
                state("b", { dependencies: [a.urn] }),
                state("c", { propertyDependencies: new Map([["x", [urn("b")]]]) }),
                state("d"),
            ),
        ).to.deep.equal([["c"], ["b"], ["a", "d"]]);
        expect(layers(a, state("b", { parent: a.urn }), state("c", { deletedWith: urn("b") }))).to.deep.equal([
            ["c"],
            ["b"],
            ["a"],
        ]);
    });

    it("includes the children of a component that a resource depends on, not its siblings", () => {
        const group = state("group");
        const child = state("child", { parent: group.urn });
        const sibling = state("sibling", { parent: group.urn });
        expect(layers(group, child, state("user", { dependencies: [group.urn] }), sibling)).to.deep.equal([
            ["user"],
            ["child", "sibling"],
            ["group"],
        ]);
    });

    it("orders ten thousand resources in a chain and ten thousand side by side", () => {
        const chain = Array.from({ length: 10_000 }, (_, index) =>
            state(`${index}`, { dependencies: index === 0 ? [] : [urn(`${index - 1}`)] }),
        );
        expect(layers(...chain)).to.have.lengthOf(10_000);
        const row = Array.from({ length: 10_000 }, (_, index) => state(`${index}`, { parent: urn("0") }));
        expect(layers(...row)).to.have.lengthOf(2);
    });

    it("finds what a remaining resource needs", () => {
        const base = [
            state("a"),
            state("b", { dependencies: [urn("a")] }),
            state("c", { parent: urn("b") }),
            state("d"),
        ];
        expect([...neededBy([base[2] as ResourceState], base)].map((needed) => needed.urn).sort()).to.deep.equal([
            urn("a"),
            urn("b"),
        ]);
    });
});
