import "./without-eval.ts";
import "./styles.css";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { takeOverKey } from "./account/key.ts";
import { router } from "./router.tsx";

takeOverKey();
window.addEventListener("hashchange", takeOverKey);

const place = document.getElementById("console");
if (place === null) throw new Error("The page has no place for the console.");
createRoot(place).render(
  <StrictMode>
    <RouterProvider router={router} />
  </StrictMode>,
);
