import { defineConfig } from "vitepress";
import { headingAnchor } from "../heading-anchor.js";
import { apiFolder, commandsPlace, introductions, sections } from "../navigation.js";

const linkTo = ({ title, place }: { readonly title: string; readonly place: string }) => ({
    text: title,
    link: place === "index" ? "/" : `/${place}`,
});

export default defineConfig({
    title: "pulumi-bucket-encryption",
    description: "Default server-side encryption of object-storage buckets as a Pulumi resource",
    srcDir: "pages",
    // No file of its own, and no request for one.
    head: [["link", { rel: "icon", href: "data:," }]],
    outDir: "dist",
    cacheDir: "../node_modules/.cache/vitepress",
    markdown: { anchor: { slugify: headingAnchor } },
    themeConfig: {
        search: { provider: "local" },
        outline: [2, 3],
        nav: sections.map(({ title, pages: [first] }) => ({ text: title, link: `/${first?.place}` })),
        sidebar: [
            ...introductions.map(linkTo),
            ...sections.map(({ title, pages }) => ({
                text: title,
                items: [
                    ...pages.map(linkTo),
                    ...(title === "Reference"
                        ? [
                              { text: "Commands", link: `/${commandsPlace}` },
                              { text: "API", link: `/${apiFolder}/` },
                          ]
                        : []),
                ],
            })),
        ],
    },
});
