import { literalText } from "../../mao/expression.ts";
import { usesSchema } from "../../mao/names.ts";
import type { Json } from "../../platform/canonical-json.ts";
import { member } from "../control-flow/expressions.ts";
import type { StepDraft } from "../control-flow/flow.ts";
import { agentOf, modelOf, teamOf, toolId } from "./agents.ts";
import { answersWithData, filledText, inputTemplate, inputTemplates, inputValue } from "./data-flow.ts";
import type { Component } from "./document.ts";
import type { FlowScope } from "./flow-scope.ts";
import { objectSchema, propertiesOf } from "./properties.ts";
import { leave, leaveAll } from "./work.ts";

/** Items of a ParallelMapNode that are worked on at once. */
const PARALLEL_ITEMS = 8;

/** The step of a node; undefined for one that is no step: the start, and an end when it is the only one. */
export function nodeDraft(scope: FlowScope, node: Component): StepDraft | undefined {
  const title = node.name.slice(0, 200);
  switch (node.type) {
    case "StartNode":
      return undefined;
    case "EndNode":
      return scope.ends.length === 1 ? undefined : { uses: "tool:value.set", title, with: { value: inputsOfEnd(scope, node) } };
    case "LlmNode":
    case "LLMNode":
      return { title, ...llmStep(scope, node) };
    case "AgentNode":
      return { title, ...agentStep(scope, node) };
    case "ToolNode":
      return { title, ...toolStep(scope, node) };
    case "ApiNode":
      return { title, ...requestStep(scope, node, node) };
    case "BranchingNode":
      return { uses: "tool:value.set", title, with: { value: branchKey(scope, node) } };
    case "InputMessageNode":
      return { uses: "human:input", title, with: { prompt: messageOf(scope, node) } };
    case "OutputMessageNode":
      return { uses: "tool:value.set", title, with: { value: messageOf(scope, node) } };
    case "FlowNode":
      return { title, ...flowStep(scope, node) };
    case "CatchExceptionNode":
      return { title, ...flowStep(scope, node), on_error: "continue" };
    case "ParallelFlowNode":
      return { title, ...parallelFlows(scope, node) };
    case "MapNode":
    case "ParallelMapNode":
      return { title, ...mapStep(scope, node) };
    default:
      return { title, ...strangeStep(scope, node) };
  }
}

/** What an end hands on, by name. */
export function inputsOfEnd(scope: FlowScope, end: Component): { [name: string]: Json } {
  const titles = new Set([...propertiesOf(end, "outputs"), ...propertiesOf(end, "inputs")].map(({ title }) => title));
  return Object.fromEntries([...titles].map((title) => [title, inputTemplate(scope, end, title)]));
}

function llmStep(scope: FlowScope, node: Component): StepDraft {
  const { prompt_template: prompt } = node.fields;
  const goal = typeof prompt === "string" && prompt !== "" ? filledText(scope, node, prompt) : "Answer.";
  const schema = answersWithData(node) ? { output_schema: objectSchema(propertiesOf(node, "outputs")) } : {};
  return { uses: `agent:${modelOf(scope.work, node, "llm_config")}`, with: { goal, ...schema } };
}

function agentStep(scope: FlowScope, node: Component): StepDraft {
  const { work } = scope;
  const agent = work.reader.one(node, "agent");
  if (agent === undefined) return strangeStep(scope, node);
  if (agent.type === "Flow") return subflowStep(scope, node, agent);
  const context = { ...inputTemplates(scope, node), ...conversationBefore(scope, node) };
  const goal = "Carry out your task with what you are given.";
  if (agent.type === "Swarm" || agent.type === "ManagerWorkers") {
    const team = teamOf(work, agent);
    work.mapped.push({ what: `${agent.type} ${agent.name}`, where: agent.place, to: `team:${team.pattern}` });
    return { uses: `team:${team.pattern}`, with: { ...team.with, task: agent.description ?? goal, context } };
  }
  const name = agentOf(work, agent);
  if (work.agents[name]?.as === "a2a") return { uses: `a2a:${name}`, with: { goal, context } };
  const outputs = propertiesOf(node, "outputs");
  return { uses: `agent:${name}`, with: { goal, context, ...(outputs.length === 0 ? {} : { output_schema: objectSchema(outputs) }) } };
}

/** A flow's nodes share a conversation: what was said right before is told to an agent that no data edge tells it. */
function conversationBefore(scope: FlowScope, node: Component): { [name: string]: Json } {
  const said = scope.control
    .filter(({ to }) => to === node.id)
    .flatMap(({ from }) => {
      const type = scope.nodes.get(from)?.type;
      const output = `steps.${scope.names.get(from) ?? from}.output`;
      if (type === "OutputMessageNode") return [`\${${output}}`];
      return type === "InputMessageNode" || type === "AgentNode" ? [`\${${output} == null ? null : ${output}.text}`] : [];
    });
  return said.length === 0 ? {} : { conversation: said };
}

function toolStep(scope: FlowScope, node: Component): StepDraft {
  const tool = scope.work.reader.one(node, "tool");
  if (tool === undefined) return strangeStep(scope, node);
  const own = ownStep(scope, node, tool);
  if (own !== undefined) return own;
  const id = toolId(scope.work, tool);
  if (id !== undefined) {
    scope.work.mapped.push({ what: `${tool.type} ${tool.name}`, where: tool.place, to: `tool:${id}` });
    return { uses: `tool:${id}`, with: inputTemplates(scope, node) };
  }
  if (tool.type === "RemoteTool") return requestStep(scope, node, tool);
  // A client tool is run by whoever uses the flow, and that is a person here.
  if (tool.type === "ClientTool") scope.work.mapped.push({ what: `ClientTool ${tool.name}`, where: tool.place, to: "human:input" });
  return askedOfPerson(scope, node, tool);
}

/** A built-in tool of this platform, as exports write the kinds of steps that the specification has no node for. */
function ownStep(scope: FlowScope, node: Component, tool: Component): StepDraft | undefined {
  const { tool_type: type, executor_name: executor, configuration } = tool.fields;
  if (tool.type !== "BuiltinTool" || executor !== "somaagent" || typeof type !== "string") return undefined;
  const given = configuration !== null && typeof configuration === "object" && !Array.isArray(configuration) ? configuration : {};
  scope.work.mapped.push({ what: `BuiltinTool ${tool.name}`, where: tool.place, to: type });
  if (type === "expression") return { uses: "tool:value.set", with: { value: `\${string(${String(given.expression)})}` } };
  if (!usesSchema.safeParse(type).success) return undefined;
  return { uses: type, with: { ...given, ...inputTemplates(scope, node) } };
}

function askedOfPerson(scope: FlowScope, node: Component, tool: Component): StepDraft {
  if (tool.type !== "ClientTool")
    scope.work.unmapped.push({
      what: `${tool.type} ${tool.name}`,
      where: tool.place,
      why: `is no tool of this platform, so that a person is asked for its result; bind it to one of ours: tools: { ${tool.name}: <id> }`,
    });
  const inputs = propertiesOf(node, "inputs").map(({ title }) => `${literalText(title)}: ${inputTemplate(scope, node, title)}`);
  const what = literalText(
    `Run the tool ${tool.name}${tool.description === undefined ? "" : ` (${tool.description})`} and give its result.`,
  );
  return { uses: "human:input", with: { prompt: [what, ...inputs].join("\n").slice(0, 20_000) } };
}

/** A request by HTTP, where it only reads; `owner` says what to request. */
function requestStep(scope: FlowScope, node: Component, owner: Component): StepDraft {
  const { url, http_method: method } = owner.fields;
  leaveAll(scope.work, owner, {
    headers: "the tool that fetches sends its own headers",
    sensitive_headers: "credentials are kept by the platform, not in templates",
    query_params: "write them into the url",
    data: "the tool that fetches sends no body",
    retry_policy: "how often a request is tried is said by `retry` of its step",
    url_allow_list: "what may be reached is decided by the platform's policy",
  });
  if (typeof url === "string" && typeof method === "string" && method.toUpperCase() === "GET") {
    scope.work.mapped.push({ what: `${owner.type} ${owner.name}`, where: owner.place, to: "tool:http.fetch" });
    return { uses: "tool:http.fetch", with: { url: filledText(scope, node, url) } };
  }
  leave(scope.work, owner, "http_method", "there is no tool that sends such a request; a person is asked for its result");
  const what = literalText(`${String(method)} ${typeof url === "string" ? url : ""}: give what it answers.`);
  return { uses: "human:input", with: { prompt: what } };
}

/** The text by which a BranchingNode chooses. */
function branchKey(scope: FlowScope, node: Component): string {
  const [input] = propertiesOf(node, "inputs");
  if (input === undefined) return "";
  const value = inputValue(scope, node, input.title);
  return `\${${value} == null ? "" : string(${value})}`;
}

function messageOf(scope: FlowScope, node: Component): string {
  const { message } = node.fields;
  return typeof message === "string" ? filledText(scope, node, message) : node.name;
}

function flowStep(scope: FlowScope, node: Component): StepDraft {
  const flow = scope.work.reader.one(node, "subflow");
  return flow === undefined ? strangeStep(scope, node) : subflowStep(scope, node, flow);
}

function subflowStep(scope: FlowScope, node: Component, flow: Component): StepDraft {
  return { uses: "run:inline", with: inputTemplates(scope, node), graph: scope.inline(node, flow) };
}

function parallelFlows(scope: FlowScope, node: Component): StepDraft {
  const flows = scope.work.reader.many(node, "subflows");
  const branches = flows.map((flow, i) => {
    const titles = propertiesOf(flow, "inputs").map(({ title }) => title);
    const inputs = Object.fromEntries(titles.map((title) => [title, `\${inputs${member(title)}}`]));
    return {
      name: `branch_${i + 1}`,
      flow,
      step: { uses: "run:inline", title: flow.name.slice(0, 200), with: inputs, graph: scope.inline(node, flow) },
    };
  });
  const outputs = branches.flatMap(({ name, flow }) =>
    propertiesOf(flow, "outputs").map(({ title }) => [title, `\${steps.${name}.output${member(title)}}`] as const),
  );
  return {
    uses: "run:inline",
    with: inputTemplates(scope, node),
    graph: {
      inputs: Object.fromEntries(propertiesOf(node, "inputs").map(({ title }) => [title, { type: "any" as const }])),
      steps: Object.fromEntries(branches.map(({ name, step }) => [name, step])),
      outputs: Object.fromEntries(outputs),
    },
  };
}

/** A flow for each item of the lists among the node's inputs, which are of one length. */
function mapStep(scope: FlowScope, node: Component): StepDraft {
  const flow = scope.work.reader.one(node, "subflow");
  if (flow === undefined) return strangeStep(scope, node);
  for (const [output, method] of reducersOf(node))
    if (method !== "append") leave(scope.work, node, "reducers", `${output} is collected as a list; its ${method} is not computed`);
  const inner = new Map(propertiesOf(flow, "inputs").map((property) => [property.title, property]));
  const inputs = propertiesOf(node, "inputs").map(({ title, schema }) => {
    const name = title.replace(/^iterated_/, "");
    const isList = schema.type === "array" && inner.get(name)?.schema.type !== "array";
    return { name, isList, value: inputValue(scope, node, title) };
  });
  const list = inputs.find(({ isList }) => isList) ?? inputs[0];
  const given = inputs.map(({ name, isList, value }) => {
    if (value === list?.value && isList) return [name, "${item}"] as const;
    return [name, isList ? `\${(${value})[index]}` : `\${${value}}`] as const;
  });
  return {
    uses: "run:inline",
    for_each: list?.value ?? [],
    max_parallel: node.type === "ParallelMapNode" ? PARALLEL_ITEMS : 1,
    with: Object.fromEntries(given),
    graph: scope.inline(node, flow),
  };
}

function reducersOf(node: Component): [string, Json][] {
  const { reducers } = node.fields;
  return reducers !== null && typeof reducers === "object" && !Array.isArray(reducers) ? Object.entries(reducers) : [];
}

/** A kind of node that nobody knows: a plug-in's. */
function strangeStep(scope: FlowScope, node: Component): StepDraft {
  const outputs = propertiesOf(node, "outputs");
  return {
    uses: `agent:${agentOf(scope.work, node)}`,
    with: {
      goal: literalText(node.description ?? `Do the step "${node.name}".`),
      context: inputTemplates(scope, node),
      ...(outputs.length === 0 ? {} : { output_schema: objectSchema(outputs) }),
    },
  };
}
