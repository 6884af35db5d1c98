// The package exports no path to its WebAssembly and types the file by its exports; the bundler gives the module itself.
export { default } from "../../node_modules/@cedar-policy/cedar-wasm/web/cedar_wasm_bg.wasm";
