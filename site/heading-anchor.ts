/** The anchor of a heading, as GitHub and npm make it: the same links work there and in the site. */
export const headingAnchor = (heading: string): string =>
    heading
        .trim()
        .toLowerCase()
        .replaceAll(/[^\p{Letter}\p{Mark}\p{Number}\s_-]/gu, "")
        .replaceAll(/\s/g, "-");
