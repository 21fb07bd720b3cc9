// Writes a review into the comments of a pull request (GitHub) or merge request (GitLab): one comment, which later runs find by its first
// line and update. Call: `node comment.mjs FILE`. It needs only Node.
import { readFileSync } from "node:fs";

const { env } = process;
const pageSize = 100;

function settings(...names) {
    const missing = names.filter((name) => !env[name]);
    if (missing.length > 0) throw new Error(`Not set: ${missing.join(", ")}`);
    return names.map((name) => env[name]);
}

async function places() {
    if (env.GITLAB_CI) {
        const names = ["CI_API_V4_URL", "CI_PROJECT_ID", "CI_MERGE_REQUEST_IID", "REVIEW_TOKEN"];
        const [api, project, request, token] = settings(...names);
        const headers = { "PRIVATE-TOKEN": token };
        const { id } = await call(`${api}/user`, { headers });
        const comments = `${api}/projects/${project}/merge_requests/${request}/notes`;
        const isOwn = ({ author }) => author.id === id;
        return { comments, comment: (note) => `${comments}/${note}`, update: "PUT", headers, isOwn };
    }
    const [api, repository, request, token] = settings(
        "GITHUB_API_URL",
        "GITHUB_REPOSITORY",
        "PULL_REQUEST",
        "GITHUB_TOKEN",
    );
    const headers = { authorization: `Bearer ${token}`, accept: "application/vnd.github+json" };
    const issues = `${api}/repos/${repository}/issues`;
    // Anyone could begin a comment with the same first line.
    const isOwn = ({ user }) => user?.login === (env.COMMENT_AUTHOR ?? "github-actions[bot]");
    const comments = `${issues}/${request}/comments`;
    return { comments, comment: (id) => `${issues}/comments/${id}`, update: "PATCH", headers, isOwn };
}

async function call(url, { headers, ...request }) {
    const type = request.body === undefined ? {} : { "content-type": "application/json" };
    const response = await fetch(url, { ...request, headers: { ...headers, ...type } });
    if (!response.ok) throw new Error(`${request.method ?? "GET"} ${url} was answered with ${response.status}`);
    return response.json();
}

async function find({ comments, headers, isOwn }, marker) {
    for (let page = 1; ; page += 1) {
        const found = await call(`${comments}?per_page=${pageSize}&page=${page}`, { headers });
        const comment = found.find((one) => isOwn(one) && one.body.startsWith(marker));
        if (comment !== undefined || found.length < pageSize) return comment;
    }
}

async function main() {
    const body = readFileSync(process.argv[2], "utf8");
    const [marker] = body.split("\n", 1);
    if (!/^<!-- \S+ -->$/.test(marker)) throw new Error("The file does not begin with the marker of a review");
    const place = await places();
    const former = await find(place, marker);
    const request = { headers: place.headers, body: JSON.stringify({ body }) };
    if (former === undefined) await call(place.comments, { ...request, method: "POST" });
    else await call(place.comment(former.id), { ...request, method: place.update });
    console.log(former === undefined ? "Commented." : "Updated the comment.");
}

main().catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
});
