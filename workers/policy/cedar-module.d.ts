declare const cedarModule: WebAssembly.Module;
export default cedarModule;
