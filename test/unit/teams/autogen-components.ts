/** AgentChat components in the form that `dump_component()` gives them, for tests to put together. */
export interface TestComponent {
  readonly provider: string;
  readonly component_type: string;
  readonly version: number;
  readonly component_version: number;
  readonly description: string | null;
  readonly label: string;
  readonly config: Record<string, unknown>;
}

function component(provider: string, component_type: string, config: Record<string, unknown>): TestComponent {
  const label = provider.slice(provider.lastIndexOf(".") + 1);
  return { provider, component_type, version: 1, component_version: 1, description: null, label, config };
}

export const model = (name = "gpt-4.1-nano", over: Record<string, unknown> = {}) =>
  component("autogen_ext.models.openai.OpenAIChatCompletionClient", "model", { model: name, ...over });

export const tool = (name: string, kind = "autogen_core.tools.FunctionTool") =>
  component(kind, "tool", {
    source_code: `def ${name}(x: str) -> str:\n    return x`,
    name,
    description: `Does ${name}`,
    global_imports: [],
    has_cancellation_support: false,
  });

export const workbench = (...tools: TestComponent[]) => component("autogen_core.tools.StaticWorkbench", "workbench", { tools });

export const assistant = (name: string, over: Record<string, unknown> = {}) =>
  component("autogen_agentchat.agents.AssistantAgent", "agent", {
    name,
    model_client: model(),
    workbench: [workbench()],
    model_context: component("autogen_core.model_context.UnboundedChatCompletionContext", "chat_completion_context", {}),
    description: `An agent called ${name}.`,
    system_message: `You are ${name}. Say TERMINATE when done.`,
    model_client_stream: false,
    reflect_on_tool_use: false,
    tool_call_summary_format: "{result}",
    metadata: {},
    ...over,
  });

export const person = (name: string) =>
  component("autogen_agentchat.agents.UserProxyAgent", "agent", { name, description: "A person", input_func: null });

export const condition = (kind: string, config: Record<string, unknown>) =>
  component(`autogen_agentchat.${/^(Or|And)/.test(kind) ? "base" : "conditions"}.${kind}`, "termination", config);

export const team = (kind: string, participants: TestComponent[], over: Record<string, unknown> = {}) =>
  component(`autogen_agentchat.teams.${kind}`, "team", { participants, emit_team_events: false, ...over });

export const societyOfMind = (name: string, inner: TestComponent) =>
  component("autogen_agentchat.agents.SocietyOfMindAgent", "agent", {
    name,
    team: inner,
    model_client: model(),
    description: "A team that speaks as one",
    instruction: "Earlier you were asked to fulfil a request.",
    response_prompt: "Answer without naming the discussion.",
  });

export const other = component;
