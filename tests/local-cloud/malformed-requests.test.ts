import { malformedRequests } from "./malformed-requests";

malformedRequests({ rounds: 150 });
