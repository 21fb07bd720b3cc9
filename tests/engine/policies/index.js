const { PolicyPack } = require("@pulumi/policy");

const itemType = "pulumi-nodejs:dynamic/items:Item";

new PolicyPack("sizes", {
    policies: [
        {
            name: "small-is-odd",
            description: "Sizes below ten are odd.",
            enforcementLevel: "advisory",
            validateResource: ({ type, props }, report) => {
                if (type === itemType && props.size < 10) report(`size ${props.size} is small`);
            },
        },
        {
            name: "not-too-large",
            description: "Sizes have a limit.",
            enforcementLevel: "mandatory",
            severity: "high",
            configSchema: { properties: { limit: { type: "number", default: 100 } } },
            validateResource: (args, report) => {
                const { limit } = args.getConfig();
                if (args.type === itemType && args.props.size > limit) report(`${args.name} is larger than ${limit}`);
            },
        },
        {
            name: "has-color",
            description: "Items are colored.",
            enforcementLevel: "remediate",
            remediateResource: ({ type, props }) => {
                if (type === itemType && props.color === undefined) return { ...props, color: "grey" };
            },
        },
        {
            name: "other-key",
            description: "Nothing has the key `mistaken`.",
            enforcementLevel: "remediate",
            remediateResource: ({ type, props }) => {
                if (type === itemType && props.key === "mistaken") return { ...props, key: "invalid" };
            },
        },
        {
            name: "few",
            description: "A stack has few items.",
            enforcementLevel: "mandatory",
            validateStack: ({ resources }, report) => {
                const count = resources.filter(({ type }) => type === itemType).length;
                if (count > 2) report(`there are ${count} items`);
            },
        },
    ],
});
