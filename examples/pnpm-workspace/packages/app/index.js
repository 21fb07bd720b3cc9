const { ApplicationBuckets } = require("@acme/buckets");

new ApplicationBuckets("shop", { buckets: ["shop-orders", "shop-invoices"] });
