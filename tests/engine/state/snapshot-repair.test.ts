import { expect } from "chai";
import { newManifest, type ResourceJson } from "../../../lib/engine/state/checkpoint-format";
import { snapshotFault } from "../../../lib/engine/state/snapshot-integrity";
import { repairedSnapshot } from "../../../lib/engine/state/snapshot-repair";

const urn = (name: string): string => `urn:pulumi:dev::project::test:index:Thing::${name}`;
const component = (name: string, fields: Partial<ResourceJson> = {}): ResourceJson => ({
    urn: urn(name),
    type: "test:index:Thing",
    custom: false,
    ...fields,
});

describe("a snapshot that contradicts itself", () => {
    const repaired = (resources: ResourceJson[]): ResourceJson[] => {
        const deployment = { manifest: newManifest(new Date()), resources };
        expect(snapshotFault(deployment)).to.not.equal(undefined);
        const sound = repairedSnapshot(deployment);
        expect(snapshotFault(sound)).to.equal(undefined);
        return sound.resources ?? [];
    };

    it("has its resources moved behind those that they refer to", () => {
        const resources = repaired([component("b", { parent: urn("a") }), component("c"), component("a")]);
        expect(resources.map((resource) => resource.urn)).to.deep.equal([urn("a"), urn("b"), urn("c")]);
    });

    it("loses references to missing resources, but no resource", () => {
        const [a, b] = repaired([
            component("a", { parent: urn("gone"), dependencies: [urn("gone")], deletedWith: urn("gone") }),
            component("b", {
                dependencies: [urn("a"), urn("gone")],
                propertyDependencies: { size: [urn("gone"), urn("a")] },
            }),
        ]);
        expect(a).to.deep.equal(component("a", { dependencies: [] }));
        expect(b).to.deep.include({ dependencies: [urn("a")], propertyDependencies: { size: [urn("a")] } });
    });
});
