import { defineConfig } from "drizzle-kit";

export default defineConfig({
  dialect: "sqlite",
  schema: "./workers/**/tables.ts",
  out: "./d1-migrations",
});
