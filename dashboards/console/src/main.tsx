import "./without-eval.ts";
import "./styles.css";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { leaveToSignIn, wasSignedIn } from "./account/code-flow.ts";
import { takeOverKey } from "./account/key.ts";
import { takeOverUser } from "./account/user.ts";
import { router } from "./router.tsx";

takeOverKey();
window.addEventListener("hashchange", takeOverKey);

const place = document.getElementById("console");
if (place === null) throw new Error("The page has no place for the console.");

const returnTo = await takeOverUser();
if (returnTo !== undefined) router.history.replace(returnTo);
// A reload has forgotten the tokens: whoever was signed in gets new ones without being asked.
if (returnTo === undefined && wasSignedIn()) await leaveToSignIn("silently");
else
  createRoot(place).render(
    <StrictMode>
      <RouterProvider router={router} />
    </StrictMode>,
  );
