import { expect } from "chai";
import { UserError } from "../../../lib/errors";
import { S3Stores } from "../../../lib/stores/s3/s3-stores";
import { LocatedStore } from "../../../lib/stores/shared/located-store";

describe("the stores of an S3 account", () => {
    it("are one for each target, and are found by the service's answers only where nothing says the region", () => {
        const stores = new S3Stores();
        const endpoint = "https://s3.example.com";
        expect(stores.at({ region: "eu-west-3" })).to.equal(stores.at({ region: "eu-west-3" }));
        expect(stores.at({ region: "eu-west-3" })).not.to.equal(stores.at({ region: "eu-west-1" }));
        expect(stores.at({ endpoint })).not.to.equal(stores.at({ endpoint, deletionIsSafe: true }));
        expect(stores.at({})).to.be.instanceOf(LocatedStore);
        expect(stores.at({ endpoint: "https://s3.amazonaws.com" })).to.be.instanceOf(LocatedStore);
        expect(stores.at({ endpoint })).not.to.be.instanceOf(LocatedStore);
        stores.close();
    });

    it("reject a target that cannot be right", () => {
        expect(() => new S3Stores().at({ endpoint: "http://example.com" })).to.throw(UserError, "loopback only");
    });
});
