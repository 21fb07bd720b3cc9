import { fuzz } from "./fuzz";

// The same inputs each time. `npm run test:long -- fuzz` reads others.
fuzz({ rounds: 4 }, 1);
