import { expect } from "chai";
import type { EngineEvent, Step } from "../../../lib/engine";
import { noColors } from "../../../lib/engine/display/colors";
import { OperationText } from "../../../lib/engine/display/operation-text";
import { infoText, ResourceTree, statusText } from "../../../lib/engine/display/resource-tree";
import { emptyState, type ResourceState } from "../../../lib/engine/state/resource-state";

const type = "items:index:Item";
const urn = "urn:pulumi:dev::shop::items:index:Group$items:index:Item::a";

const stateWith = (outputs: ResourceState["outputs"]): ResourceState => ({ ...emptyState(urn, type, true), outputs });

function textOf(events: readonly EngineEvent[], diff = false): { readonly out: string; readonly errors: string } {
    let out = "";
    let errors = "";
    const text = new OperationText({
        headline: "Updating",
        operation: "update",
        preview: false,
        stack: "dev",
        diff,
        paint: noColors,
        write: (part) => {
            out += part;
        },
        writeError: (part) => {
            errors += part;
        },
    });
    for (const event of events) text.listener(event);
    return { out: out.replace(/^Updating \(dev\):\n/, ""), errors };
}

describe("an operation's text", () => {
    describe("where a resource is read before an update", () => {
        const old = stateWith({ size: 1, __provider: "code" });
        const refresh = (result: "same" | "update" | "delete", now = stateWith({ size: 2 })): Step => ({
            op: "refresh",
            urn,
            type,
            old,
            new: result === "delete" ? undefined : now,
            result,
            preliminary: true,
        });
        const eventsOf = (step: Step): EngineEvent[] => [
            { kind: "step", step },
            { kind: "outputs", step },
        ];

        it("separates differences from the state and steps", () => {
            const update: Step = { op: "update", urn, type, old, new: old };
            expect(textOf([...eventsOf(refresh("update")), ...eventsOf(update)]).out).to.equal(
                " ~  items:index:Item a refresh [differs from the state: ~size]\n ~  items:index:Item a updated\n",
            );
        });

        it("shows a missing resource as no longer existing, and not as deleted", () => {
            expect(textOf(eventsOf(refresh("delete"))).out).to.equal(
                " ~  items:index:Item a refresh [no longer exists]\n",
            );
            expect(textOf(eventsOf(refresh("delete")), true).out)
                .to.contain("~ items:index:Item: (refresh)\n")
                .and.contain("--outputs:--\n")
                .and.not.contain("(delete)");
        });

        it("leaves out a resource that equals the state", () => {
            expect(textOf(eventsOf(refresh("same", old))).out).to.equal("");
            expect(textOf(eventsOf(refresh("same", old)), true).out).to.equal("");
        });

        it("keeps the difference in the tree, beside the step", () => {
            const tree = new ResourceTree(() => 0);
            for (const step of [refresh("update"), { op: "same", urn, type, old, new: old } as Step]) {
                tree.begins(step);
                tree.ends(step, "done");
            }
            const [{ row } = expect.fail("no row")] = tree.placed();
            expect(infoText(row)).to.equal("differs from the state: ~size");
            expect(statusText(row, true, 0)).to.equal("");
        });
    });

    describe("for an error", () => {
        const errorOf = (message: string, about: string | undefined): string =>
            textOf([{ kind: "diagnostic", severity: "error", message, ...(about === undefined ? {} : { urn: about }) }])
                .errors;

        it("names the resource once", () => {
            expect(errorOf("access denied", urn)).to.equal("error: items:index:Item a: access denied\n");
            expect(errorOf("items:index:Item resource 'a' has a problem: no key", urn)).to.equal(
                "error: items:index:Item resource 'a' has a problem: no key\n",
            );
        });

        it("names no resource where there is none", () => {
            expect(errorOf("Target 'nothing' could not be found in the stack.", "nothing")).to.equal(
                "error: Target 'nothing' could not be found in the stack.\n",
            );
            expect(errorOf("update canceled", undefined)).to.equal("error: update canceled\n");
        });
    });
});
