import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** The comments of one pull or merge request, behind the APIs of both systems, of which a hundred and more are others'. */
export class FakeComments {
    readonly #comments: { id: number; login: string; body: string }[] = [];

    readonly #server: Server;

    private constructor(server: Server) {
        this.#server = server;
    }

    static async start(): Promise<FakeComments> {
        const server = createServer((request, response) => {
            void (async () => {
                const { status, body } = fake.#answer(
                    request.method ?? "",
                    request.url ?? "",
                    await text(request),
                    request.headers,
                );
                response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
            })();
        });
        const fake = new FakeComments(server);
        fake.#add("somebody", "<!-- bucket-encryption-review:default -->\nnot ours");
        for (let count = 0; count < 120; count += 1) fake.#add("somebody", "a comment");
        server.listen(0, "127.0.0.1");
        await once(server, "listening");
        return fake;
    }

    get own(): string[] {
        return this.#comments.filter(({ login }) => login === "github-actions[bot]").map(({ body }) => body);
    }

    /** Others' comments that look like ours. */
    get foreign(): string[] {
        return this.#comments
            .filter(({ login, body }) => login === "somebody" && body.startsWith("<!--"))
            .map(({ body }) => body);
    }

    environment(system: string): NodeJS.ProcessEnv {
        const { port } = this.#server.address() as AddressInfo;
        const url = `http://127.0.0.1:${port}`;
        return system === "GitHub Actions"
            ? { GITHUB_API_URL: url, GITHUB_REPOSITORY: "owner/name", PULL_REQUEST: "7", GITHUB_TOKEN: "the token" }
            : {
                  GITLAB_CI: "true",
                  CI_API_V4_URL: url,
                  CI_PROJECT_ID: "42",
                  CI_MERGE_REQUEST_IID: "7",
                  REVIEW_TOKEN: "the token",
              };
    }

    async stop(): Promise<void> {
        this.#server.closeAllConnections();
        this.#server.close();
        await once(this.#server, "close");
    }

    #add(login: string, body: string) {
        const comment = { id: this.#comments.length + 1, login, body };
        this.#comments.push(comment);
        return comment;
    }

    #answer(method: string, url: string, content: string, headers: NodeJS.Dict<string | string[]>) {
        const shown = ({ id, login, body }: { id: number; login: string; body: string }) => ({
            id,
            body,
            user: { login },
            author: { id: login === "somebody" ? 1 : 2 },
        });
        if (headers["private-token"] !== "the token" && headers.authorization !== "Bearer the token")
            return { status: 401, body: {} };
        const { pathname, searchParams } = new URL(url, "http://localhost");
        if (pathname === "/user") return { status: 200, body: { id: 2 } };
        const list = ["/repos/owner/name/issues/7/comments", "/projects/42/merge_requests/7/notes"];
        if (list.includes(pathname)) {
            if (method === "POST")
                return { status: 201, body: shown(this.#add("github-actions[bot]", JSON.parse(content).body)) };
            const [page, size] = [Number(searchParams.get("page")), Number(searchParams.get("per_page"))];
            return { status: 200, body: this.#comments.slice((page - 1) * size, page * size).map(shown) };
        }
        const [, one] =
            /^(?:\/repos\/owner\/name\/issues\/comments|\/projects\/42\/merge_requests\/7\/notes)\/(\d+)$/.exec(
                pathname,
            ) ?? [];
        const comment = this.#comments.find(({ id }) => id === Number(one));
        const isUpdate = method === (pathname.startsWith("/repos") ? "PATCH" : "PUT");
        if (comment === undefined || !isUpdate) return { status: 404, body: {} };
        comment.body = JSON.parse(content).body;
        return { status: 200, body: shown(comment) };
    }
}
