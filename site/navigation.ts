/** A page of the site. */
export interface SitePage {
    /** The Markdown file, relative to the package. */
    readonly source: string;
    /** The name in the sidebar. */
    readonly title: string;
    /** The page's place in the site, without an ending. */
    readonly place: string;
}

export interface SiteSection {
    readonly title: string;
    readonly pages: readonly SitePage[];
}

const section = (title: string, folder: string, pages: Readonly<Record<string, string>>): SiteSection => ({
    title,
    pages: Object.entries(pages).map(([source, name]) => ({
        source,
        title: name,
        place: `${folder}/${nameOf(source)}`,
    })),
});

/** The file's name without its ending; that of its folder for a README. */
const nameOf = (source: string): string => {
    const parts = source.replace(/\.md$/, "").split("/");
    if (parts.at(-1) !== "README") return parts.at(-1) as string;
    return parts.length > 2 ? (parts.at(-2) as string) : "index";
};

/** The introduction, which is the first page, and its translation. */
export const introductions: readonly SitePage[] = [
    { source: "README.md", title: "Introduction", place: "index" },
    { source: "README.zh-CN.md", title: "中文", place: "zh-CN" },
];

/** Everything that a user may read, by what it is for. Documents for contributors are not part of the site. */
export const sections: readonly SiteSection[] = [
    section("Tutorial", "tutorial", { "docs/tutorial.md": "Five minutes to an encrypted bucket" }),
    section("How-to guides", "guides", {
        "docs/installation.md": "Install with npm, pnpm, Yarn, bun",
        "docs/encrypt-a-stack.md": "Encrypt a stack's buckets",
        "docs/fleets.md": "Encrypt a whole account",
        "docs/rollout.md": "Encrypt many accounts",
        "docs/rollout-temporal.md": "Roll out with many workers",
        "docs/accounts.md": "Use accounts and roles",
        "docs/s3.md": "Encrypt buckets of S3 services",
        "docs/plugin.md": "Use Python, Go or YAML",
        "docs/review.md": "Gate pull requests",
        "docs/policy.md": "Enforce policies",
        "docs/audit.md": "Audit accounts",
        "docs/doctor.md": "Check credentials and rights",
        "docs/coming-from.md": "Move from alicloud or Terraform",
        "docs/test-a-stack.md": "Test a stack",
        "docs/continuous-integration.md": "Run in CI",
        "docs/automation-api.md": "Use the Automation API",
        "docs/pulumi-esc.md": "Use Pulumi ESC",
        "docs/pulumi-kubernetes-operator.md": "Use the Pulumi Kubernetes Operator",
    }),
    section("Reference", "reference", {
        "docs/resource.md": "Arguments and settings",
        "docs/errors.md": "Errors",
        "docs/exit-statuses.md": "Exit statuses",
        "docs/completion.md": "Shell completion",
        "docs/pulumi-embedded.md": "pulumi-embedded",
        "docs/local-cloud.md": "The local cloud",
        "docs/sources.md": "Sources",
        "docs/dependencies.md": "Run-time dependencies",
        "CHANGELOG.md": "Changes",
        "SECURITY.md": "Security",
    }),
    section("Explanation", "explanation", {
        "docs/drift.md": "Drift",
        "docs/strength.md": "Strength",
        "docs/guards.md": "Guards",
        "docs/limits.md": "Limits",
        "docs/what-runs-where.md": "What runs where",
        "docs/complaints.md": "Common complaints",
    }),
    section("Examples", "examples", {
        "examples/README.md": "All examples",
        "examples/quickstart/README.md": "Quickstart",
        "examples/with-alicloud/README.md": "With @pulumi/alicloud",
        "examples/esm-typescript/README.md": "A TypeScript ES module",
        "examples/pnpm-workspace/README.md": "A pnpm workspace",
        "examples/stack-tests/README.md": "Tests of a stack",
        "examples/baseline/README.md": "Baselines for a whole account",
        "examples/multi-account/README.md": "Many accounts in waves",
        "examples/automation-api/README.md": "The Automation API",
        "examples/oss-and-s3/README.md": "One rule for OSS and S3",
        "examples/policy/README.md": "A stack under policies",
        "examples/yaml/README.md": "Rules in YAML",
        "examples/python/README.md": "Rules in Python",
        "examples/pipelines/README.md": "Pipelines",
    }),
];

/** The reference pages that are made from code: the commands' help, and the API by typedoc. */
export const commandsPlace = "reference/commands";
export const apiFolder = "reference/api";

export const sitePages: readonly SitePage[] = [...introductions, ...sections.flatMap(({ pages }) => pages)];
