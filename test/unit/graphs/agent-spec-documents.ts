/** Documents of Open Agent Specification, written for these tests. */

const model =
  "component_type: OpenAiConfig\n    id: mini\n    name: mini\n    model_id: gpt-5-mini\n    default_generation_parameters: { temperature: 0.2, top_p: 0.9 }";

/** A letter is written and judged until it is good, then sent by a tool that asks first. */
export const letterFlow = `
component_type: Flow
agentspec_version: 26.1.2
id: letter
name: Write a letter
inputs: [{ title: topic, type: string, description: What it is about }]
outputs: [{ title: letter, type: string }]
start_node: { $component_ref: start }
nodes: [{ $component_ref: start }, { $component_ref: write }, { $component_ref: judge }, { $component_ref: decide }, { $component_ref: send }, { $component_ref: end }]
control_flow_connections:
  - { component_type: ControlFlowEdge, name: e1, from_node: { $component_ref: start }, to_node: { $component_ref: write } }
  - { component_type: ControlFlowEdge, name: e2, from_node: { $component_ref: write }, to_node: { $component_ref: judge } }
  - { component_type: ControlFlowEdge, name: e3, from_node: { $component_ref: judge }, to_node: { $component_ref: decide } }
  - { component_type: ControlFlowEdge, name: e4, from_node: { $component_ref: decide }, from_branch: good, to_node: { $component_ref: send } }
  - { component_type: ControlFlowEdge, name: e5, from_node: { $component_ref: decide }, from_branch: default, to_node: { $component_ref: write } }
  - { component_type: ControlFlowEdge, name: e6, from_node: { $component_ref: send }, to_node: { $component_ref: end } }
data_flow_connections:
  - { component_type: DataFlowEdge, name: d1, source_node: { $component_ref: start }, source_output: topic, destination_node: { $component_ref: write }, destination_input: topic }
  - { component_type: DataFlowEdge, name: d2, source_node: { $component_ref: judge }, source_output: remark, destination_node: { $component_ref: write }, destination_input: remark }
  - { component_type: DataFlowEdge, name: d3, source_node: { $component_ref: write }, source_output: letter, destination_node: { $component_ref: judge }, destination_input: letter }
  - { component_type: DataFlowEdge, name: d4, source_node: { $component_ref: judge }, source_output: isGood, destination_node: { $component_ref: decide }, destination_input: isGood }
  - { component_type: DataFlowEdge, name: d5, source_node: { $component_ref: write }, source_output: letter, destination_node: { $component_ref: send }, destination_input: value }
  - { component_type: DataFlowEdge, name: d6, source_node: { $component_ref: write }, source_output: letter, destination_node: { $component_ref: end }, destination_input: letter }
$referenced_components:
  start: { component_type: StartNode, id: start, name: start, inputs: [{ title: topic, type: string }], outputs: [{ title: topic, type: string }] }
  write:
    component_type: LlmNode
    id: write
    name: Write it
    inputs: [{ title: topic, type: string }, { title: remark, type: string, default: none yet }]
    outputs: [{ title: letter, type: string }]
    llm_config: { $component_ref: mini }
    prompt_template: "Write a letter about {{topic}}. Remarks so far: {{ remark }}. Cost \${5}"
  judge:
    component_type: LlmNode
    id: judge
    name: Judge it
    inputs: [{ title: letter, type: string }]
    outputs: [{ title: isGood, type: boolean }, { title: remark, type: string }]
    llm_config: { $component_ref: mini }
    prompt_template: "Is this good? {{letter}}"
  decide: { component_type: BranchingNode, id: decide, name: Good?, inputs: [{ title: isGood, type: boolean }], mapping: { "true": good } }
  send:
    component_type: ToolNode
    id: send
    name: Send
    inputs: [{ title: value, type: string }]
    outputs: [{ title: receipt, type: string }]
    tool: { component_type: ServerTool, id: st, name: value_set, requires_confirmation: true, inputs: [{ title: value, type: string }], outputs: [{ title: receipt, type: string }] }
  end: { component_type: EndNode, id: end, name: end, outputs: [{ title: letter, type: string }] }
  mini:
    ${model}
`;

export const supportSwarm = `
component_type: Swarm
agentspec_version: 26.1.2
name: Help desk
first_agent: { $component_ref: front }
relationships: [[{ $component_ref: front }, { $component_ref: billing }], [{ $component_ref: billing }, { $component_ref: front }]]
handoff: always
$referenced_components:
  front:
    component_type: Agent
    id: front
    name: Front Desk
    description: Takes every request
    llm_config: { $component_ref: mini }
    system_prompt: You greet {{customer}}.
    inputs: [{ title: customer, type: string }]
    tools: [{ component_type: ServerTool, id: a, name: data.query }, { component_type: ServerTool, id: b, name: refund }]
  billing: { component_type: Agent, id: billing, name: Billing, llm_config: { $component_ref: mini }, system_prompt: You know invoices. }
  mini:
    ${model}
`;
