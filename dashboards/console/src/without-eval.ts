import { config } from "zod";

/** The console's page forbids making code from text; zod, which would try, is told not to before any schema is made. */
config({ jitless: true });
